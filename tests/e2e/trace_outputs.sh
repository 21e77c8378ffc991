#!/bin/sh
# sillage trace on chains of outputs: real blocks, the simulator's truth, its report and verify.
. "$(dirname "$0")/lib.sh"

head_of() {
    cat <<END
sillage_case: 1
name: outputs
title: A made-up theft in real blocks
date: 2016-05-26
sources:
  - {id: s, title: made up}
seeds:
END
}

# line POLICY: reached, fees, held.
line() {
    sed "s/.*\"$1\":{\"assets\":\[{//; s/\"destinations\".*//" "$T/.out" |
        sed 's/.*"reached":"\([0-9.]*\)".*"fees":"\([0-9.]*\)","held":"\([0-9.]*\)".*/\1 \2 \3/'
}

claim "usage errors say what is expected"
head_of >"$T/eth.yaml"
cat >>"$T/eth.yaml" <<END
  - {chain: bitcoin, tx: e723b59f47484a2853df9b936162b9ec40cfd78c5d594aea4ff0bb115a3824bf, asset: BTC, time: 2016-05-26, source: s}
END
run 2 "$SILLAGE" trace "$T/eth.yaml" --ledger "$T/L" --fees mine
err_has 'untraced or miner is expected'
run 2 "$SILLAGE" trace "$T/eth.yaml" --ledger "$T/L" --tiho-fee first
err_has 'last or share is expected'
run 1 "$SILLAGE" trace "$T/eth.yaml" --ledger "$T/L"
err_has 'there is no ledger of bitcoin'
run 0 "$SILLAGE" ingest --ledger "$T/G" --chain bitcoin --format block "$SG_SOURCE/fuzz/corpora/btc_block/genesis"
run 2 "$SILLAGE" trace "$T/eth.yaml" --ledger "$T/G"
err_has 'does not hold the transaction e723b59f'
run 2 "$SILLAGE" trace "$T/eth.yaml" --ledger "$T/G" --with-decoys
err_has 'is for chains of accounts'

# The figures of the two real files are those of another program, written apart.
claim "one bitcoin through 24 payouts of block 413567"
if block=$(shared bitcoin/block413567.raw); then
    head_of >"$T/b.yaml"
    cat >>"$T/b.yaml" <<END
  - {chain: bitcoin, tx: e723b59f47484a2853df9b936162b9ec40cfd78c5d594aea4ff0bb115a3824bf, output: 1, asset: BTC, amount: 1, time: 2016-05-26, source: s}
labels:
  - {chain: bitcoin, address: 1LfQCTuSNyewfUHxR996ToUXnN3yoXRbnD, entity: "An <exchange>", category: exchange, source: s, confidence: low}
