#!/bin/sh
# An import that meets a bad disk, or is killed at any write, leaves the ledger as it was before or as
# it is after; never between, and never damaged. The calls that change the disk are hit one by one:
# all of them where there are few, else about SG_FAULTS evenly spread (25; more take longer).
. "$(dirname "$0")/lib.sh"

faults=${SG_FAULTS:-25}
shim=$T/io_fault.so
# A program with a sanitizer wants its own library first and cannot be told otherwise for good.
ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0
export ASAN_OPTIONS

# rows FIRST COUNT: that many transactions with a token transfer each, three a block.
rows() {
    awk -v first="$1" -v count="$2" 'BEGIN {
        print "block,tx_hash,from,to,amount,tx_index,time,kind,position,asset,symbol,decimals,fee"
        for (i = first; i < first + count; i++) {
            block = 100 + int(i / 3)
            start = sprintf("%d,0x%064x,0x%040x,0x%040x,%d,%d,%d", block, i + 1, i % 97 + 1,
                            i % 89 + 200, i + 5, i % 3, 1600000000 + 12 * block)
            print start ",native,,,,,21000"
            print start ",token," i % 3 ",0x" sprintf("%040x", 7) ",TOK,6,"
        }
    }'
}

ingest() {
    "$SILLAGE" ingest --ledger "$1" --chain ethereum --format transfers --memory 32M "$2"
}

# state DIR: digest of the content, or "none".
state() {
    "$SILLAGE" ledger stats --ledger "$1" --json 2>/dev/null | grep -o '"state[a-z0-9]*":"[^"]*"' ||
        echo none
}

# hit AT HOW DIR FILE: import with the AT-th call hit; exit status in $got.
hit() {
    SG_IO_AT=$1 SG_IO_HOW=$2 LD_PRELOAD=$shim "$SILLAGE" ingest --ledger "$3" --chain ethereum \
        --format transfers --memory 32M "$4" >"$T/.out" 2>"$T/.err"
    got=$?
}

check_state() {
    now=$(state "$T/work")
    case $now in
    "$before" | "$after") ;;
    *) bad "$1: the ledger is neither as before nor as after: $now" ;;
    esac
    [ "$got" -ne 0 ] || [ "$now" = "$after" ] || bad "$1: success told, but the rows are not there"
    [ "$now" = none ] || "$SILLAGE" ledger check --ledger "$T/work" >"$T/.out" 2>&1 ||
        { bad "$1: ledger check finds faults"; head -n 5 "$T/.out" | sed 's/^/#   /'; }
    [ -z "$(find "$T/work" -name 'spill*')" ] || bad "$1: a temporary file stays behind"
}

# reset: the work ledger is the base again.
reset() {
    rm -rf "$T/work"
    [ ! -d "$T/base" ] || cp -r "$T/base" "$T/work"
}

# sweep FILE HOW...: hit the calls of an import of FILE into the base, in each way.
sweep() {
    file=$1
    shift
    before=$( [ -d "$T/base" ] && state "$T/base" || echo none)
    reset
    SG_IO_COUNT=$T/count LD_PRELOAD=$shim ingest "$T/work" "$file" >"$T/.out" 2>"$T/.err" ||
        { bad "the import alone fails"; sed 's/^/#   /' "$T/.err"; return; }
    after=$(state "$T/work")
    calls=$(cat "$T/count")
    [ "$calls" -ge 3 ] || bad "only $calls calls were seen: is the shim in place?"
    stride=$((calls / faults + 1))
    [ "$before" != "$after" ] || bad "the import changes nothing"
    for way in "$@"; do
        at=1
        while [ "$at" -le "$calls" ]; do
            reset
            hit "$at" "$way" "$T/work" "$file"
            case $way in
            kill) [ "$got" -eq 137 ] || [ "$got" -eq 0 ] || bad "$way $at: exit status $got" ;;
            *)
                [ "$got" -le 1 ] || bad "$way $at: exit status $got"
                [ "$got" -eq 0 ] || [ -s "$T/.err" ] || bad "$way $at: no sentence"
                ;;
            esac
            check_state "$way at call $at of $calls"
            at=$((at + stride))
        done
    done
}

# again FILE: after all that, the import goes through.
again() {
    ingest "$T/work" "$1" >"$T/.out" 2>"$T/.err" || bad "the import after the fault fails"
    same "$(state "$T/work")" "$after" "state after the import that went through"
}

claim "the shim that fails calls can be built"
${CC:-cc} -D_GNU_SOURCE -shared -fPIC -o "$shim" \
    "$SG_SOURCE/tests/support/preload/io_fault_preload.c" -ldl || bad "no shim"

rows 0 300 >"$T/first.csv"
rows 300 300 >"$T/later.csv"
rows 150 300 >"$T/between.csv"

claim "a first import on a bad disk is all or nothing"
sweep "$T/first.csv" eio enospc+ short
again "$T/first.csv"

claim "a first import that is killed is all or nothing"
sweep "$T/first.csv" kill
again "$T/first.csv"

run 0 ingest "$T/base" "$T/first.csv"

claim "an import at the end on a bad disk is all or nothing"
sweep "$T/later.csv" eio enospc+ short
again "$T/later.csv"

claim "an import at the end that is killed is all or nothing"
sweep "$T/later.csv" kill
again "$T/later.csv"

claim "an import in between, which builds a new generation, on a bad disk is all or nothing"
sweep "$T/between.csv" eio enospc+ short
again "$T/between.csv"

claim "an import in between that is killed is all or nothing"
sweep "$T/between.csv" kill
again "$T/between.csv"

claim "an import that sorts on disk is all or nothing there too"
rows 300 30000 >"$T/many.csv"
sweep "$T/many.csv" eio enospc+ kill
again "$T/many.csv"

claim "two imports at once: the second is told so, and the first goes through"
reset
mkfifo "$T/pipe"
"$SILLAGE" ingest --ledger "$T/work" --chain ethereum --format transfers - <"$T/pipe" \
    >"$T/first.out" 2>&1 &
first=$!
exec 3>"$T/pipe"
cat "$T/later.csv" >&3
# The lock is taken when the import begins; the header alone shows that it has.
n=0
while ingest "$T/work" "$T/first.csv" >"$T/.out" 2>"$T/.err" && [ $n -lt 50 ]; do
    n=$((n + 1))
done
run 1 ingest "$T/work" "$T/between.csv"
err_has "another import"
exec 3>&-
wait "$first" || bad "the first import failed"
before=$(state "$T/base")
after=$(state "$T/work")
[ "$before" != "$after" ] || bad "the first import added nothing"
run 0 "$SILLAGE" ledger check --ledger "$T/work"

done_testing
