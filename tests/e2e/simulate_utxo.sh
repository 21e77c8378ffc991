#!/bin/sh
# sillage simulate --model utxo: the same seed gives the same bytes; every block is read; a theft is
# traced from its case file to the satoshi that truth.json says.
. "$(dirname "$0")/lib.sh"
cat >"$T/s.yaml" <<'END'
sillage_scenario: 1
people: 1000
thefts: {count: 3}
END
simulate() { "$SILLAGE" simulate --model utxo --scenario "$T/s.yaml" "$@"; }
ingest() { "$SILLAGE" ingest --ledger "$1" --chain bitcoin --network regtest --format blk "$2/blocks"; }

claim "blocks, truth and cases are written, and the summary counts them"
run 0 simulate --out "$T/a" --seed 5 --transfers 20000
out_has '20,000 transactions in '
out_has '5 thefts'
file_has "$T/a/truth.json" '"model":"utxo"'
file_has "$T/a/owners.csv" 'bcrt1q'
same "$(wc -l <"$T/a/transactions.jsonl" | tr -d ' ')" \
    "$(($(grep -c '"kind":"coinbase"' "$T/a/transactions.jsonl") + 20000))" "transactions told"

claim "the same seed gives the same bytes, another seed others"
run 0 simulate --out "$T/b" --seed 5 --transfers 20000 --json
out_has '"rows":20000'
for file in blocks/blk00000.dat truth.json transactions.jsonl thefts.jsonl owners.csv case-0.yaml case-4.yaml; do
    same_bytes "$T/a/$file" "$T/b/$file"
done
run 0 simulate --out "$T/c" --seed 6 --transfers 2000
cmp -s "$T/a/blocks/blk00000.dat" "$T/c/blocks/blk00000.dat" && bad "another seed gave the same blocks"

claim "every block passes every check, and nothing is missing"
run 0 ingest "$T/L" "$T/a"
out_has 'aside: 0 stale, 0 without parent, 0 invalid'
out_has '0 inputs spend outputs that the ledger does not have'
run 0 "$SILLAGE" ledger check --ledger "$T/L"
out_has 'bitcoin-regtest: sound'

claim "a theft that meets nobody else's money is traced to the satoshi, under each policy"
cat >"$T/s.yaml" <<'END'
sillage_scenario: 1
people: 1000
background: {dust: 0}
thefts: {count: 3, mix: 0}
END
run 0 simulate --out "$T/d" --seed 5 --transfers 12000
run 0 ingest "$T/M" "$T/d"
# books THEFT KEY: satoshis.
books() {
    grep -o "\"theft\":$1,[^}]*" "$T/d/truth.json" | grep -o "\"$2\":[0-9]*" | cut -d: -f2
}
# column POLICY KIND FILE: satoshis of a column of a table; KIND "": of all rows.
column() {
    awk -F, -v p="$1" -v k="$2" '
        $1 == p && (k == "" || $5 == k) { sum += k == "" ? $8 : $7 }
        END { printf "%.0f", sum * 1e8 }' "$3"
}
for theft in 0 1 2 3 4; do
    run 0 "$SILLAGE" case check "$T/d/case-$theft.yaml"
    out_has 'warnings: 0'
    run 0 "$SILLAGE" trace "$T/d/case-$theft.yaml" --ledger "$T/M" --csv "$T/csv"
    [ "$(books $theft exchange)" != 0 ] || bad "theft $theft: nothing was cashed"
    for policy in fifo lifo haircut tiho libr poison; do
        for kind in exchange otc; do
            same "$(column $policy $kind "$T/csv/destinations.csv")" "$(books $theft $kind)" \
                "theft $theft, $policy, $kind"
        done
        same "$(column $policy "" "$T/csv/holdings.csv")" "$(books $theft held)" \
            "theft $theft, $policy, held"
    done
done

claim "what cannot be is refused"
run 2 simulate --out "$T/d" --transfers 10
err_has 'holds blocks already'
run 2 simulate --out "$T/e" --transfers 10 --format ledger
err_has 'sillage ingest reads them'
[ ! -e "$T/e" ] || bad "a folder was made"

done_testing
