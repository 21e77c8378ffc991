#!/bin/sh
# The main job, once, on the case that comes with the project: the Ronin bridge theft of March 2022. Needs
# build/sillage. Starts from nothing, so that what it shows comes from the files of cases/ alone.
set -eu
cd "$(dirname "$0")/.."
case_dir=cases/ronin-2022
out=out/ronin
ledger=$out/ledger

# Say a command as a person would type it, then run it.
show() {
    echo "\$ $*"
    "$@"
    echo
}

rm -rf "$out"
mkdir -p "$out"
show build/sillage ingest --ledger "$ledger" --chain ethereum --format transfers \
    --account "$case_dir/accounts.csv" "$case_dir/transfers.csv"
show build/sillage trace "$case_dir/case.yaml" --ledger "$ledger" --policy all \
    --report "$out/report.html"
echo "The report: $PWD/$out/report.html"
