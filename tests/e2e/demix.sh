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
err_has '--case needs --ledger DIR'

claim "a gas price that the theft and one withdrawer alone paid is shown, and weighs nothing"
echo "$hash" >"$T/list"
run 0 "$SILLAGE" demix --pool eth-100 --deposits "$small/prices" --withdrawals "$small/prices" \
    --depositors "$T/list" --json
out_has '"deposits_with_gas_price":1,"withdrawals_with_gas_price":1'
out_has '"rule":"unique_gas_price","detail":"1 of its withdrawals and 1 of the theft'
run 0 demix --depositors "$T/list" --json
out_lacks 'unique_gas_price'

claim "the window ends where one says, and what is expected outside is said"
run 0 demix --depositors "$T/list" --after 48
out_has 'window 2020-09-13T12:28:50Z to 2020-09-15T12:28:50Z'
out_has 'of its deposits are withdrawn elsewhen, or not'
run 2 demix --depositors "$T/list" --after 0
err_has '--after is 1 to 8760 hours'
run 2 demix --depositors "$T/list" --labels "$T"
err_has '--labels needs --ledger DIR'

claim "a table of block times: read where it has the block, else marked"
echo "$hash" >"$T/list"
printf 'number,hash,timestamp\n1015,0x1,1600000200\n' >"$T/blocks.csv"
run 0 demix --depositors "$T/list" --blocks "$T/blocks.csv" --json
out_has '"block":1015,"time_unix_s":1600000200,"time_estimated":false'
out_has '"block":1022,"time_unix_s":1600000286,"time_estimated":true'
run 0 demix --depositors "$T/list" --json
out_has '"block":1015,"time_unix_s":1600000195,"time_estimated":true'
printf '1015 1600000200\n' >"$T/blocks.csv"
run 1 demix --depositors "$T/list" --blocks "$T/blocks.csv"
err_has 'not the number of a block'
printf '1010,1600000000\n' >"$T/blocks.csv"
run 1 demix --depositors "$T/list" --blocks "$T/blocks.csv"
err_has 'the deposit in block 1010 says another time than the table of blocks: another chain'

claim "events in any order, and given twice, are the same events"
run 0 demix --depositors "$T/list" --json
sed 's/"duplicate_events":[0-9]*/"duplicate_events":0/' "$T/.out" >"$T/straight"
tr -d '[]\n' <"$small/both" | sed 's/}, {/}\n{/g' >"$T/lines"
{ sed -n '1!G;h;$p' "$T/lines" && cat "$T/lines"; } >"$T/turned"
run 0 "$SILLAGE" demix --pool eth-100 --deposits "$T/turned" --withdrawals "$T/turned" \
    --depositors "$T/list" --json
sed 's/"duplicate_events":[0-9]*/"duplicate_events":0/' "$T/.out" >"$T/other"
same_bytes "$T/straight" "$T/other"

claim "times that run backwards, and a withdrawal before any deposit, are refused with their block"
run 1 "$SILLAGE" demix --pool eth-100 --deposits "$small/backwards" --withdrawals "$small/both" \
    --depositors "$T/list"
err_has 'the deposit in block 1010 is earlier than one before'
sed 's/"blockNumber": 1015/"blockNumber": 15/' "$small/both" >"$T/early"
run 1 "$SILLAGE" demix --pool eth-100 --deposits "$T/early" --withdrawals "$T/early" \
    --depositors "$T/list"
err_has 'a withdrawal in block 15 precedes the first deposit'
run 1 "$SILLAGE" demix --pool eth-0.0001 --deposits "$small/both" --withdrawals "$small/both" \
    --depositors "$T/list"
err_has "pays a fee above the pool's denomination: another pool"

