#!/bin/sh
# Simulated thefts on a chain of outputs, traced from case files: what reached each kind of service, what
# is held and what went in fees is what truth.json says, to the satoshi, under each policy.
. "$(dirname "$0")/lib.sh"
# Money that goes straight: behind a CoinJoin the books go on, and a trace does not.
cat >"$T/s.yaml" <<'END'
sillage_scenario: 1
people: 300
thefts: {count: 4, mix: 0, bridge: 0, swap: 0}
END
run 0 "$SILLAGE" simulate --model utxo --out "$T/w" --seed 3 --transfers 3000 --scenario "$T/s.yaml"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain bitcoin --network regtest --format blk "$T/w/blocks"

# Addresses of who keeps accounts, as a labels file.
awk -F'[":,{}]+' '
    FNR == NR {
        if ($0 ~ /^\[?,?\{"kind":"|"entities":\[\{"kind"/ && match($0, /"kind":"(exchange|broker)","owner":[0-9]+/)) {
            text = substr($0, RSTART, RLENGTH)
            split(text, part, /[":,]+/)
            kind[part[5]] = part[3] == "broker" ? "otc" : "exchange"
        }
        next
    }
    BEGIN { print "chain,address,entity,category,source,confidence" }
    { split($0, field, ","); if (field[2] in kind) print "bitcoin-regtest," field[1] "," kind[field[2]] " " field[2] "," kind[field[2]] ",s,high" }
' "$T/w/truth.json" "$T/w/owners.csv" >"$T/labels.csv"

# books THEFT KEY
books() {
    sed -n "s/.*{\"theft\":$1,.*\"satoshis\":{\(.*\)}}.*/\1/p" "$T/w/truth.json" |
        sed "s/.*\"$2\":\([0-9]*\).*/\1/"
}

# seeds THEFT: the outputs that paid the thief in the theft, or in each ransom.
seeds() {
    thief=$(sed -n "s/.*{\"theft\":$1,\"thief\":\([0-9]*\),.*/\1/p" "$T/w/truth.json")
    sed -n "/\"kind\":\"\(theft\|ransom\)\".*\"theft\":$1[,}]/p" "$T/w/thefts.jsonl" |
        sed 's/.*"txid":"\([0-9a-f]*\)".*"owners":\[\([^]]*\)\].*/\1 \2/' |
        awk -v thief="$thief" '{
            n = split($2, owner, ",")
            for (i = 1; i <= n; i++) if (owner[i] == thief)
                printf "  - {chain: bitcoin-regtest, tx: %s, output: %d, asset: BTC, time: 2015-01-01, source: s}\n", $1, i - 1
        }'
}

# sum POLICY FILE KIND-COLUMN KIND AMOUNT-COLUMN, in satoshis
sum() {
    awk -F, -v p="$1" -v column="$3" -v kind="$4" -v amount="$5" '$1 == p && $column == kind {
        gsub(/\./, "", $amount); sum += $amount } END { printf "%.0f", sum }' "$T/csv/$2"
}

traced=0
for theft in 0 1 2 3 4 5; do
    [ "$(books $theft stray_in)" = 0 ] || continue # dust of others: policies differ by it
    [ -n "$(seeds $theft)" ] || continue
    traced=$((traced + 1))
    claim "theft $theft: where each satoshi went is what the truth says, under each policy"
    {
        printf 'sillage_case: 1\nname: t\ntitle: T\ndate: 2015-01-01\nlabels_file: labels.csv\n'
        printf 'sources: [{id: s, title: made up}]\nseeds:\n'
        seeds $theft
    } >"$T/case.yaml"
    run 0 "$SILLAGE" trace "$T/case.yaml" --ledger "$T/L" --csv "$T/csv" --json
    for policy in fifo lifo haircut tiho libr poison; do
        for kind in exchange otc; do
            same "$(sum $policy destinations.csv 5 $kind 7)" "$(books $theft $kind)" "theft $theft, $policy, $kind"
        done
        same "$(sum $policy holdings.csv 7 held 8)" "$(books $theft held)" "theft $theft, $policy, held"
        fees=$(sed "s/.*\"$policy\":{\"assets\":\[{//; s/\"destinations\".*//; s/.*\"fees\":\"\([0-9.]*\)\".*/\1/" "$T/.out" | tr -d . | sed 's/^0*//')
        same "${fees:-0}" "$(books $theft fees)" "theft $theft, $policy, fees"
    done
done
claim "path names the transactions as the chain does, and an export has no CoinJoin for a wallet"
run 0 "$SILLAGE" path "$T/case.yaml" --ledger "$T/L" --to "$(sed -n '2s/^[^,]*,[^,]*,\([^,]*\),.*/\1/p' "$T/labels.csv")" --policy fifo
out_lacks '0x'
run 0 "$SILLAGE" simulate --model utxo --out "$T/m" --seed 3 --transfers 3000
run 0 "$SILLAGE" ingest --ledger "$T/M" --chain bitcoin --network regtest --format blk "$T/m/blocks"
tx=$(sed -n 's/.*"txid":"\([0-9a-f]*\)","kind":"theft".*/\1/p' "$T/m/thefts.jsonl" | head -1)
{
    printf 'sillage_case: 1\nname: m\ntitle: M\ndate: 2015-01-01\nsources: [{id: s, title: made up}]\nseeds:\n'
    printf '  - {chain: bitcoin-regtest, tx: %s, asset: BTC, time: 2015-01-01, source: s}\n' "$tx"
} >"$T/mixed.yaml"
run 0 "$SILLAGE" trace "$T/mixed.yaml" --ledger "$T/M"
out_has 'CoinJoin, '
run 0 "$SILLAGE" export --case "$T/mixed.yaml" --ledger "$T/M" --format ftm
out_lacks 'CoinJoin'
ids=$(grep -c '"publicKey":\["[0-9a-f]\{64\}"\]' "$T/.out")
same "$ids" 0 "wallets that are transactions"

claim "enough of them went straight"
[ "$traced" -ge 3 ] || bad "only $traced thefts"

done_testing