END
    run 0 "$SILLAGE" ingest --ledger "$T/B" --chain bitcoin --format block "$block"
    run 0 "$SILLAGE" trace "$T/b.yaml" --ledger "$T/B" --json --csv "$T/csv" --report "$T/r.html"
    same "$(line fifo)" "0.15233000 0.00000000 0.84767000" fifo
    same "$(line lifo)" "0.00024000 0.00600000 0.99376000" lifo
    same "$(line haircut)" "0.12773195 0.01006224 0.86220581" haircut
    same "$(line tiho)" "0.00000000 0.00000000 1.00000000" tiho
    same "$(line libr)" "0.00000000 0.00000000 1.00000000" libr
    same "$(grep -c '^haircut' "$T/csv/outputs.csv")" 23 "outputs that haircut finds"
    file_has "$T/csv/outputs.csv" 'fifo,bitcoin,BTC,3Jvo1nfM2dxZtb4yarvBM97FjTAzaBWEeG,held,3c7a6eee93c69eb9bf103002aeb2e9a8c1bf1ad980a013b424047fc6dc06133d,1,0.83473867,1.01531431,'

    claim "its report names outputs and escapes labels, and verify repeats it"
    file_has "$T/r.html" '3c7a6eee93c69eb9bf103002aeb2e9a8c1bf1ad980a013b424047fc6dc06133d</code><code>:1</code>'
    file_has "$T/r.html" 'An &lt;exchange&gt;'
    file_lacks "$T/r.html" '0x3c7a6eee'
    run 0 "$SILLAGE" verify "$T/r.html"
    out_has 'holds'
    run 0 "$SILLAGE" trace "$T/b.yaml" --ledger "$T/B" --fees miner --tiho-fee share --policy haircut --report "$T/m.html"
    file_has "$T/m.html" 'miner'
    run 0 "$SILLAGE" verify "$T/m.html"

    claim "show: an address and a transaction of the block"
    run 0 "$SILLAGE" show 3Jvo1nfM2dxZtb4yarvBM97FjTAzaBWEeG --ledger "$T/B"
    out_has 'received           28.54906546 in 25 outputs'
    out_has 'not spent           1.01531431 in 1 output'
    run 0 "$SILLAGE" show 8fa933201dff5f15b76b28cb169e23ceceae148e2df008e9eefa62a535203b64 --ledger "$T/B" --case "$T/b.yaml"
    out_has 'block 413567, position 45, 2016-05-26T23:58:43Z'
    out_has 'fee 0.00050000'
    out_has '0  0.00024000 to 1LfQCTuSNyewfUHxR996ToUXnN3yoXRbnD An <exchange> (exchange), not spent'
    run 1 "$SILLAGE" show 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa --ledger "$T/B"
    err_has 'does not occur'
    run 2 "$SILLAGE" show 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb --ledger "$T/B"

    claim "a label store's services stop it too"
    sed '/^labels/,$d' "$T/b.yaml" >"$T/bare.yaml"
    printf 'address,entity,category,source,listed,delisted\n1LfQCTuSNyewfUHxR996ToUXnN3yoXRbnD,From a store,exchange,elsewhere,,\n' >"$T/labels.csv"
    run 0 "$SILLAGE" labels import "$T/labels.csv" --format csv --labels "$T/labels"
    run 0 "$SILLAGE" trace "$T/bare.yaml" --ledger "$T/B" --labels "$T/labels" --policy fifo --json
    out_has '"entity":"From a store","category":"exchange","amount":"0.15233000"'
else
    skip "needs shared data"
fi

claim "half of a coinbase through eleven transactions of a regtest chain"
if chain=$(shared bitcoin/regtest-blk00000.dat); then
    head_of >"$T/g.yaml"
    cat >>"$T/g.yaml" <<END
  - {chain: bitcoin-regtest, tx: f3b45fdcce84b47ba62186cb336a9e03da713d4fa3365f3708cfe908327ecd0c, output: 0, asset: BTC, amount: 25, time: 2016-05-26, source: s}
END
    run 0 "$SILLAGE" ingest --ledger "$T/R" --chain bitcoin --network regtest --format blk "$chain"
    run 0 "$SILLAGE" trace "$T/g.yaml" --ledger "$T/R" --json
    same "$(line fifo)" "0.00000000 0.00000000 25.00000000" fifo
    same "$(line lifo)" "0.00000000 0.00060000 24.99940000" lifo
    same "$(line haircut)" "0.00000000 0.00055000 24.99945000" haircut
    same "$(line tiho)" "0.00000000 0.00000000 25.00000000" tiho
    same "$(line libr)" "0.00000000 0.00000000 25.00000000" libr
    run 0 "$SILLAGE" trace "$T/g.yaml" --ledger "$T/R" --json --policy tiho --tiho-fee share
    out_has '"fees":"0.00066330","held":"24.99933670"'

    claim "with fees to the miner nothing of it is lost in them"
    run 0 "$SILLAGE" trace "$T/g.yaml" --ledger "$T/R" --fees miner --json --csv "$T/g"
    for policy in fifo lifo haircut tiho libr; do
        same "$(line $policy)" "0.00000000 0.00000000 25.00000000" $policy
    done
    same "$(sed 's/,.*//' "$T/g/outputs.csv" | grep -v policy | sort | uniq -c | awk '{ printf "%s %s ", $2, $1 }')" \
        "fifo 3 haircut 17 libr 9 lifo 12 poison 17 tiho 1 " "outputs"
else
    skip "needs shared data"
fi

done_testing
