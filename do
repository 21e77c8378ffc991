#!/bin/sh
# The one script: ./do setup|build|demo|test|lint|bench|fuzz|fmt
set -eu
cd "$(dirname "$0")"
build() { # DIR CC CMAKE_ARGS...
    dir=$1 cc=$2
    shift 2
    cmake -S . -B "$dir" -G Ninja -DCMAKE_C_COMPILER="$cc" "$@" >"$dir.log" 2>&1 || { cat "$dir.log"; exit 1; }
    rm -f "$dir.log"
    ninja -C "$dir" ${NINJA_ARGS:-} | tail -n 3
}
case "${1:-}" in
build) build build gcc ;;
test) build build gcc && ctest --test-dir build --output-on-failure ;;
fmt) find src tests fuzz bench -name '*.[ch]' -print0 | xargs -0 clang-format -i ;;
*) echo "usage: ./do build|test|fmt" >&2; exit 2 ;;
esac