claim "pools of a file: each log at its contract's, each pool its own, the theft in all of them"
cat >"$T/pools.yaml" <<END
sillage_pools: 1
chain: ethereum
pools:
- {name: first, asset: ETH, decimals: 18, denomination: 100, events: ["$small/both"]}
- {name: second, asset: ETH, decimals: 18, denomination: 100, contracts: ["0xabababababababababababababababababababab"]}
- {name: third, asset: ETH, decimals: 18, denomination: 1}
logs: ["$small/two_pools"]
END
printf '%s\n%s\n%s\n' "$hash" "${hash%65}01" "${hash%65}99" >"$T/list"
run 0 "$SILLAGE" demix --pools "$T/pools.yaml" --depositors "$T/list" --json
out_has '"pool":"first"'
out_has '"pool":"second"'
out_has '"pools_without_deposits":["third"],"deposits_in_no_pool":1,"logs_of_other_contracts":1'
run 0 "$SILLAGE" demix --pools "$T/pools.yaml" --depositors "$T/list"
out_has 'pool second: deposits of the theft 1'
out_has 'pools without a deposit of the theft: 1; deposits in no pool: 1'
run 2 "$SILLAGE" demix --pools "$T/pools.yaml" --pool eth-100 --depositors "$T/list"
err_has '--pools names its own events'
echo "${hash%65}98" >"$T/list"
run 1 "$SILLAGE" demix --pools "$T/pools.yaml" --depositors "$T/list"
err_has "none of the depositors' deposits is in any of the pools"
sed -i "s|contracts: .*|contracts: ['0xcdabababababababababababababababababababab'], events: [\"$small/logs\"]}|" "$T/pools.yaml"
run 1 "$SILLAGE" demix --pools "$T/pools.yaml" --depositors "$T/list"
err_has 'not an address of this chain'
sed -i "s|0xcdab[ab]*|0xcdababababababababababababababababababab|" "$T/pools.yaml"
run 1 "$SILLAGE" demix --pools "$T/pools.yaml" --depositors "$T/list"
err_has "a log of a contract that is not this pool's"

claim "an address that withdrew from two pools of the theft is said to, without a weight"
cat >"$T/twice.yaml" <<END
sillage_pools: 1
chain: ethereum
pools:
- {name: one, asset: ETH, decimals: 18, denomination: 100, events: ["$small/both"]}
- {name: two, asset: ETH, decimals: 18, denomination: 100, events: ["$small/both"]}
END
echo "$hash" >"$T/list"
run 0 "$SILLAGE" demix --pools "$T/twice.yaml" --depositors "$T/list" --json
out_has '{"rule":"multiple_denomination","detail":"it is among the withdrawers of pool two","weight":null}'

claim "a ledger adds what it knows of withdrawers and depositors, with --depositors too"
dep=0x00000000000000000000000000000000000000dd
far=0x00000000000000000000000000000000000000ee
cat >"$T/transfers.csv" <<END
tx_hash,block,time,from,to,asset,amount
0x$(printf %064d 1),900,2020-09-13T12:00:00Z,$far,$dep,ETH,101
$hash,1010,2020-09-13T12:28:50Z,$dep,0x00000000000000000000000000000000000000aa,ETH,100
0x$(printf %064d 2),1100,2020-09-13T13:00:00Z,0x0000000000000000000000000000000000000007,$dep,ETH,1
0x$(printf %064d 3),1101,2020-09-13T13:01:00Z,$far,0x0000000000000000000000000000000000000007,ETH,1
END
run 0 "$SILLAGE" ingest --ledger "$T/small" --chain ethereum --format transfers "$T/transfers.csv"
run 0 demix --depositors "$T/list" --ledger "$T/small" --json
out_has '"withdrawers_in_ledger":1,'
out_has "{\"rule\":\"linked_address\",\"detail\":\"1 transfers between it and a depositor, first of them $dep\",\"weight\":null}"
out_has "first paid by one who also paid a depositor first, or is one: $far"
run 0 demix --depositors "$T/list" --ledger "$T/small"
out_has "linked_address: 1 transfers between it and a depositor, first of them $dep"
run 0 demix --depositors "$T/list" --json
out_has '"withdrawers_in_ledger":null,'

