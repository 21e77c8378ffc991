#!/bin/sh
# sillage labels and screen: files into a store, addresses against it.
. "$(dirname "$0")/lib.sh"
SILLAGE_LABELS=$T/L
export SILLAGE_LABELS
router=0xd90e2f925DA726b50C4Ed8D0Fb90Ad053324F31b
other=0x00000000000000000000000000000000000000aa
small=$SG_SOURCE/fuzz/corpora/ofac/small
printf 'address,entity,category,source,listed,delisted\n%s,Tornado Cash,sanctioned,OFAC,2022-08-08,2025-03-21\n' \
    "$router" >"$T/tornado.csv"
printf 'title: "T\\e[31m <b>"\ncreator: c\ntags:\n- {address: "%s", label: "X\\u202e <b>", category: exchange, odd: 1}\n- {address: 14QZ2wB8b8ZQNgb978Lwptdc8Vhv5aZQM2, label: H, abuse: service_hack}\n' \
    "$other" >"$T/pack.yaml"

claim "without a store there is a sentence that says how to make one"
run 1 "$SILLAGE" screen "$router"
err_has "labels import"
run 1 "$SILLAGE" labels list
err_has "$T/L"

claim "files are imported, and the same again adds nothing"
run 0 "$SILLAGE" labels import "$T/tornado.csv" --format csv
out_has 'labels added 1'
run 0 "$SILLAGE" labels import "$T/pack.yaml" --format tagpack
out_has 'labels added 2'
run 0 "$SILLAGE" labels import "$T/tornado.csv" --format csv
out_has 'of which 1 known before; labels added 0'
run 0 "$SILLAGE" labels list --json
out_has '"labels":3,'

claim "an import of which one file is damaged leaves nothing"
run 1 "$SILLAGE" labels import "$small" "$SG_SOURCE/fuzz/corpora/ofac/bomb" \
    --format ofac-sdn-advanced
err_has 'bomb'
err_has 'document type'
run 1 "$SILLAGE" labels import "$small" "$SG_SOURCE/fuzz/corpora/ofac/cut" --format ofac-sdn-advanced
run 0 "$SILLAGE" labels list --json
out_has '"labels":3,'

claim "a cut bzip2 file is an error that names it"
if command -v bzip2 >/dev/null; then
    bzip2 -c "$small" | head -c 200 >"$T/cut.bz2"
    run 1 "$SILLAGE" labels import "$T/cut.bz2" --format ofac-sdn-advanced
    err_has 'cut.bz2'
else
    skip "needs bzip2"
fi

claim "listed and delisted: what was sanctioned on a day"
run 3 "$SILLAGE" screen "$router" --as-of 2022-08-08 --json
out_has '"listed":"2022-08-08","delisted":null,"confidence":"low","via":"direct","in_force":true'
run 0 "$SILLAGE" screen "$router" --as-of 2022-08-07 --json
out_has '"hits":[]'
run 0 "$SILLAGE" screen "$router" --as-of 2025-03-21 --json
out_has '"delisted":"2025-03-21","confidence":"low","via":"direct","in_force":false'
run 0 "$SILLAGE" screen "$router"
out_has 'clear; labelled before'

claim "dated lists make a history: what the later edition lacks is delisted by its date"
sed 's/<Year>2025/<Year>2026/; s/1abc/1abcd/' "$small" >"$T/later.xml"
run 0 "$SILLAGE" labels import "$T/later.xml" "$small" --format ofac-sdn-advanced --labels "$T/H"
run 3 "$SILLAGE" screen 1abc --as-of 2025-12-01 --labels "$T/H" --json
out_has '"listed":"2019-09-03","delisted":null'
run 3 "$SILLAGE" screen 1abcd --labels "$T/H"
out_has 'listed by 2026-11-19'
run 0 "$SILLAGE" screen 1abc --labels "$T/H" --json
out_has '"delisted":"2026-11-19"'

claim "a list of addresses: status 3 for a hit, 1 for what is no address, 0 when clear"
printf '# payouts\n%s\n\n%s\r\n' "$other" "$router" >"$T/list"
run 3 "$SILLAGE" screen --file "$T/list"
out_has '2 addresses: 1 hit, 1 labelled before, 0 clear, 0 not addresses'
echo 0x00000000000000000000000000000000000000ab >"$T/list"
run 0 "$SILLAGE" screen --file "$T/list"
echo nonsense >>"$T/list"
run 1 "$SILLAGE" screen --file "$T/list"

claim "an address without its case is refused, with the label as a question"
run 1 "$SILLAGE" screen 14qz2wb8b8zqngb978lwptdc8vhv5azqm2 --json
out_has '"valid":false'
out_has 'the same but for the case of letters as 14QZ2wB8b8ZQNgb978Lwptdc8Vhv5aZQM2 (H)'

claim "texts from outside are made safe where they are shown"
run 3 "$SILLAGE" screen "$other"
out_has 'X? <b>'
run 0 "$SILLAGE" labels show "$other"
out_has 'X? <b>'
run 0 "$SILLAGE" labels list
out_has 'T?[31m <b>'

claim "a TagPack is exported with every field it had"
run 0 "$SILLAGE" labels export --format tagpack --pack 1
out_has 'title: "T\U0000001b[31m <b>"'
out_has '  odd: 1'
run 0 "$SILLAGE" labels export --format csv
out_has "$router,address,ethereum,,Tornado Cash,sanctioned,OFAC"

