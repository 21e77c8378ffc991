#!/bin/sh
# Put DuckDB's library, which reads Parquet files, into build/duckdb/. It is not in Debian 12, so it is
# taken from the npm package of its authors, at a fixed version with a fixed digest, and loaded at run
# time where it is present. Nothing else of the build needs it. Needs npm.
set -eu
cd "$(dirname "$0")/.."
version=1.5.6-r.1
case $(uname -m) in
x86_64) arch=x64 digest=1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff ;;
aarch64) arch=arm64 digest=3a45a6305b3235a781ed9de25aa795a3862acd042782d1f864e1bdb656de212b ;;
*) echo "setup: no DuckDB library is known for $(uname -m)" >&2; exit 1 ;;
esac
target=build/duckdb
if [ "$(cat $target/version 2>/dev/null)" = "$version" ]; then
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent "@duckdb/node-bindings-linux-$arch@$version" >/dev/null)
echo "$digest  $(echo "$scratch"/*.tgz)" | sha256sum --check --quiet
tar -xzf "$scratch"/*.tgz -C "$scratch"
mkdir -p $target
cp "$scratch/package/libduckdb.so" "$scratch/package/LICENSE" $target/
echo "$version" >$target/version
echo "== DuckDB $version is in $target"
