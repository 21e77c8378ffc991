#!/bin/sh
# The ledger of outputs against a real node: Debian's litecoind, a fork of Bitcoin Core, on a regtest of its
# own that nobody else can reach. It mines, pays to all forms of address, and reorganises; its folder of
# blocks and its RPC must give the same ledger, with the node's own count and sum of unspent outputs.
. "$(dirname "$0")/lib.sh"

claim "a node's blocks folder, its JSON and its own figures are one ledger, a reorganisation included"
if ! command -v litecoind >/dev/null || ! command -v litecoin-cli >/dev/null; then
    skip "needs litecoind"
    done_testing
fi
# Without -vbparams MWEB begins at block 432, whose blocks have another form.
litecoind_start -txindex -vbparams=mweb:999999999999:9999999999999
mine=$(cli getnewaddress)
cli generatetoaddress 110 "$mine" >/dev/null
for form in legacy p2sh-segwit bech32; do
    for n in 1 2 3; do
        cli sendtoaddress "$(cli getnewaddress "" $form)" "$n.0123456$n" >/dev/null
    done
    cli generatetoaddress 2 "$mine" >/dev/null
done
stale=$(cli getblockhash 115)
cli invalidateblock "$stale"
cli generatetoaddress 5 "$(cli getnewaddress)" >/dev/null
tip=$(cli getbestblockhash)
height=$(cli getblockcount)
unspent=$(litecoind_unspent)
h=0
while [ $h -le "$height" ]; do
    cli getblock "$(cli getblockhash $h)" 2 | tr -d '\n'
    echo
    h=$((h + 1))
done >"$T/blocks.jsonl"
litecoind_stop

run 0 "$SILLAGE" ingest --ledger "$T/L" --chain litecoin --network regtest --format blk "$T/node/regtest/blocks"
out_has 'aside: 2 stale, 0 without parent, 0 invalid'
run 0 "$SILLAGE" ledger stats --ledger "$T/L" --json
out_has "\"last_hash\":\"$tip\",\"coverage\":[{\"first_block\":0,\"last_block\":$height}]"
out_has '"missing_outputs":0,'
same "$(ledger_unspent)" "$unspent" "unspent outputs and their value"
sed 's/"stale_blocks":2/"stale_blocks":0/' "$T/.out" >"$T/want"
run 0 "$SILLAGE" ingest --ledger "$T/J" --chain litecoin --network regtest --format core-json "$T/blocks.jsonl"
"$SILLAGE" ledger stats --ledger "$T/J" --json >"$T/got"
same_bytes "$T/got" "$T/want"

done_testing
