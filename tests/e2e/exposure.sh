#!/bin/sh
# sillage exposure: where an address's money came from and went.
. "$(dirname "$0")/lib.sh"
case_dir=$SG_SOURCE/cases/ronin-2022
thief=0x098b716b8aaf21512996dc57eb0615e2383e2f96
SILLAGE_LABELS=$T/none
export SILLAGE_LABELS

# The case's labels as a store has them: without the columns that are the case's own.
awk -F, -v OFS=, '{ print $1, $2, $3, $4, $6, $7 }' "$case_dir/labels.csv" >"$T/labels.csv"
claim "a ledger and the labels of the case"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers \
    --account "$case_dir/accounts.csv" --cover native "$case_dir/transfers.csv"
run 0 "$SILLAGE" labels import "$T/labels.csv" --format csv --labels "$T/labels"

claim "the way out is that of the theft: what trace finds under fifo, to the wei"
run 0 "$SILLAGE" exposure "$thief" --ledger "$T/L" --labels "$T/labels" --policy fifo --json
out_has '"entity":"Tornado Cash","category":"mixer"'
out_has '"share_percent":"96.12"'
out_has '"amount":"5028.909314828430532000"'
out_has '"amount":"1219.982731106252972000"'
out_has '"what":"fees"'

claim "the way in says that the money was not seen coming"
out_has '"in":{"total":"182264.109238606584390000","by_swap":"0.000000000000000000","parts":[{"what":"own"'
out_has '"what":"unobserved","entity":"Ronin thief","category":"theft"'

claim "the parts of each side add up to its total"
run 0 "$SILLAGE" exposure "$thief" --ledger "$T/L" --labels "$T/labels" --hops 2 --min 1 --json
tr ',{' '\n\n' <"$T/.out" | awk -F'"' '
    $2 == "total" { total[++side] = $4 }
    $2 == "what" { part = 1 }
    $2 == "amount" && part { sum[side] += substr($4, 1, index($4, ".") + 6) * 1e6; part = 0 }
    END { for (i = 1; i <= 2; i++) { d = sum[i] - total[i] * 1e6; print (d < 40 && d > -40) ? "same" : d } }' \
    >"$T/sums"
same "$(tr '\n' ' ' <"$T/sums")" "same same " "sums"

claim "a limit of hops and a cut-off are parts of their own"
out_has '"what":"beyond"'
out_has '"what":"small"'

claim "without labels nobody is known, and nothing stops"
run 0 "$SILLAGE" exposure "$thief" --ledger "$T/L"
out_has 'labels: none'
out_lacks 'Tornado'

claim "one direction alone, as of a day"
run 0 "$SILLAGE" exposure "$thief" --ledger "$T/L" --labels "$T/labels" --direction out \
    --as-of 2022-04-03
out_lacks 'In, by'
out_lacks 'Tornado'
out_has 'as of 2022-04-03 23:59'

claim "the page is one file without script or network"
run 0 "$SILLAGE" exposure "$thief" --ledger "$T/L" --labels "$T/labels" --report "$T/page.html"
out_has "report: $T/page.html"
file_has "$T/page.html" 'Where the money came from'
file_has "$T/page.html" 'Tornado Cash (mixer)'
file_lacks "$T/page.html" '<script'

claim "texts from outside are made safe on the page and the terminal"
printf 'address,entity,category\n%s,<b>\033[31mEvil,theft\n' "$thief" >"$T/evil.csv"
run 0 "$SILLAGE" labels import "$T/evil.csv" --format csv --labels "$T/evil"
run 0 "$SILLAGE" exposure "$thief" --ledger "$T/L" --labels "$T/evil" --report "$T/page.html"
out_has '<b>?[31mEvil'
file_lacks "$T/page.html" '<b>'
file_has "$T/page.html" '&lt;b&gt;'

claim "usage errors name what is wrong"
run 2 "$SILLAGE" exposure "$thief"
err_has '--ledger DIR is missing'
run 2 "$SILLAGE" exposure "$thief" --ledger "$T/L" --policy poison
err_has 'poison makes clean money stolen too'
run 2 "$SILLAGE" exposure "$thief" --ledger "$T/L" --policy best
err_has "no policy 'best'"
run 2 "$SILLAGE" exposure "$thief" --ledger "$T/L" --hops 0
err_has '--hops is a number from 1'
run 2 "$SILLAGE" exposure "$thief" --ledger "$T/L" --direction up
err_has "no direction 'up'"
run 2 "$SILLAGE" exposure "$thief" --ledger "$T/L" --min 1.0000000000000000001
err_has 'at most 18 decimals'
run 2 "$SILLAGE" exposure "$thief" --ledger "$T/L" --asset USDC
err_has "moved no asset 'USDC'"
run 1 "$SILLAGE" exposure 0x00000000000000000000000000000000000000aa --ledger "$T/L"
err_has 'does not occur'
run 1 "$SILLAGE" exposure "$thief" --ledger "$T/L" --labels "$T/nowhere"
err_has "$T/nowhere"

claim "the real lists: TagPacks and OFAC name the mixer and the exchanges"
if packs=$(shared data/tagpacks/tornado_cash.yaml) && list=$(shared data/ofac/sdn_advanced.xml.bz2); then
    run 0 "$SILLAGE" labels import "${packs%/*}"/*.yaml --format tagpack --labels "$T/real"
    run 0 "$SILLAGE" labels import "$list" --format ofac-sdn-advanced --labels "$T/real"
    run 0 "$SILLAGE" exposure "$thief" --ledger "$T/L" --labels "$T/real"
    out_has 'known as Lazarus Group (sanctioned), says OFAC SDN List'
    out_has 'Tornado.Cash: Router (mixer)           175,099.996620    96.12 %  2 hops'
    out_has 'Huobi 35 (exchange)                      2,499.947606     1.37 %  3 hops'
else
    skip "needs shared data"
fi

done_testing
