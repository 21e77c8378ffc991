#!/bin/sh
# The one script of the project. ./do help tells what it can do; CI calls the same commands.
set -eu
cd "$(dirname "$0")"
JOBS=${JOBS:-2}
if [ "${CI:-}" = true ]; then
    WERROR_CFLAGS=-Werror
    export WERROR_CFLAGS
fi

usage() {
    cat <<'END'
usage: ./do COMMAND

  setup [parquet]  install the packages that are missing (Debian 12; root or sudo);
                   with `parquet` also DuckDB's library, which reads Parquet files
  build            build/sillage (release, with symbols) and build/libsillage.a
  demo             setup, build, and follow the Ronin theft of 2022 to its destinations
  test             setup, then all tests under gcc and clang with sanitizers, then the
                   release program; ends with a count of passed, failed and skipped
  lint             the source rules of HACKING.md, each proved able to fail
  bench [NAME]     benchmarks as ratios to yardsticks of the same run; all, or bench/bench_NAME.c,
                   as workers (linkage) and workers-check (red flags) on made-up worlds, or graphs
                   (reach beside igraph, GraphBLAS and SQLite, which it installs)
  fuzz [SECONDS]   libFuzzer on every target, SECONDS each (default 20)
  fmt              clang-format over all C files

JOBS=N sets how many compilers or tests run at once (default 2).
END
}

say() { printf '== %s\n' "$*"; }
die() {
    printf 'do: %s\n' "$*" >&2
    exit 1
}

# What each step needs, as Debian 12 names it. docs/decisions/0002-dependencies.md says why.
packages_build='gcc libc6-dev cmake ninja-build pkg-config
    libssl-dev zlib1g-dev libzstd-dev libbz2-dev libyajl-dev libyaml-dev libexpat1-dev liblmdb-dev
    libgsl-dev libgit2-dev libicu-dev
    libcmocka-dev'
packages_test='clang libclang-rt-14-dev litecoind'
packages_graphs='libigraph-dev libgraphblas-dev libsqlite3-dev'
packages_lint='clang-format clang-tidy cppcheck shellcheck'

# How to become root, or the reason why not; said before any output goes to a log.
find_root() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null; then
        as_root=sudo
    else
        die "installing $* needs root or sudo"
    fi
}

apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" >setup.log 2>&1; }

missing_packages() {
    for package in "$@"; do
        case $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) in
        installed) ;;
        *) printf '%s ' "$package" ;;
        esac
    done
}

# Install what is missing of the packages given; without a word, and without the network, when
# nothing is.
need() {
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system; these packages or their like must be there: $*"
        return 0
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    find_root "$missing"
    say "installing $missing"
    apt update || { tail -n 20 setup.log >&2; die "apt-get update failed"; }
    # shellcheck disable=SC2086
    apt install -y --no-install-recommends $missing ||
        { tail -n 20 setup.log >&2; die "apt-get install failed"; }
    rm -f setup.log
}

# configure PRESET: quiet unless it fails.
configure() {
    cmake --preset "$1" >"configure-$1.log" 2>&1 || { cat "configure-$1.log" >&2; die "cmake failed"; }
    rm -f "configure-$1.log"
}

# make_targets DIR TARGET...: warnings and errors are shown, progress is not.
make_targets() {
    dir=$1
    shift
    ninja -C "$dir" -j "$JOBS" --quiet "$@"
}

# shellcheck disable=SC2086
do_setup() {
    need $packages_build $packages_test $packages_lint
    case "${1:-}" in
    '') ;;
    parquet)
        command -v npm >/dev/null || need npm
        tools/setup_parquet.sh
        ;;
    *) die "setup knows only 'parquet', not '$1'" ;;
    esac
}

# shellcheck disable=SC2086
do_build() {
    need $packages_build
    configure release
    make_targets build sillage libsillage
    say "built build/sillage and build/libsillage.a"
}

do_demo() {
    do_build
    tools/demo.sh
}

# run_tests DIR CTEST_ARGS...: adds to n_passed, n_failed, n_skipped.
run_tests() {
    dir=$1
    shift
    log=$dir/Testing/Temporary/LastTest.log
    rm -f "$log"
    # ctest's verdict is not lost: each test that it calls failed is counted as one at least.
    ctest --test-dir "$dir" -j "$JOBS" --output-on-failure --no-tests=error \
        --timeout 600 "$@" || true
    [ -r "$log" ] || die "ctest left no log in $dir"
    # shellcheck disable=SC2046
    set -- $(awk -f tools/count_tests.awk "$log")
    n_passed=$((n_passed + $1))
    n_failed=$((n_failed + $2))
    n_skipped=$((n_skipped + $3))
    say "$dir: $1 passed, $2 failed, $3 skipped"
}

# shellcheck disable=SC2086
do_test() {
    need $packages_build $packages_test
    n_passed=0 n_failed=0 n_skipped=0
    for preset in gcc clang; do
        say "tests under $preset, with sanitizers"
        configure "$preset"
        make_targets "build-$preset" sg_tests
        run_tests "build-$preset"
    done
    say "the release build, end to end"
    configure release
    make_targets build sillage libsillage
    run_tests build -L e2e
    echo "$n_passed passed, $n_failed failed, $n_skipped skipped"
    [ "$n_failed" -eq 0 ]
}

# shellcheck disable=SC2086
do_lint() {
    need $packages_build $packages_test $packages_lint
    say "source rules, each proved able to fail"
    sh tools/test_lints.sh
    sh tools/test_count.sh
    say "source rules"
    sh tools/lint.sh .
    say "format"
    c_files | xargs clang-format --dry-run -Werror
    say "shell scripts"
    shellcheck -S warning -s sh ./do tools/*.sh bench/*.sh tests/e2e/*.sh
    say "headers stand alone"
    configure release
    make_targets build sg_headers sillage
    say "external symbols"
    for layer in base formats store analysis app; do
        set -- "$@" "build/libsg_$layer.a"
    done
    sh tools/lint_symbols.sh "$@"
    say "cppcheck and clang-tidy"
    sh tools/analyse.sh "$JOBS"
    say "lint passed"
}

# shellcheck disable=SC2086
do_bench() {
    need $packages_build
    name=$(echo "${1:-}" | tr - _)
    # Others to compare with: nothing else needs them, so they come when they are asked for.
    [ "$name" != graphs ] || need $packages_graphs
    configure release
    if [ -n "$name" ]; then make_targets build "bench_$name"; else make_targets build benches; fi
    sh bench/run.sh build "$name"
}

# shellcheck disable=SC2086
do_fuzz() {
    need $packages_build $packages_test
    configure fuzz
    sh tools/fuzz.sh "${1:-20}" "$JOBS"
}

c_files() { find src tests fuzz bench -name '*.[ch]' | sort; }

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
setup) do_setup "$@" ;;
build) do_build ;;
demo) do_demo ;;
test) do_test ;;
lint) do_lint ;;
bench) do_bench "$@" ;;
fuzz) do_fuzz "$@" ;;
fmt) c_files | xargs clang-format -i ;;
help | --help | -h) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
