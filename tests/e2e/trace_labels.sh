#!/bin/sh
# sillage trace --labels: services that a label store knows, as of a day.
. "$(dirname "$0")/lib.sh"
a=0x00000000000000000000000000000000000000a1
b=0x00000000000000000000000000000000000000b2
x=0x00000000000000000000000000000000000000c3
h() { printf '0x%064d' "$1"; }

cat >"$T/t.csv" <<END
chain,block,time,tx_hash,kind,from,to,asset,amount,status,fee
ethereum,1,2024-01-01T00:00:10Z,$(h 1),native,0x00000000000000000000000000000000000000d4,$a,,5000000000000000000,ok,0
ethereum,2,2024-01-02T00:00:10Z,$(h 2),native,$a,$b,,3000000000000000000,ok,0
ethereum,3,2024-01-03T00:00:10Z,$(h 3),native,$b,$x,,2000000000000000000,ok,0
END
cat >"$T/case.yaml" <<END
sillage_case: 1
name: three
title: Three transfers
date: 2024-01-01
sources:
  - {id: s, title: made up, address: "https://example.org/"}
seeds:
  - {chain: ethereum, tx: "$(h 1)", address: "$a", asset: ETH, amount: "5", time: 2024-01-01T00:00:10Z, source: s}
labels:
  - {chain: ethereum, address: "$b", entity: Go-between, category: intermediary, source: s, confidence: high}
END
# The store calls B an exchange too: the case's word goes before. The X of 2023 was somebody else.
cat >"$T/labels.csv" <<END
address,entity,category,source,listed,delisted
$b,Not asked,exchange,elsewhere,,
0x00000000000000000000000000000000000000C3,New <Ex>,exchange,https://example.org/<list>,2024-01-01,
$x,Old Mixer,mixer,an old list,2022-01-01,2024-01-01
0x00000000000000000000000000000000000000ff,Never seen,exchange,elsewhere,,
END
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers "$T/t.csv"
run 0 "$SILLAGE" labels import "$T/labels.csv" --format csv --labels "$T/labels"

claim "without a store nothing is known of X"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --policy fifo
out_lacks 'New <Ex>'

claim "the store's services stop the trace, and the case's own labels go before"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --labels "$T/labels" --policy fifo --json \
    --report "$T/r.html"
out_has '"entity":"New <Ex>","category":"exchange","amount":"2.000000000000000000"'
out_lacks 'Not asked'
out_has '"absent":[]'
out_has '{"kind":"label-store","name":"'"$T/labels"'"'

claim "the report names the sources of the labels, and verify repeats it"
file_has "$T/r.html" 'https://example.org/&lt;list&gt;'
file_lacks "$T/r.html" 'elsewhere'
run 0 "$SILLAGE" verify "$T/r.html"
out_has 'holds'
cp -r "$T/labels" "$T/moved"
run 0 "$SILLAGE" verify "$T/r.html" --labels "$T/moved"

claim "as of a day"
run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --labels "$T/labels" --as-of 2023-05-05 \
    --policy fifo --json --report "$T/old.html"
out_has '"entity":"Old Mixer","category":"mixer"'
out_has '{"kind":"option","name":"labels-as-of","value":"2023-05-05T23:59:59Z"}'
run 0 "$SILLAGE" verify "$T/old.html"

claim "another store is a difference, and a missing one an error that names it"
printf 'address,entity,category\n%s,Other,exchange\n' "$x" >"$T/more.csv"
run 0 "$SILLAGE" labels import "$T/more.csv" --format csv --labels "$T/moved"
run 1 "$SILLAGE" verify "$T/r.html" --labels "$T/moved"
out_has 'label-store'
run 1 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --labels "$T/nowhere"
err_has "$T/nowhere"
run 2 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --labels "$T/labels" --as-of never
err_has "--as-of 'never' is no date"
run 2 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --as-of 2024-01-01
err_has 'name a store with --labels'

done_testing
