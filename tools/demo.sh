#!/bin/sh
# The main job, once, on the case that comes with the project: the Ronin bridge theft of March 2022. Starts
# from nothing, so that what it shows comes from the files of cases/ alone. SILLAGE and OUT name another
# program and another folder for the results.
set -eu
cd "$(dirname "$0")/.."
sillage=${SILLAGE:-build/sillage}
out=${OUT:-out/ronin}
case_dir=cases/ronin-2022

# Say a command as a person would type it, then run it.
show() {
    echo "\$ $*"
    "$@"
    echo
}

rm -rf "$out"
mkdir -p "$out"
show "$sillage" ingest --ledger "$out/ledger" --chain ethereum --format transfers \
    --account "$case_dir/accounts.csv" "$case_dir/transfers.csv"
show "$sillage" trace "$case_dir/case.yaml" --ledger "$out/ledger" --policy all \
    --report "$out/report.html"
echo "The report: $(cd "$out" && pwd)/report.html"
