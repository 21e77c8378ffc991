#!/bin/sh
# sillage address: what a person pastes, and what is wrong with it.
. "$(dirname "$0")/lib.sh"
SILLAGE_LABELS=$T/L
export SILLAGE_LABELS
genesis=1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
thief=0x098B716B8Aaf21512996dC57EB0615e2383E2f96

claim "an address is named by network and form, whatever clings to it, without a store"
run 0 "$SILLAGE" address "bitcoin:$genesis?amount=1"
out_has "$genesis  bitcoin, p2pkh (also bitcoin-cash, bitcoin-sv): valid"
run 0 "$SILLAGE" address "$thief" TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t
out_has 'ethereum, eip55'
out_has 'tron, tron: valid'
out_has '2 valid, 0 without a checksum'

claim "what has no checksum is said to have none"
run 0 "$SILLAGE" address 42RLPACwZPx3vYYmxSueqsogfynBDqXK298EDsNoyoHi
out_has 'may be valid; without a checksum; a point of the curve'

claim "a wrong checksum is refused, and so is what is no address"
run 1 "$SILLAGE" address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb
out_has 'NOT VALID: the checksum is wrong'
run 1 "$SILLAGE" address hello --json
out_has '"valid":false,"verdict":"none"'

claim "addresses are found in a text that breaks them"
printf 'Sent to 1A1zP1eP5QGefi2DM-\n  PTfTL5SLmv7DivfNa, and\nid;%s\n' "$thief" >"$T/page"
run 0 "$SILLAGE" address --file "$T/page"
out_has "line 1: $genesis  bitcoin, p2pkh (also bitcoin-cash, bitcoin-sv): valid; put together"
out_has "line 3: $thief"
run 0 "$SILLAGE" address "please pay $genesis soon" --json
out_has '"offset":11,"joined":false'

claim "a file without addresses is status 1"
echo nothing >"$T/none"
run 1 "$SILLAGE" address --file "$T/none"
out_has '0 valid'

printf 'address,entity\n%s,Thief\n14QZ2wB8b8ZQNgb978Lwptdc8Vhv5aZQM2,Hacker <b>\n' "$thief" >"$T/l.csv"
claim "with labels, what was perhaps meant is asked"
run 0 "$SILLAGE" labels import "$T/l.csv" --format csv
run 1 "$SILLAGE" address 0x098B716B8Aaf21512996dC57EB0615e2383E2f97
out_has "one character from $thief (Thief): is that meant?"
run 1 "$SILLAGE" address 14qz2wb8b8zqngb978lwptdc8vhv5azqm2
out_has 'the same but for the case of letters as 14QZ2wB8b8ZQNgb978Lwptdc8Vhv5aZQM2 (Hacker <b>)'
out_has '22 letters may be large or small; --restore tries them all'

claim "screen refuses a wrong checksum and asks; it finds what a label says all the same"
run 1 "$SILLAGE" screen 0x098B716B8Aaf21512996dC57EB0615e2383E2f97 --json
out_has '"valid":false,"chain":"ethereum","form":"eip55","reason":"the checksum in the case'
out_has '"question":"one character from'
run 3 "$SILLAGE" screen "ethereum:$thief@1"
out_has 'HIT'
run 1 "$SILLAGE" screen 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb
out_has 'NOT AN ADDRESS  (bitcoin): the checksum is wrong'

claim "an address that another holds is screened too"
printf 'address,entity\nrGWrZyQqhTp9Xu7G5Pkayo7bXjH4k4QYpf,Account\n' >"$T/x.csv"
run 0 "$SILLAGE" labels import "$T/x.csv" --format csv --labels "$T/X"
run 3 "$SILLAGE" screen XVLhHMPHU98es4dbozjVtdWzVrDjtV5fdx1mHp98tDMoQXb --labels "$T/X"
out_has 'holds rGWrZyQqhTp9Xu7G5Pkayo7bXjH4k4QYpf'
run 0 "$SILLAGE" address XVLhHMPHU98es4dbozjVtdWzVrDjtV5fdx1mHp98tDMoQXb --json
out_has '"inner":"rGWrZyQqhTp9Xu7G5Pkayo7bXjH4k4QYpf"'

claim "the lost case of letters is restored where the checksum says so"
run 1 "$SILLAGE" address --restore 1111111111111111111114olvt2 --json
out_has '"restored":["1111111111111111111114oLvT2"]'

claim "usage errors name what is missing"
run 2 "$SILLAGE" address
err_has 'which text?'
run 1 "$SILLAGE" address --labels "$T/none-such" x
err_has 'none-such'
run 1 "$SILLAGE" address --file "$T/none-such"
err_has 'none-such'

claim "OFAC's real addresses are all recognised but one, which is a hash"
if list=$(shared data/ofac/sanctioned_addresses_XMR.txt); then
    cat "${list%/*}"/sanctioned_addresses_*.txt | sort -u >"$T/list"
    printf 'address,entity\n1abc,x\n' >"$T/one.csv"
    run 0 "$SILLAGE" labels import "$T/one.csv" --format csv --labels "$T/E"
    run 1 "$SILLAGE" screen --file "$T/list" --labels "$T/E" --json
    same "$(grep -c '"valid":false' "$T/.out")" 1 "addresses refused"
    same "$(grep '"valid":false' "$T/.out" | grep -c 5be5543ff73456ab9f2d207887e2af87322c651ea1a873c5b25b7ffae456c320)" 1
    same "$(grep -c '"valid":true' "$T/.out")" "$(($(wc -l <"$T/list") - 1))" "addresses taken"
else
    skip "needs shared data"
fi

done_testing
