#!/bin/sh
# sillage trace among decoys: dust and zero from look-alikes, a token with a borrowed name.
. "$(dirname "$0")/lib.sh"
a=0x1a2b000000000000000000000000000000003c4d
alike=0x1a2b0000000000000000000000000000ffff3c4d
b=0x00000000000000000000000000000000000000b2
x=0x00000000000000000000000000000000000000c3
fake=0x00000000000000000000000000000000000000fa
h() { printf '0x%064d' "$1"; }

cat >"$T/t.csv" <<END
chain,block,time,tx_hash,kind,from,to,asset,symbol,decimals,amount,status,fee
ethereum,1,2024-01-01T00:00:10Z,$(h 1),native,0x00000000000000000000000000000000000000d4,$a,,,,5000000000000000000,ok,0
ethereum,2,2024-01-02T00:00:10Z,$(h 2),native,$a,$b,,,,3000000000000000000,ok,0
ethereum,3,2024-01-02T01:00:10Z,$(h 3),native,$alike,$b,,,,3000000000000000,ok,0
ethereum,4,2024-01-02T02:00:10Z,$(h 4),native,$alike,$fake,,,,0,ok,0
ethereum,4,2024-01-02T02:00:10Z,$(h 4),token,$b,$alike,$fake,ETH,18,10000000000000000000000,ok,
ethereum,5,2024-01-03T00:00:10Z,$(h 5),native,$b,$x,,,,2000000000000000000,ok,0
END
cat >"$T/case.yaml" <<END
sillage_case: 1
name: decoys
title: Three transfers and two decoys
date: 2024-01-01
sources:
  - {id: s, title: made up, address: "https://example.org/"}
seeds:
  - {chain: ethereum, tx: "$(h 1)", address: "$a", asset: ETH, amount: "5", time: 2024-01-01T00:00:10Z, source: s}
labels:
  - {chain: ethereum, address: "$x", entity: Ex, category: exchange, source: s, confidence: high}
END

claim "decoys are left out of a trace and listed with what they pretended"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers "$T/t.csv"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy haircut
out_has 'Probable decoys: 2 rows, left out'
out_has "$alike to $b: 0.003000 ETH; the payer looks like $a (32 and 4 characters)"
out_has "$b to $alike: 10,000.000000 ETH of $fake, no real one; the payee looks like $a"
out_has '2.000000'

claim "as JSON, by kind"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy haircut --json
out_has '"amount":"2.000000000000000000"'
out_has '"decoys_followed":false,"decoys":[{"lookalike":true,"fake_token":false,"was_paid":false'
out_has '{"lookalike":true,"fake_token":true,"was_paid":false'
out_has '"pretended":"10000.000000000000000000"'

claim "--with-decoys brings them back, and the report says so"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy haircut --with-decoys --json \
    --report "$T/r.html"
out_has '"amount":"1.998001998001998001"'
out_has '"decoys_followed":true'
run 0 "$SILLAGE" verify "$T/r.html"
out_has 'holds'

file_has "$T/r.html" 'Probable decoys, followed as asked'

claim "a report without them is repeated without them"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy haircut --report "$T/r.html"
file_has "$T/r.html" 'Probable decoys, left out'
file_has "$T/r.html" "10,000.000000 ETH of $fake, no real one; the payee looks like $a"
run 0 "$SILLAGE" verify "$T/r.html"
out_has 'holds'

claim "looking backward leaves out what the trace left out"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy haircut --backward --json
out_lacks "$alike"

claim "a payment to a look-alike that had shown up is followed and said"
cat >>"$T/t.csv" <<END
ethereum,6,2024-01-04T00:00:10Z,$(h 6),native,$b,$alike,,,,1000000000000000000,ok,0
END
run 0 "$SILLAGE" ingest --ledger "$T/P" --chain ethereum --format transfers "$T/t.csv"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/P" --policy fifo
out_has 'Look-alikes that were paid, in 1 rows: the poison may have worked'
out_has "$b to $alike: 1.000000 ETH; the payee looks like $a"

claim "the Ronin case has none"
case_dir=$SG_SOURCE/cases/ronin-2022
run 0 "$SILLAGE" ingest --ledger "$T/R" --chain ethereum --format transfers \
    --account "$case_dir/accounts.csv" --cover native "$case_dir/transfers.csv"
run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/R" --json
out_has '"decoys":[]'

done_testing
