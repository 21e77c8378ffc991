#!/bin/sh
# How well `sillage workers payroll` finds the collectors of made-up worlds, whose truth is known.
#
#   bench/payroll_truth.sh [FIRST_SEED [LAST_SEED]] (3 12)
#
# Each world: 6,000 payees of 40 payers over a year, 1 % of whom gather; the rest as in
# docs/methods/simulate.md. LABELS=1 gives the truth's exchanges and brokers to the detector as a
# label store; without, it has nothing but rows. CROOKED (10) in 1,000 payees gather.
set -eu
here=$(dirname "$0")
sillage=${SILLAGE:-$here/../build/sillage}
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT

# A line for each of the innermost objects, without quotes: key:value,key:value. No text of these
# files has braces or commas in it.
objects() { tr '{' '\n' <"$1" | tr -d '"'; }

# Label rows of the truth's entities: {category:C,entity:E,addresses:[A,A...]}.
labels() {
    echo address,entity,category,source
    objects "$kept/truth.json" | awk '/^category:.*,addresses:\[/ {
        split($0, part, /,addresses:\[/)
        sub(/\].*/, "", part[2])
        match(part[1], /,entity:/)
        category = substr(part[1], 10, RSTART - 10)
        entity = substr(part[1], RSTART + 8)
        n = split(part[2], address, ",")
        for (i = 1; i <= n; i++)
            print address[i] "," entity "," category ",truth"
    }'
}

# payee collector, of those that gather; and the number of all payees.
rings() {
    objects "$kept/truth.json" | awk '/^address:.*,habit:/ {
        payees++
        if (!/,habit:gathers/) next
        address = $0; sub(/^address:/, "", address); sub(/,.*/, "", address)
        collector = $0; sub(/.*,collector:/, "", collector); sub(/[^0-9a-z].*/, "", collector)
        print address, collector
    }
    END { print "payees", payees }'
}

# payee collector, as the program says.
told() {
    objects "$kept/found.json" | awk '/^address:/ { collector = substr($0, 9); sub(/,.*/, "", collector) }
        /^payee:/ { payee = substr($0, 7); sub(/,.*/, "", payee); print payee, collector }'
}

world() {
    printf 'sillage_scenario: 1\npayrolls: {payers: 40, payees: 150, crooked_permille: %s}\n' \
        "${CROOKED:-10}" >"$kept/s.yaml"
    "$sillage" simulate --out "$kept" --seed "$1" --transfers 1200000 --scenario "$kept/s.yaml" \
        --format ledger >/dev/null
    set -- "$1" --ledger "$kept/ledger" --chain ethereum --json
    if [ "${LABELS:-0}" = 1 ]; then
        labels >"$kept/labels.csv"
        "$sillage" labels import "$kept/labels.csv" --format csv --labels "$kept/labels" >/dev/null
        set -- "$@" --labels "$kept/labels"
    fi
    seed=$1
    shift
    "$sillage" workers payroll "$@" >"$kept/found.json"
    rings >"$kept/rings"
    told >"$kept/told"
    awk -v seed="$seed" '
        function count(set, n, k) { for (k in set) n++; return n + 0 }
        FILENAME == ARGV[1] && $1 == "payees" { payees = $2; next }
        FILENAME == ARGV[1] { ring[$1] = $2; rings[$2]++; members++; next }
        { n_told++; collectors[$2]++; if (ring[$1] == $2) members_right++ }
        END {
            for (c in collectors) if (c in rings) right++
            printf "seed %s: %d payees, %d rings of %d; told %d, right %d; members told %d, right %d\n",
                seed, payees, count(rings), members, count(collectors), right, n_told, members_right
            for (c in rings) if (!(c in collectors)) printf "  missed a ring of %d\n", rings[c]
            for (c in collectors) if (!(c in rings)) printf "  wrong: %s with %d payees\n", c, collectors[c]
        }' "$kept/rings" "$kept/told"
    rm -rf "$kept/ledger" "$kept/labels"
}

share() { awk -v what="$1" -v of="$2" 'BEGIN { printf "%d/%d = %.3f", what, of, of ? what / of : 0 }'; }

for seed in $(seq "${1:-3}" "${2:-12}"); do
    world "$seed"
done | tee "$kept/lines"
tr -c '0-9\n' ' ' <"$kept/lines" | grep -E '^ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+' |
    awk '{ rings += $3; members += $4; told += $5; right += $6; mtold += $7; mright += $8 }
         END { print rings, members, told, right, mtold, mright }' >"$kept/sums"
read -r rings members told right members_told members_right <"$kept/sums"
echo "collectors: precision $(share "$right" "$told"), recall $(share "$right" "$rings")"
echo "members:    precision $(share "$members_right" "$members_told"), recall $(share "$members_right" "$members")"
