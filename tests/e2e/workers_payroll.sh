#!/bin/sh
# sillage workers payroll: the collectors of a made-up world, whose truth is known.
. "$(dirname "$0")/lib.sh"
cat >"$T/s.yaml" <<'END'
sillage_scenario: 1
people: 3000
thefts: {count: 0}
payrolls: {payers: 4, payees: 50, crooked_permille: 60, ring_min: 5, ring_max: 6}
END
run 0 "$SILLAGE" simulate --out "$T/w" --seed 3 --transfers 60000 --scenario "$T/s.yaml" \
    --format ledger
payroll() { "$SILLAGE" workers payroll --ledger "$T/w/ledger" --chain ethereum "$@"; }
rings=$(grep -o '"collector":"0x[0-9a-f]*' "$T/w/truth.json" | cut -d'"' -f4 | sort -u)

claim "every collector of the truth is told, and no other"
[ -n "$rings" ] || bad "the world has no ring"
run 0 payroll
out_has '4 payers pay 200 payees'
for ring in $rings; do out_has "$ring: salaries of "; done
same "$(grep -c 'of its' "$T/.out")" "$(echo "$rings" | wc -l)" "collectors"
out_has 'innocent readings'
out_lacks 'coverage is too thin'

claim "the JSON has them with their members and series"
run 0 payroll --json
for ring in $rings; do out_has "{\"address\":\"$ring\",\"payees\":"; done
out_has '"coverage_too_thin":false'
out_has '"days":30'

claim "the page shows every collector whole, and what it rests on"
run 0 payroll --report "$T/page.html"
for ring in $rings; do file_has "$T/page.html" "$ring"; done
file_has "$T/page.html" 'Innocent readings come first'
file_has "$T/page.html" 'State of the ledger'
file_lacks "$T/page.html" '<script'

claim "payers and payees can be named, by file"
run 0 payroll --json
payer=$(grep -o '"payer":"0x[0-9a-f]*' "$T/.out" | head -1 | cut -d'"' -f4)
echo "$payer" >"$T/payers"
run 0 payroll --payers "$T/payers"
out_has '1 payers pay '
run 0 payroll --payees "$(echo "$rings" | head -1)"
out_has '0 places'

claim "a ledger without coverage is said to be too thin"
run 0 "$SILLAGE" simulate --out "$T/w" --seed 3 --transfers 60000 --scenario "$T/s.yaml"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers "$T/w/transfers.csv"
run 0 "$SILLAGE" workers payroll --ledger "$T/L"
out_has 'coverage is too thin: of 200 payees the ledger is known to hold all token transfers of 0'

claim "what cannot be is refused"
run 2 payroll --hops 0
err_has '--hops: 1 to 8'
run 1 payroll --asset DOGE
err_has 'no such asset'
run 2 "$SILLAGE" workers payroll
err_has '--ledger DIR is missing'
run 2 "$SILLAGE" workers payroll --ledger "$T/w/ledger"
err_has '--chain NAME is needed'

done_testing
