#!/bin/sh
# sillage trace as a person meets it: a made-up theft of three transfers, and every way to ask wrongly.
. "$(dirname "$0")/lib.sh"
a=0x00000000000000000000000000000000000000a1
b=0x00000000000000000000000000000000000000b2
x=0x00000000000000000000000000000000000000c3
h1=0x1111111111111111111111111111111111111111111111111111111111111111
h2=0x2222222222222222222222222222222222222222222222222222222222222222
h3=0x3333333333333333333333333333333333333333333333333333333333333333

cat >"$T/t.csv" <<END
chain,block,time,tx_hash,kind,from,to,asset,amount,status,fee
ethereum,1,2024-01-01T00:00:10Z,$h1,native,0x00000000000000000000000000000000000000d4,$a,,5000000000000000000,ok,0
ethereum,2,2024-01-02T00:00:10Z,$h2,native,$a,$b,,3000000000000000000,ok,1000000000000000000
ethereum,3,2024-01-03T00:00:10Z,$h3,native,$b,$x,,2000000000000000000,ok,0
END
cat >"$T/case.yaml" <<END
sillage_case: 1
name: three
title: Three transfers
date: 2024-01-01
sources:
  - {id: s, title: made up, address: "https://example.org/"}
seeds:
  - {chain: ethereum, tx: "$h1", address: "$a", asset: ETH, amount: "5", time: 2024-01-01T00:00:10Z, source: s}
labels:
  - {chain: ethereum, address: "$x", entity: "Bad
      Name", category: exchange, source: s, confidence: high}
END
claim "a case and its ledger give a summary"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers --account $b --cover native "$T/t.csv"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L"
out_has 'Three transfers (three)'
out_has '2.000000   40.00 %'

claim "the row of the theft carries it: five stolen, one fee, two reached, one held, one unobserved"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy lifo --json
out_has '"stolen":"5.000000000000000000","converted_in":"0.000000000000000000"'
out_has '"reached":"2.000000000000000000","fees":"1.000000000000000000","held":"1.000000000000000000","unobserved":"1.000000000000000000"'
out_has "\"rows\":[{\"tx\":\"$h3\",\"time_unix_s\":1704240010,\"from\":\"$b\""

claim "--until leaves out what came later"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy fifo --until 2024-01-02 --json
out_has '"reached":"0.000000000000000000","fees":"1.000000000000000000","held":"3.000000000000000000"'

claim "--dust cuts off and shows what it discarded"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy fifo --dust 3.5 --json
out_has '"dust_discarded":"3.000000000000000000"'

claim "--csv writes three tables"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy fifo --csv "$T/csv"
file_has "$T/csv/moves.csv" "fifo,ethereum,ETH,transfer,three,$h3,1704240010,$b,$x,2.000000000000000000,2.000000000000000000,yes,no"
file_has "$T/csv/holdings.csv" "fifo,ethereum,ETH,$b,,,held,1.000000000000000000"
file_has "$T/csv/destinations.csv" 'fifo,ethereum,ETH,Bad Name,exchange'

claim "a name that begins like a formula stays a text in a spreadsheet"
sed 's/entity: "Bad/entity: "=1+1 Bad/' "$T/case.yaml" >"$T/formula.yaml"
run 0 "$SILLAGE" trace "$T/formula.yaml" --ledger "$T/L" --policy fifo --csv "$T/formula"
file_has "$T/formula/destinations.csv" "fifo,ethereum,ETH,'=1+1 Bad Name,exchange"

claim "--report writes a page that verifies"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --report "$T/r.html"
out_has "report: $T/r.html"
run 0 "$SILLAGE" verify "$T/r.html"

claim "a report that cannot be written is a failure and leaves nothing"
run 1 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --report "$T/no/such/r.html"
err_has 'no/such/r.html'

claim "nothing that names whom to trace has a default"
run 2 "$SILLAGE" trace --ledger "$T/L"
run 2 "$SILLAGE" trace "$T/case.yaml"
err_has '--ledger DIR is missing'

claim "an unknown policy, a bad date and a bad amount are named"
run 2 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy fifa
err_has "no policy 'fifa'"
run 2 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --until yesterday
err_has "--until 'yesterday'"
run 2 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --dust -1
err_has "--dust '-1'"

claim "a ledger that is not there is said so"
run 1 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/none"
err_has 'none'

done_testing
