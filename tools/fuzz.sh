#!/bin/sh
# fuzz.sh SECONDS JOBS: libFuzzer on every target of build-fuzz, starting from the corpora in the tree.
# What it finds stays in build-fuzz/found/<target>; an input that breaks a target is reported with the
# command that repeats it, and the run fails.
set -eu
seconds=${1:?seconds a target} jobs=${2:?number of jobs}
build='build-fuzz'
targets=
for source in fuzz/fuzz_*.c; do
    target=${source##*/}
    targets="$targets ${target%.c}"
done
# shellcheck disable=SC2086
ninja -C $build -j "$jobs" --quiet $targets

bad=0
for target in $targets; do
    found=$build/found/$target
    mkdir -p "$found"
    log=$build/$target.log
    if (cd $build && "./$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=65536 -print_final_stats=1 "-artifact_prefix=found/$target-" "found/$target" \
        "../fuzz/corpora/${target#fuzz_}") >"$log" 2>&1; then
        printf 'ok - %s: %s runs, coverage %s\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
            "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)"
    else
        bad=$((bad + 1))
        printf 'not ok - %s\n' "$target"
        grep -E 'ERROR|SUMMARY|Assertion|runtime error|Test unit written' "$log" | head -n 10
        echo "repeat with: $build/$target FILE; then keep the file in fuzz/corpora/${target#fuzz_}/"
    fi
done
[ "$bad" -eq 0 ]
