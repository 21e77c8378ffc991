#!/bin/sh
# sillage demix: on a small pool, and on the Ronin theft where the data for developers is there.
. "$(dirname "$0")/lib.sh"
small=$SG_SOURCE/fuzz/corpora/tornado
demix() { "$SILLAGE" demix --pool eth-100 --deposits "$small/both" --withdrawals "$small/both" "$@"; }
hash=0x0000000000000000000000000000000000000000000000000000000000000065

claim "a list of hashes is enough; what is given twice is counted once"
echo "$hash" >"$T/list"
run 0 demix --depositors "$T/list" --json
out_has '"pool":"eth-100","denomination":"100.000000000000000000"'
out_has '"deposits":1,"deposits_not_in_pool":0,"duplicate_events":9,"bad_events":0'
out_has '"address":"0x0000000000000000000000000000000000000007"'
run 0 demix --depositors "$T/list"
out_has 'deposits of the theft 1, depositors 1'
out_has 'probabilities, not proof'

claim "columns are found by name, and rows of one depositor are one batch"
printf 'depositor,block,tx_hash\nann,1,%s\nbob,2,%s\nann,3,%s\n' "$hash" \
    "${hash%65}66" "${hash%65}67" >"$T/list.csv"
run 0 demix --depositors "$T/list.csv" --json
out_has '{"name":"ann","deposits":2,'
out_has '{"name":"bob","deposits":1,'

claim "a depositor that never deposited is not found, and said so"
echo "${hash%65}99" >"$T/list"
run 1 demix --depositors "$T/list"
err_has "none of the depositors' deposits is in this pool"

claim "a bad list is refused with its line"
printf '%s\nnonsense\n' "$hash" >"$T/list"
run 1 demix --depositors "$T/list"
err_has 'line 2'
err_has 'not a transaction hash'

claim "a cut file, two pools, an unknown pool and missing words are errors that name the thing"
echo "$hash" >"$T/list"
run 1 "$SILLAGE" demix --pool eth-100 --deposits "$small/zlib_cut" --withdrawals "$small/both" \
    --depositors "$T/list"
err_has 'zlib_cut'
run 1 "$SILLAGE" demix --pool eth-100 --deposits "$small/logs" --withdrawals "$small/two_pools" \
    --depositors "$T/list"
err_has 'the logs are of two contracts'
run 2 "$SILLAGE" demix --pool doge-1 --deposits "$small/both" --withdrawals "$small/both" \
    --depositors "$T/list"
err_has "no pool 'doge-1'"
run 2 demix
err_has '--depositors FILE'
run 2 demix --case "$SG_SOURCE/cases/ronin-2022/case.yaml"
err_has '--case and --ledger go together'

claim "objects that are no events are counted, and the first is named"
run 0 "$SILLAGE" demix --pool eth-100 --deposits "$small/lines" --withdrawals "$small/lines" \
    --depositors "$T/list"
out_has '2 objects were no events of a pool'
out_has 'transactionHash is not 0x and 64 hex digits'

# truth PROBABILITY: precision and recall of the withdrawals at or above it, in thousandths.
truth() {
    tr '{' '\n' <"$T/out.json" | awk -F'"' -v cut="$1" '
        FNR == NR { if (split($0, c, ",") > 3 && FNR > 1) { is[c[4]] = 1; n++ } next }
        $2 == "address" { p = $7; gsub(/[:,]/, "", p) }
        $2 == "tx" && p + 0 >= cut { taken++; hit += $4 in is }
        END { printf "%d %d\n", 1000 * hit / taken, 1000 * hit / n }' "$truth_file" -
}

claim "the Ronin theft: nearly all of the reading is ranked at 0.5 or more (weights fitted to it)"
if pool=$(shared data/tornado/deposits_1_eth_100.json.gz); then
    truth_file=$SG_SHARED/data/ronin-2022/tc_withdrawals_truth.csv
    ronin() {
        "$SILLAGE" demix --pool eth-100 --deposits "$pool" \
            --withdrawals "${pool%deposits_1_eth_100.json.gz}withdrawals_1_eth_100.json.gz" "$@"
    }
    run 0 ronin --depositors "$SG_SHARED/data/ronin-2022/tc_deposits_truth.csv" --json
    cp "$T/.out" "$T/out.json"
    out_has '"deposits":1751,"deposits_not_in_pool":0,'
    # shellcheck disable=SC2046
    set -- $(truth 0.5)
    [ "$1" -ge 985 ] || bad "precision $1 / 1000"
    [ "$2" -ge 985 ] || bad "recall $2 / 1000"
    out_has '"addresses_half_or_more"'

    claim "the same bytes again"
    run 0 ronin --depositors "$SG_SHARED/data/ronin-2022/tc_deposits_truth.csv" --json
    same_bytes "$T/.out" "$T/out.json"

    claim "the case and its ledger name the deposits by themselves"
    case_dir=$SG_SOURCE/cases/ronin-2022
    run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers \
        --account "$case_dir/accounts.csv" --cover native "$case_dir/transfers.csv"
    run 0 ronin --case "$case_dir/case.yaml" --ledger "$T/L" --json
    cp "$T/.out" "$T/out.json"
    # shellcheck disable=SC2046
    set -- $(truth 0.5)
    [ "$1" -ge 900 ] || bad "precision $1 / 1000"
    [ "$2" -ge 900 ] || bad "recall $2 / 1000"
else
    skip "needs shared data"
fi

done_testing
