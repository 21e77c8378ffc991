#!/bin/sh
# sillage simulate: the same seed gives the same bytes; CSV and ledger say the same; ledgers are sound.
. "$(dirname "$0")/lib.sh"
cat >"$T/s.yaml" <<'END'
sillage_scenario: 1
people: 500
thefts: {count: 3}
payrolls: {payers: 2, payees: 20, crooked_permille: 200, ring_max: 5}
END
simulate() { "$SILLAGE" simulate --transfers 8000 --scenario "$T/s.yaml" "$@"; }

claim "two tables and the truth are written, and the summary counts them"
run 0 simulate --out "$T/a" --seed 5
out_has '3 thefts'
same "$(($(cat "$T/a/transfers.csv" "$T/a/transfers-arbitrum.csv" | wc -l) >= 8002))" 1 "rows"
head -1 "$T/a/transfers.csv" | grep -q '^block,tx_hash,tx_index,time,' || bad "no header"
file_has "$T/a/truth.json" '"collector":"0x'

claim "the same seed gives the same bytes, another seed others"
run 0 simulate --out "$T/b" --seed 5 --json
out_has '"seed":5'
same_bytes "$T/a/transfers.csv" "$T/b/transfers.csv"
same_bytes "$T/a/transfers-arbitrum.csv" "$T/b/transfers-arbitrum.csv"
same_bytes "$T/a/truth.json" "$T/b/truth.json"
run 0 simulate --out "$T/b" --seed 6
cmp -s "$T/a/transfers.csv" "$T/b/transfers.csv" && bad "another seed gave the same rows"

claim "every row is read, and both ledgers are sound"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers "$T/a/transfers.csv"
out_has ' 0 bad'
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain arbitrum --format transfers \
    "$T/a/transfers-arbitrum.csv"
run 0 "$SILLAGE" ledger check --ledger "$T/L"
out_has 'ethereum: sound, 0 faults'
out_has 'arbitrum: sound, 0 faults'

claim "a ledger that was written straight away answers as the one that was read from CSV"
run 0 simulate --out "$T/c" --seed 5 --format ledger
run 0 "$SILLAGE" ledger check --ledger "$T/c/ledger"
same_bytes "$T/a/truth.json" "$T/c/truth.json"
address=$(grep -o '"collector":"0x[0-9a-f]*' "$T/a/truth.json" | head -1 | cut -d'"' -f4)
"$SILLAGE" show "$address" --ledger "$T/L" | grep 0x >"$T/from_csv"
"$SILLAGE" show "$address" --ledger "$T/c/ledger" | grep 0x >"$T/straight"
[ -s "$T/straight" ] || bad "nothing is known of the collector"
same_bytes "$T/from_csv" "$T/straight"

claim "and has the same state, to the byte"
states() { "$SILLAGE" ledger stats --ledger "$1" --json | grep -o '"state":"[^"]*'; }
run 0 "$SILLAGE" ingest --ledger "$T/M" --chain ethereum --format transfers \
    --cover native,internal,token "$T/a/transfers.csv"
run 0 "$SILLAGE" ingest --ledger "$T/M" --chain arbitrum --format transfers \
    --cover native,internal,token "$T/a/transfers-arbitrum.csv"
states "$T/M" >"$T/states_csv"
states "$T/c/ledger" >"$T/states_straight"
same_bytes "$T/states_csv" "$T/states_straight"

claim "a load that was killed goes on, to the same ledger; another world does not"
for ms in 05 15 30; do
    rm -rf "$T/k"
    "$SILLAGE" simulate --transfers 8000 --scenario "$T/s.yaml" --out "$T/k" --seed 5 \
        --format ledger --threads 2 >"$T/out" 2>&1 &
    sleep "0.$ms"
    kill -9 $! 2>/dev/null || :
    wait $! 2>/dev/null || : # Its lock goes with it.
    run 0 simulate --out "$T/k" --seed 5 --format ledger --threads 2
    states "$T/k/ledger" >"$T/states_killed"
    same_bytes "$T/states_straight" "$T/states_killed"
done
run 0 simulate --out "$T/k" --seed 5 --format ledger
run 2 simulate --out "$T/k" --seed 6 --format ledger
err_has 'holds a ledger already'

claim "a world without hashes is sound, smaller, and known by block and index"
printf 'hashes: 0\npeople_told: 0\n' | cat "$T/s.yaml" - >"$T/bare.yaml"
run 0 "$SILLAGE" simulate --transfers 8000 --scenario "$T/bare.yaml" --out "$T/bare" --format ledger
run 0 "$SILLAGE" ledger check --ledger "$T/bare/ledger"
file_has "$T/bare/truth.json" '"owners":[]'
run 2 "$SILLAGE" simulate --transfers 8000 --scenario "$T/bare.yaml" --out "$T/bare2"
err_has 'hashes: 0 needs --format ledger'

claim "what cannot be is refused"
run 2 "$SILLAGE" simulate --transfers 10
err_has '--out DIR is needed'
run 2 "$SILLAGE" simulate --out "$T/d"
err_has '--transfers'
run 2 "$SILLAGE" simulate --out "$T/d" --transfers 10 --model lightning
err_has 'account or utxo is expected'
printf 'sillage_scenario: 1\nthefts: {count: -1}\n' >"$T/bad.yaml"
run 1 "$SILLAGE" simulate --out "$T/d" --transfers 10 --scenario "$T/bad.yaml"
err_has 'count is a whole number from 0 to 4096'
[ ! -e "$T/d" ] || bad "a folder was made"

done_testing
