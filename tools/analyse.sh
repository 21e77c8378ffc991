#!/bin/sh
# analyse.sh JOBS: cppcheck and clang-tidy over src/, first proved able to fail on planted faults.
set -eu
jobs=${1:?number of jobs}
cd "$(dirname "$0")/.."
root=$PWD
flags="-std=c17 -D_GNU_SOURCE -DSG_CHECKED=1 $(pkg-config --cflags yajl yaml-0.1 lmdb libzstd gsl)"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A place that is right all the same: cppcheck-suppress ID or NOLINT(ID) in a comment that says why.
# Not asked for: checks that follow paths without knowing that an output is set whenever the status is
# SG_OK, or that one of two pointers is there.
run_cppcheck() {
    cppcheck --quiet --enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
        --suppress=uninitvar --suppress=uninitStructMember --suppress=nullPointerRedundantCheck \
        --suppress=duplicateAssignExpression --suppress=arrayIndexThenCheck \
        -j "$jobs" --std=c11 -D_GNU_SOURCE -DSG_CHECKED=1 "$@"
}

# clang-tidy counts the warnings it hides on standard error; its findings go to standard output.
# shellcheck disable=SC2086
run_tidy() {
    xargs -P "$jobs" -n 4 sh -c 'flags=$1 root=$2; shift 2
        clang-tidy --quiet --config-file="$root/.clang-tidy" "$@" -- $flags -I "$root/src" 2>/dev/null' \
        tidy "$flags" "$root"
}

must_fail() { # WHAT COMMAND...
    what=$1
    shift
    if "$@" >/dev/null 2>&1; then
        echo "analyse: $what does not see a planted fault" >&2
        exit 1
    fi
}

cat >"$scratch/cppcheck.c" <<'C'
int last(void)
{
    int a[4] = {0, 1, 2, 3};
    return a[4];
}
C
cat >"$scratch/tidy.c" <<'C'
#include <string.h>
void clear(int *cells, size_t size);
void clear(int *cells, size_t size)
{
    memset(cells, '0', size);
}
C
tidy_planted() { echo "$scratch/tidy.c" | run_tidy; }
must_fail cppcheck run_cppcheck "$scratch/cppcheck.c"
must_fail clang-tidy tidy_planted

run_cppcheck -I src src
find src -name '*.c' | sort | run_tidy
