#!/bin/sh
# sillage export: a case in the formats of others.
. "$(dirname "$0")/lib.sh"
case_file=$SG_SOURCE/cases/ronin-2022/case.yaml
folder=${case_file%/*}

claim "a case without a ledger gives its addresses with all claims"
for format in stix misp ftm tagpack; do
    run 0 "$SILLAGE" export --case "$case_file" --format "$format" --out "$T/$format"
    file_has "$T/$format" 0x098B716B8Aaf21512996dC57EB0615e2383E2f96
done
file_has "$T/stix" '"type":"bundle"'
file_has "$T/ftm" '"schema":"CryptoWallet"'

claim "with a ledger, findings and payments too"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers \
    --account "$folder/accounts.csv" --cover native "$folder/transfers.csv"
run 0 "$SILLAGE" export --case "$case_file" --ledger "$T/L" --format ftm
file_has "$T/.out" '"schema":"Payment"'
same "$(grep -c '"schema":"CryptoWallet"' "$T/.out")" 410 "wallets"
cp "$T/.out" "$T/first"
run 0 "$SILLAGE" export --case "$case_file" --ledger "$T/L" --format ftm
same_bytes "$T/.out" "$T/first"
run 0 "$SILLAGE" export --case "$case_file" --ledger "$T/L" --policy lifo --format misp
out_has '(lifo)'

claim "our own importer reads the TagPack back, every claim of it"
run 0 "$SILLAGE" labels import "$T/tagpack" --format tagpack --labels "$T/S"
out_has "labels added $(grep -c '^- address' "$T/tagpack"); left out 0"
run 3 "$SILLAGE" screen 0x098B716B8Aaf21512996dC57EB0615e2383E2f96 --labels "$T/S"
out_has 'theft'

claim "usage errors name what is missing"
run 2 "$SILLAGE" export --format stix
err_has '--case CASE.yaml is missing'
run 2 "$SILLAGE" export --case "$case_file"
err_has '--format is missing'
run 2 "$SILLAGE" export --case "$case_file" --format xls
err_has "no format 'xls'"
run 2 "$SILLAGE" export --case "$case_file" --format stix --policy fifo
err_has 'needs --ledger DIR'
run 2 "$SILLAGE" export --case "$case_file" --format stix --ledger "$T/L" --policy x
err_has "no policy 'x'"
run 1 "$SILLAGE" export --case "$T/none.yaml" --format stix
err_has 'none.yaml'
run 1 "$SILLAGE" export --case "$case_file" --format stix --out "$T/no/such/folder"
err_has 'no/such/folder'

done_testing
