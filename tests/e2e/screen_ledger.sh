#!/bin/sh
# sillage screen with a ledger: distance, red flags, a score by weights of one's own.
. "$(dirname "$0")/lib.sh"
case_dir=$SG_SOURCE/cases/ronin-2022
thief=0x098b716b8aaf21512996dc57eb0615e2383e2f96
dormant=0x8b4959bc175d93d41d6ca278296ce714881c8b0f
other=0x00000000000000000000000000000000000000aa
router=0xd90e2f925da726b50c4ed8d0fb90ad053324f31b

claim "a ledger, and a store that knows the thief and the mixer alone"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers \
    --account "$case_dir/accounts.csv" --cover native "$case_dir/transfers.csv"
printf 'address,entity,category\n%s,Ronin thief,theft\n%s,Tornado Cash,mixer\n' "$thief" "$router" \
    >"$T/labels.csv"
run 0 "$SILLAGE" labels import "$T/labels.csv" --format csv --labels "$T/labels"

claim "a clear address says how near it is to whom, and stays clear"
run 0 "$SILLAGE" screen "$dormant" --labels "$T/labels" --ledger "$T/L"
out_has 'clear'
out_has 'in  ETH: theft passed 100.04 %, 3 hops, Ronin thief'
out_has 'flag illicit:'
out_lacks 'score'

claim "as JSON: distance, value and share by category, flags with evidence, no score"
run 3 "$SILLAGE" screen "$thief" --labels "$T/labels" --ledger "$T/L" --json
out_has '"score":null,"exposure":[{"chain":"ethereum","asset":"ETH"'
out_has '{"category":"mixer","hops":2,"nearest":"Tornado Cash","ended":"175099.9966'
out_has '"share_percent":"96.12"'
out_has '"rule":"many_payers"'
out_has '"first_tx":"0x'

claim "a score is a sum of shown parts"
printf 'sillage_risk: 1\nweights: {theft: 80}\ndistance: [100, 50, 25]\nlevels: {review: 20}\n' >"$T/risk.yaml"
run 0 "$SILLAGE" screen "$dormant" --labels "$T/labels" --ledger "$T/L" --risk "$T/risk.yaml"
out_has 'score 20.00: review = in theft 20.00'
run 3 "$SILLAGE" screen "$thief" --labels "$T/labels" --risk "$T/risk.yaml"
out_has 'score 80.00: review = self theft 80.00'
run 0 "$SILLAGE" screen "$other" --labels "$T/labels" --ledger "$T/L" --risk "$T/risk.yaml"
out_has 'score 0.00'

claim "hops limit what is looked at"
run 0 "$SILLAGE" screen "$dormant" --labels "$T/labels" --ledger "$T/L" --hops 2
out_lacks 'theft'

claim "many addresses on any number of threads give the same lines"
cut -d, -f5 "$case_dir/transfers.csv" | tail -n +2 | sort -u >"$T/list"
run 3 "$SILLAGE" screen --file "$T/list" --labels "$T/labels" --ledger "$T/L" --json
cp "$T/.out" "$T/many"
: >"$T/one"
head -n 20 "$T/list" | while read -r a; do
    "$SILLAGE" screen "$a" --labels "$T/labels" --ledger "$T/L" --json >>"$T/one"
done
head -n 20 "$T/many" >"$T/first"
same_bytes "$T/first" "$T/one"

claim "usage errors name what is wrong"
run 2 "$SILLAGE" screen "$other" --labels "$T/labels" --ledger "$T/L" --hops 0
err_has '--hops is a number from 1'
run 1 "$SILLAGE" screen "$other" --labels "$T/labels" --ledger "$T/nowhere"
err_has 'nowhere'
printf 'sillage_risk: 1\nweights: {mixr: 1}\n' >"$T/risk.yaml"
run 1 "$SILLAGE" screen "$other" --labels "$T/labels" --risk "$T/risk.yaml"
err_has "no category 'mixr'; did you mean 'mixer'? (line 2, column 11)"

done_testing