claim "addresses in the remarks of the EU's, the UK's and the UN's lists are found"
for list in eu:eu-fsf uk_xml:uk-sanctions uk_csv:uk-sanctions un:un-consolidated; do
    tail -c +2 "$SG_SOURCE/fuzz/corpora/parties/${list%%:*}" >"$T/list.${list%%:*}"
    run 0 "$SILLAGE" labels import "$T/list.${list%%:*}" --format "${list#*:}" --labels "$T/P"
done
run 3 "$SILLAGE" screen 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa --labels "$T/P"
out_has 'Group <b> [PRK]'
out_has 'Ivan DOE [Cyber], listed 2023-02-14'
out_has 'UN Security Council Consolidated List'

claim "addresses with a wrong checksum and dates out of order are kept, and told of"
printf 'address,entity,category,listed,delisted\n%s,Wrong,theft,,\n%s,Back,sanctioned,2024-01-02,2023-01-02\n' \
    1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t >"$T/doubt.csv"
printf 'bitcoin:3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC?amount=1,Prefixed,exchange,,\n' >>"$T/doubt.csv"
run 0 "$SILLAGE" labels import "$T/doubt.csv" --format csv --labels "$T/D"
out_has 'labels added 3; left out 0; doubtful addresses 2'
err_has 'kept, though doubtful: 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb: the checksum is wrong'
err_has 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t: delisted before it was listed'
run 3 "$SILLAGE" screen TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t --labels "$T/D" --json
out_has '"listed":"2024-01-02","delisted":null'
run 3 "$SILLAGE" screen 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb --labels "$T/D" --json
out_has '"valid":false'
run 3 "$SILLAGE" screen 3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC --labels "$T/D"
out_has 'Prefixed'

claim "bombs and entities from outside are refused, and nothing is imported"
printf 'title: t\ncreator: c\na: &a [x,x,x,x,x,x,x,x,x,x]\n' >"$T/bomb.yaml"
previous=a
for name in b c d e f g h i; do
    printf '%s: &%s [*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s]\n' "$name" "$name" "$previous" "$previous" "$previous" \
        "$previous" "$previous" "$previous" "$previous" "$previous" "$previous" "$previous" >>"$T/bomb.yaml"
    previous=$name
done
printf 'tags:\n- {address: TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t, label: x}\n' >>"$T/bomb.yaml"
run 1 "$SILLAGE" labels import "$T/bomb.yaml" --format tagpack --labels "$T/B"
err_has 'aliases make this larger than any file of this kind is'
for file in bomb:eu-fsf external:un-consolidated; do
    tail -c +2 "$SG_SOURCE/fuzz/corpora/parties/${file%%:*}" >"$T/x.xml"
    run 1 "$SILLAGE" labels import "$T/x.xml" --format "${file#*:}" --labels "$T/B"
    err_has 'document type'
done
run 0 "$SILLAGE" labels import "$T/doubt.csv" --format csv --labels "$T/B"
run 0 "$SILLAGE" labels list --json --labels "$T/B"
out_has '"labels":3,'

claim "thousands of labels on one address are shown up to a limit, the rest counted"
awk 'BEGIN { print "address,entity"; for (i = 0; i < 3000; i++) print "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,E" i }' >"$T/many.csv"
run 0 "$SILLAGE" labels import "$T/many.csv" --format csv --labels "$T/N"
run 0 "$SILLAGE" labels show TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t --labels "$T/N"
out_has 'and 2000 more labels of this address'
run 0 "$SILLAGE" labels show TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t --labels "$T/N" --json
out_has '"labels_left_out":2000'
run 3 "$SILLAGE" screen TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t --labels "$T/N"
out_has '  and 2744 more'

claim "usage errors name what is missing"
run 2 "$SILLAGE" labels import "$T/list"
err_has '--format is missing'
run 2 "$SILLAGE" labels import "$T/list" --format tagpak
err_has "no format 'tagpak'"
run 2 "$SILLAGE" labels export --format tagpack
err_has '--pack N'
run 2 "$SILLAGE" labels frob
err_has "no action 'frob'"
run 2 "$SILLAGE" screen
err_has 'which address?'
run 2 "$SILLAGE" screen x --as-of never
err_has "--as-of 'never' is no date"

claim "the real lists: every address that OFAC names, by currency, and no other"
if list=$(shared data/ofac/sdn_advanced.xml.bz2); then
    run 0 "$SILLAGE" labels import "$list" --format ofac-sdn-advanced --labels "$T/R"
    run 0 "$SILLAGE" labels export --format csv --labels "$T/R"
    tr -d '\r' <"$T/.out" | awk -F, 'NR > 1 { print $4 "," $1 }' | sort -u >"$T/got"
    for file in "${list%/*}"/sanctioned_addresses_*.txt; do
        code=${file##*_}
        sed "s/^/${code%.txt},/" "$file"
        echo
    done | grep . | tr -d '\r' | sort -u >"$T/want"
    same "$(wc -l <"$T/want")" 758 "addresses expected"
    same_bytes "$T/got" "$T/want"
else
    skip "needs shared data"
fi

done_testing
