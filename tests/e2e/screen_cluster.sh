#!/bin/sh
# sillage screen with a ledger of outputs: who spends together is one party.
# The chain is that of cluster.sh: in block 8 the owners 1 and 2 spend together.
. "$(dirname "$0")/lib.sh"
chain="--chain bitcoin --network regtest"
run 0 "$SILLAGE" ingest --ledger "$T/L" $chain --format blk "$SG_SOURCE/tests/data/regtest.blk"
run 0 "$SILLAGE" cluster --ledger "$T/L" --csv "$T/all.csv"
address() { sed -n "s/^\(bcrt[^,]*\),.*/\1/p" "$T/all.csv" | sed -n "$1p"; }
one=$(address 1)
two=$(address 2)
stranger=$(address 5)
printf 'address,entity,category,source,confidence\n%s,Thief,theft,S,high\n' "$two" >"$T/labels.csv"
run 0 "$SILLAGE" labels import "$T/labels.csv" --format csv --labels "$T/S"

claim "an address that spent together with a labelled one is a hit, and says with which"
run 3 "$SILLAGE" screen "$one" --labels "$T/S" --ledger "$T/L"
out_has "$one  HIT in its cluster"
out_has "in one cluster with $two, which is"
out_has 'theft        Thief'
out_has 'its cluster has 2 addresses'
run 3 "$SILLAGE" screen "$one" --labels "$T/S" --ledger "$T/L" --json
out_has "\"via\":\"cluster\",\"cluster_address\":\"$two\",\"in_force\":true"
out_has '"cluster":{"addresses":2,"not_looked_at":0,"labelled_left_out":0}'
out_has '"illicit":1,'

claim "without the ledger, and for a stranger, nothing is known"
run 0 "$SILLAGE" screen "$one" --labels "$T/S"
run 0 "$SILLAGE" screen "$stranger" --labels "$T/S" --ledger "$T/L" --json
out_has '"hits":[],"cluster":{"addresses":1,'

claim "the labelled address itself stays a direct hit, once"
run 3 "$SILLAGE" screen "$two" --labels "$T/S" --ledger "$T/L" --json
out_has '"via":"direct","in_force":true'
same "$(grep -o '"via"' "$T/.out" | wc -l)" 1 hits

claim "a list is screened with clusters, the same for every address as alone"
printf '%s\n%s\n%s\n' "$one" "$two" "$stranger" >"$T/list"
run 3 "$SILLAGE" screen --file "$T/list" --labels "$T/S" --ledger "$T/L"
out_has '3 addresses: 2 hit, 0 labelled before, 1 clear, 0 not addresses'

claim "a chain is read when one of its addresses is asked for, and not before"
mkdir "$T/L/litecoin"
echo rubbish >"$T/L/litecoin/utxo.mdb"
run 3 "$SILLAGE" screen "$one" --labels "$T/S" --ledger "$T/L"
run 1 "$SILLAGE" screen ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9 --labels "$T/S" --ledger "$T/L"
err_has 'litecoin/utxo.mdb'

done_testing