claim "a pool without files is read from the rows of the ledger"
cat >"$T/rows.yaml" <<END
sillage_pools: 1
chain: ethereum
pools:
- {name: rows, asset: ETH, decimals: 18, denomination: 100, contracts: ["0x00000000000000000000000000000000000000aa"]}
END
cat >"$T/rows.csv" <<END
tx_hash,block,time,kind,from,to,asset,amount
$hash,1010,2020-09-13T12:28:50Z,native,$dep,0x00000000000000000000000000000000000000aa,ETH,100000000000000000000
0x$(printf %064d 4),1011,2020-09-13T12:30:00Z,internal,0x00000000000000000000000000000000000000aa,$far,ETH,99000000000000000000
0x$(printf %064d 4),1011,2020-09-13T12:30:00Z,internal,0x00000000000000000000000000000000000000aa,0x00000000000000000000000000000000000000bb,ETH,1000000000000000000
0x$(printf %064d 5),1012,2020-09-13T12:31:00Z,native,$dep,0x00000000000000000000000000000000000000aa,ETH,3000000000000000000
END
run 0 "$SILLAGE" ingest --ledger "$T/rows" --chain ethereum --format transfers "$T/rows.csv"
run 0 "$SILLAGE" demix --pools "$T/rows.yaml" --depositors "$T/list" --ledger "$T/rows" --json
out_has '"pool":"rows"'
out_has '"odd_ledger_rows":1,'
out_has "\"address\":\"$far\""

claim "objects that are no events are counted, and the first is named"
echo "$hash" >"$T/list"
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
    [ "$1" -ge 955 ] || bad "precision $1 / 1000"
    [ "$2" -ge 955 ] || bad "recall $2 / 1000"
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

    claim "a trace looks behind mixers only when asked, apart from what the ledger proves"
    cat >"$T/ronin.yaml" <<END
sillage_pools: 1
chain: ethereum
pools:
- name: eth-100
  asset: ETH
  decimals: 18
  denomination: 100
  events: ["$pool", "${pool%deposits_1_eth_100.json.gz}withdrawals_1_eth_100.json.gz"]
END
    trace() { "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --policy fifo "$@"; }
    run 0 trace
    grep -v '^$' "$T/.out" >"$T/plain"
    run 0 trace --through-mixers 0.5 --pools "$T/ronin.yaml" --report "$T/r.html"
    out_has 'Behind mixers, by probability (no part of any figure above; addresses at 0.500000 or more)'
    out_has 'pool eth-100: 1751 deposits of traced money, 175,100.0000 ETH'
    grep -v '^$' "$T/.out" | sed '/^Behind mixers/,/; --json has them all/d; /^report:/d' >"$T/without"
    same_bytes "$T/plain" "$T/without"
    file_has "$T/r.html" '<strong>Nothing in this section is part of any other figure.</strong>'

    claim "its report is verified with the pools it names, and a changed pool is seen"
    run 0 "$SILLAGE" verify "$T/r.html" --case "$case_dir/case.yaml" --ledger "$T/L"
    out_has 'every byte of the page are the same'
    sed 's/name: eth-100/name: eth-hundred/' "$T/ronin.yaml" >"$T/other.yaml"
    run 1 "$SILLAGE" verify "$T/r.html" --case "$case_dir/case.yaml" --ledger "$T/L" \
        --pools "$T/other.yaml"
    out_has 'pools '

    claim "the least probability is one, and comes with the pools"
    run 2 trace --through-mixers 0.5
    err_has '--through-mixers needs --pools FILE, or a case with a pools_file'
    run 2 trace --pools "$T/ronin.yaml"
    err_has '--pools needs --through-mixers'
    run 2 trace --through-mixers 1.5 --pools "$T/ronin.yaml"
    err_has "--through-mixers '1.5' is no probability"

    claim "a case may name its pools; the page is the same but for the case"
    cp -r "$case_dir" "$T/case"
    cp "$T/ronin.yaml" "$T/case/pools.yaml"
    echo 'pools_file: pools.yaml' >>"$T/case/case.yaml"
    run 0 "$SILLAGE" trace "$T/case/case.yaml" --ledger "$T/L" --policy fifo --through-mixers 0.5
    out_has 'pool eth-100: 1751 deposits of traced money, 175,100.0000 ETH'
else
    skip "needs shared data"
fi

done_testing
