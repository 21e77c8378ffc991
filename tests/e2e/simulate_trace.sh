#!/bin/sh
# A simulated theft, traced from its case file: what reaches each kind of service is what truth.json
# says, under each policy.
. "$(dirname "$0")/lib.sh"
# Money that goes straight: a mixer or bridge would pay out what the books count again.
cat >"$T/s.yaml" <<'END'
sillage_scenario: 1
people: 500
thefts: {count: 3, mix: 0, bridge: 0, swap: 0}
payrolls: {payers: 2, payees: 20}
END
run 0 "$SILLAGE" simulate --out "$T/w" --seed 5 --transfers 20000 --scenario "$T/s.yaml" --format ledger

# books THEFT ASSET KEY: a whole number of base units of the first chain.
books() {
    awk -v theft="$1" -v asset="$2" -v key="$3" '
        /"theft":[0-9]*,"victim"/ {
            match($0, /"theft":[0-9]*,"victim"/)
            at = substr($0, RSTART + 8) + 0
        }
        at == theft && /"books"|"chain"/ && index($0, "\"chain\":\"ethereum\",\"asset\":\"" asset "\",\"stolen\"") {
            match($0, "\"" key "\":\"[0-9]*")
            print substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 4)
            exit
        }' "$T/w/truth.json"
}

# close A B: the same number, as far as a floating point number of awk holds it.
close_to() {
    awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(d <= 1e-9 * b && -d <= 1e-9 * b) }'
}

# compare THEFT ASSET UNIT: of all policies, what came to exchanges and brokers, and what is held.
compare() {
    for policy in fifo lifo haircut tiho libr poison; do
        for kind in exchange otc; do
            got=$(awk -F, -v p=$policy -v a="$2" -v k=$kind -v unit="$3" \
                '$1 == p && $3 == a && $5 == k { sum += $7 * unit } END { printf "%.0f", sum }' \
                "$T/csv/destinations.csv")
            close_to "$got" "$(books "$1" "$2" $kind)" ||
                bad "theft $1, $policy, $kind: $got, the truth is $(books "$1" "$2" $kind)"
        done
        got=$(awk -F, -v p=$policy -v a="$2" -v unit="$3" \
            '$1 == p && $3 == a { sum += $8 * unit } END { printf "%.0f", sum }' "$T/csv/holdings.csv")
        close_to "$got" "$(books "$1" "$2" held)" ||
            bad "theft $1, $policy, held: $got, the truth is $(books "$1" "$2" held)"
    done
}

for theft in 0 1 2; do
    claim "theft $theft: each kind of service got what the truth says, under each policy"
    case $theft in 2) asset=USDC unit=1e6 ;; *) asset=ETH unit=1e18 ;; esac
    run 0 "$SILLAGE" case check "$T/w/case-$theft.yaml"
    out_has 'warnings: 0'
    same "$(books $theft $asset stray_in)$(books $theft $asset gas_bought)" 00 "money of others"
    run 0 "$SILLAGE" trace "$T/w/case-$theft.yaml" --ledger "$T/w/ledger" --csv "$T/csv"
    [ "$(books $theft $asset exchange)" != 0 ] || bad "nothing was cashed"
    compare $theft $asset $unit
done

done_testing
