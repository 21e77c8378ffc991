#!/bin/sh
# sillage cluster, why and peel on a chain of outputs made for this test.
#
# tests/data/regtest.blk, blocks 0 to 17, owners are P2WPKH of twenty equal bytes (number N below):
#   0 to 7   coinbases of 50 to 1 .. 8
#   8        1 and 2 spend together: 90 to 20, 10 to 21
#   9        21 and 3 spend together, to 22
#   10 - 14  4 peels: 5, 5.1, 5.2, 5.3, 5.4 to 30 .. 34, the rest each time to 60 .. 64
#   15       5 pays five strangers 41 .. 45 for a Whirlpool, the rest to 46
#   16       the round: 41 .. 45 to 51 .. 55
#   17       nothing
. "$(dirname "$0")/lib.sh"
blk=$SG_SOURCE/tests/data/regtest.blk
chain="--chain bitcoin --network regtest"

# The address of owner N, by the ledger's own words.
address() {
    sed -n "s/^\(bcrt[^,]*\),.*/\1/p" "$T/all.csv" | sed -n "$1p"
}

claim "a chain is clustered by who spent together, the round left out"
run 0 "$SILLAGE" ingest --ledger "$T/L" $chain --format blk "$blk"
run 0 "$SILLAGE" cluster --ledger "$T/L" --json --csv "$T/all.csv"
out_has '"spends_used":2,"coinjoins_left_out":1,"unknown_left_out":0,"changes":0,"held_back":0'
out_has '"clusters_of_two_or_more":2,'
run 0 "$SILLAGE" cluster --ledger "$T/L"
out_has '2 used, 1 CoinJoins left out'

claim "the CSV has every owner once and its cluster"
same "$(sed 1d "$T/all.csv" | cut -d, -f1 | sort | uniq -d)" "" "owners twice"
same "$(sed 1d "$T/all.csv" | wc -l)" 33 owners

claim "why shows the transaction that joined two, and that nothing joins strangers"
one=$(address 1)
two=$(address 2)
run 0 "$SILLAGE" why "$one" "$two" --ledger "$T/L"
out_has 'spent together in '
out_has 'block 8'
out_has 'joined in 1 step'
run 0 "$SILLAGE" why "$two" "$one" --ledger "$T/L" --json
out_has "{\"steps\":[{\"from\":\"$two\",\"to\":\"$one\",\"txid\":"
out_has '"block":8,"rules":["spend"]}]}'
run 1 "$SILLAGE" why "$one" "$(address 5)" --ledger "$T/L"
err_has 'nothing joins the two'
run 0 "$SILLAGE" why "$one" "$one" --ledger "$T/L"
out_has 'joined in 0 steps'

claim "members of a cluster are listed, and the bound holds joins back"
run 0 "$SILLAGE" cluster --ledger "$T/L" --of "$one"
same "$(sort "$T/.out" | tr '\n' ' ')" "$(printf '%s\n%s\n' "$one" "$two" | sort | tr '\n' ' ')"
run 0 "$SILLAGE" cluster --ledger "$T/L" --cluster-max 1 --json
out_has '"held_back":2,"first_held_back":[{"from":"'

claim "labels of two entities hold a join back, of one they do not"
printf 'address,entity,category,source,confidence\n%s,Thief,theft,S,high\n%s,Shop,other,S,high\n' "$one" "$two" >"$T/labels.csv"
run 0 "$SILLAGE" labels import "$T/labels.csv" --format csv --labels "$T/S"
run 0 "$SILLAGE" cluster --ledger "$T/L" --labels "$T/S" --json
out_has "\"held_back\":1,\"first_held_back\":[{\"from\":\"$one\",\"to\":\"$two\","
out_has '"because":"labels"}]'
sed 's/Shop/Thief/' "$T/labels.csv" >"$T/same.csv"
run 0 "$SILLAGE" labels import "$T/same.csv" --format csv --labels "$T/S2"
run 0 "$SILLAGE" cluster --ledger "$T/L" --labels "$T/S2" --json
out_has '"held_back":0,'
run 1 "$SILLAGE" cluster --ledger "$T/L" --labels "$T/none"
run 1 "$SILLAGE" why "$one" "$two" --ledger "$T/L" --labels "$T/S"
err_has 'nothing joins the two'
run 0 "$SILLAGE" why "$one" "$two" --ledger "$T/L" --labels "$T/S2"

claim "the round is the ledger's only CoinJoin"
run 0 "$SILLAGE" coinjoin --ledger "$T/L" --json
same "$(grep -c '"kind":"whirlpool"' "$T/.out") $(wc -l <"$T/.out")" "1 1" "lines"
out_has '"participants":5,"denomination":"0.01000000","mappings":1496'
run 2 "$SILLAGE" coinjoin --ledger "$T/L" --txs "$T/all.csv"

claim "rules for change join more when they are asked for"
run 0 "$SILLAGE" cluster --ledger "$T/L" --change round --json
out_has '"changes":'
run 0 "$SILLAGE" cluster --ledger "$T/L" --change fresh,form,least,round --json
cp "$T/.out" "$T/votes"
run 0 "$SILLAGE" cluster --ledger "$T/L" --change fresh,form,least,round --votes 2 --json
same "$(cat "$T/.out")" "$(cat "$T/votes")" "two votes are the default"
run 2 "$SILLAGE" cluster --ledger "$T/L" --change rond
err_has '--change rond: of fresh,form,least,round,reuse,locktime,fee,peeling is expected'

# The transaction that spends the coinbase of 4 is the first peel; why names it with --change.
claim "a peel chain is followed to its end, each peel with its payee"
four=$("$SILLAGE" why "$(address 4)" "$(address 14)" --ledger "$T/L" --change round --json | sed 's/.*"txid":"\([0-9a-f]*\)".*/\1/')
run 0 "$SILLAGE" peel "$four:1" --ledger "$T/L"
out_has '1. '
out_has 'peeled: output 1, 5.10000000 to bcrt1q'
out_has 'goes on in output 0, 39.89996754 to bcrt1q'
out_has '(2 of 2 votes: round like)'
out_has 'ends after 4 steps: it is not spent in the blocks that the ledger covers'
run 0 "$SILLAGE" peel "$four:1" --ledger "$T/L" --max 2 --json
out_has '"ends":"as many steps as were asked for"}'
run 1 "$SILLAGE" peel "$four:7" --ledger "$T/L"
err_has 'that transaction has only 2 outputs'
run 2 "$SILLAGE" peel "$four" --ledger "$T/L"
err_has 'TXID:N is expected'

claim "what is no address is said so"
run 2 "$SILLAGE" why nonsense "$one" --ledger "$T/L"
err_has "'nonsense' is no address of bitcoin-regtest and no TXID:N"
run 1 "$SILLAGE" cluster --ledger "$T/nowhere"
err_has 'there is no ledger of outputs'

done_testing
