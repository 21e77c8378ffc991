#!/bin/sh
# run.sh BUILD [NAME]: every bench of a release build, or bench_NAME alone, one after the other, with what is needed to read the
# figures. Results go to standard output, progress to standard error.
set -eu
build=${1:?build folder}
printf '# %s, %s cores, %s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(nproc)" "$(sed -n 's/^CMAKE_C_COMPILER:[^=]*=//p' "$build/CMakeCache.txt")"
printf '# load before: %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
for bench in "$build"/bench_${2:-*}; do
    [ -x "$bench" ] || continue
    echo "== ${bench##*/}" >&2
    "$bench" || { echo "${bench##*/} failed" >&2; exit 1; }
done
printf '# load after: %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
