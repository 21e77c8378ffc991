# Goal: the case that comes with the project is whole, and a bad one is refused where it is bad.
. "$(dirname "$0")/lib.sh"
ronin=$SG_SOURCE/cases/ronin-2022

claim "the Ronin case is accepted without a warning"
run 0 "$SILLAGE" case check "$ronin/case.yaml"
out_has "173600.000000000000000000 ETH on ethereum at 0x098b716b8aaf21512996dc57eb0615e2383e2f96"
out_has "25500000.000000 USDC on ethereum became 8562.860281559859574571 ETH on ethereum, at 2 addresses"
out_has "labels: 410"
out_has "8  exchange (tracing stops)"
out_has "1  mixer (tracing stops)"
out_has "warnings: 0"

claim "--json says the same"
run 0 "$SILLAGE" case check "$ronin/case.yaml" --json
out_has '"amount":"173600.000000000000000000"'
out_has '"category":"mixer","is_service":true,"labels":1'
out_has '"warnings":[]'

claim "an error is FILE:LINE:COLUMN: and a sentence, exit status 1, nothing on standard output"
sed 's/^seeds:/seesd:/' "$ronin/case.yaml" >"$T/case.yaml"
line=$(grep -n '^seesd:' "$T/case.yaml" | cut -d: -f1)
run 1 "$SILLAGE" case check "$T/case.yaml"
same "$(cat "$T/.err")" "$T/case.yaml:$line:1: unknown key 'seesd'; did you mean 'seeds'?"
same "$(wc -c <"$T/.out" | tr -d ' ')" 0 "bytes on standard output"

claim "an error in the labels names that file"
cp "$ronin/case.yaml" "$T/case.yaml"
sed 's/^ethereum,0xd90e2f925da726b50c4ed8d0fb90ad053324f31b,/ethereum,0xd90e,/' "$ronin/labels.csv" >"$T/labels.csv"
run 1 "$SILLAGE" case check "$T/case.yaml"
err_has "$T/labels.csv:2:10: '0xd90e' is not an address"

claim "a warning is shown with its place and is no failure"
cp "$ronin/labels.csv" "$T/labels.csv"
echo 'ethereum,0xd90e2f925da726b50c4ed8d0fb90ad053324f31b,Somebody,exchange,,tayvano-ronin,low,,' >>"$T/labels.csv"
run 0 "$SILLAGE" case check "$T/case.yaml"
out_has "$T/labels.csv:412:1: 0xd90e2f925da726b50c4ed8d0fb90ad053324f31b is 'Somebody' (exchange) here"

claim "a missing file, a missing argument and an unknown action are told apart"
run 1 "$SILLAGE" case check "$T/none.yaml"
err_has "none.yaml"
run 2 "$SILLAGE" case check
run 2 "$SILLAGE" case chekc "$ronin/case.yaml"
err_has "no such action 'chekc'"

claim "text from a case cannot move a terminal's cursor"
printf 'sillage_case: 1\nname: x\ntitle: "a\\e[2Jb"\ndate: 2022-01-01\nsources: [{id: s, title: S}]\nseeds:\n' >"$T/case.yaml"
echo '  - {chain: ethereum, address: "0x098b716b8aaf21512996dc57eb0615e2383e2f96", asset: ETH, amount: 1, time: 2022-01-01, source: s}' >>"$T/case.yaml"
run 0 "$SILLAGE" case check "$T/case.yaml"
out_has "a?[2Jb (x)"

done_testing
