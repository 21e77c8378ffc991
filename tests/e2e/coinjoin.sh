#!/bin/sh
# sillage coinjoin: a line a transaction, judged by the rules of the protocols.
. "$(dirname "$0")/lib.sh"

# whirlpool N FILE: N lines of a round of five; awk makes the hashes and scripts.
whirlpool() {
    awk -v n="$1" 'BEGIN {
        for (t = 1; t <= n; t++) {
            line = sprintf("{\"txid\":\"%064x\",\"vin\":[", t)
            for (i = 0; i < 5; i++)
                line = line sprintf("%s{\"txid\":\"%064x\",\"vout\":%d,\"prevout\":{\"value\":%s,\"scriptPubKey\":{\"hex\":\"0014%040x\"}}}",
                    i ? "," : "", t * 100 + i, i, i ? "0.01000000" : "1.000321e-02", t * 100 + i)
            line = line "],\"vout\":["
            for (i = 0; i < 5; i++)
                line = line sprintf("%s{\"value\":0.01,\"n\":%d,\"scriptPubKey\":{\"hex\":\"0014%040x\"}}",
                    i ? "," : "", i, t * 100 + 50 + i)
            print line "]}"
        }
    }' >"$2"
}

claim "a round is named with its participants, mappings and evidence"
whirlpool 1 "$T/one"
run 0 "$SILLAGE" coinjoin --txs "$T/one" --json
out_has '{"txid":"0000000000000000000000000000000000000000000000000000000000000001","coinjoin":true,"kind":"whirlpool","participants":5,"denomination":"0.01000000","mappings":1496,"evidence":["5 inputs, 5 outputs, all outputs of 0.01 BTC, a Whirlpool pool",'
run 0 "$SILLAGE" coinjoin --txs "$T/one"
out_has 'whirlpool, participants 5, mappings 1496'
out_has '1 transactions: 1 whirlpool, 0 whirlpool-tx0,'

claim "a compressed file and standard input are the same lines"
whirlpool 300 "$T/many"
"$SILLAGE" coinjoin --txs "$T/many" --json >"$T/plain"
gzip -c "$T/many" >"$T/many.gz"
"$SILLAGE" coinjoin --txs "$T/many.gz" --json >"$T/unzipped"
"$SILLAGE" coinjoin --txs - --json <"$T/many" >"$T/piped"
same "$(wc -l <"$T/plain")" 300 lines
same_bytes "$T/plain" "$T/unzipped"
same_bytes "$T/plain" "$T/piped"

claim "a bad line is named and counted, the rest is judged"
{
    cat "$T/one"
    echo
    echo '{"txid":"12"}'
    printf 'no json \033[31m\n'
    sed 's/"prevout"/"before"/' "$T/one"
    sed 's/0.01000000/0.010000001/' "$T/one"
    sed 's/"value":0.01,/"value":20999999.9769,/' "$T/one"
    head -c 300 "$T/one"
    echo
    cat "$T/one"
} >"$T/mixed"
run 1 "$SILLAGE" coinjoin --txs "$T/mixed" --json
same "$(wc -l <"$T/.out")" 2 "lines judged"
err_has 'line 3: "txid" is missing or not 64 hexadecimal digits'
err_has 'line 4: not JSON'
err_has 'line 5: "prevout" is missing'
err_has 'line 6: prevout of input 1: a value is no amount in whole coins with 8 decimals'
err_has 'line 7: the transaction pays out more than it spends'
err_has 'line 8: JSON: the document is cut'
err_has '6 of 8 lines are bad'

claim "a coinbase is no CoinJoin"
echo '{"txid":"00000000000000000000000000000000000000000000000000000000000000aa","vin":[{"coinbase":"04ff","sequence":4294967295}],"vout":[{"value":50.0,"n":0,"scriptPubKey":{"hex":"51"}}]}' >"$T/coinbase"
run 0 "$SILLAGE" coinjoin --txs "$T/coinbase" --json
out_has '"coinjoin":false,"kind":null,"participants":null,"denomination":null,"mappings":null,"evidence":[]}'

claim "usage errors name what is missing"
run 2 "$SILLAGE" coinjoin
err_has '--txs FILE or --ledger DIR'
run 1 "$SILLAGE" coinjoin --txs "$T/nowhere"
err_has "$T/nowhere"
run 0 "$SILLAGE" coinjoin --help
out_has 'docs/methods/coinjoin.md'

# The dumps' own lines into the node's form: hashes, satoshis and scripts stand behind each other.
dumped() {
    unzip -p "$1" "Scanner/$2.txt" | awk '{
        n = split($0, part, ":::")
        line = "{\"txid\":\"" part[1] "\",\"vin\":["
        m = split(part[5], coin, "}[{]")
        for (i = 1; i <= m; i++) {
            split(coin[i], field, "+"); split(field[1], place, "-")
            line = line sprintf("%s{\"txid\":\"%s\",\"vout\":%d,\"prevout\":{\"value\":%.8f,\"scriptPubKey\":{\"hex\":\"%s\"}}}",
                i > 1 ? "," : "", place[1], place[2], place[3] / 1e8, field[2])
        }
        line = line "],\"vout\":["
        m = split(part[6], coin, "}[{]")
        for (i = 1; i <= m; i++) {
            split(coin[i], field, "+")
            line = line sprintf("%s{\"value\":%.8f,\"scriptPubKey\":{\"hex\":\"%s\"}}", i > 1 ? "," : "", field[1] / 1e8, field[2])
        }
        print line "]}"
    }' >"$3"
}

claim "all 1,403 real Whirlpool rounds of March 2024, and every Tx0 that has a note"
if zip=$(shared data/coinjoin/dumplings__sw_202403.zip) && command -v unzip >/dev/null; then
    dumped "$zip" SamouraiCoinJoins "$T/rounds"
    run 0 "$SILLAGE" coinjoin --txs "$T/rounds"
    out_has '1,403 transactions: 1403 whirlpool, 0 '
    dumped "$zip" SamouraiTx0s "$T/tx0s"
    run 0 "$SILLAGE" coinjoin --txs "$T/tx0s"
    # 151 of that list are rounds in which somebody was paid to another form of address.
    out_has '900 transactions: 151 whirlpool, 749 whirlpool-tx0, 0 wasabi1, 0 wasabi2, 0 joinmarket, 0 equal-output, 0 payjoin-candidate, 0 none'
    dumped "$zip" SamouraiPostMixTxs "$T/after"
    run 0 "$SILLAGE" coinjoin --txs "$T/after"
    out_has '2,636 transactions: 251 whirlpool, 3 whirlpool-tx0, 0 wasabi1, 0 wasabi2, 1 joinmarket, 0 equal-output'
else
    skip "needs shared data and unzip"
fi

done_testing
