#!/bin/sh
# Blocks with extension blocks (MWEB) of a real node: Debian's litecoind on a regtest of its own, with coins
# paid into the extension block and out of it. The ledger must have the node's tip, and its count and sum of
# unspent outputs.
. "$(dirname "$0")/lib.sh"

claim "blocks with MWEB parts are followed, and the unspent outputs are the node's"
if ! command -v litecoind >/dev/null || ! command -v litecoin-cli >/dev/null; then
    skip "needs litecoind"
    done_testing
fi
litecoind_start
mine=$(cli getnewaddress)
# The extension begins at block 432, whose HogEx needs coins that go in.
cli generatetoaddress 431 "$mine" >/dev/null
cli sendtoaddress "$(cli getnewaddress "" mweb)" 5 >/dev/null
cli generatetoaddress 2 "$mine" >/dev/null
cli sendtoaddress "$(cli getnewaddress "" bech32)" 3 >/dev/null
cli generatetoaddress 3 "$mine" >/dev/null
tip=$(cli getbestblockhash)
unspent=$(litecoind_unspent)
litecoind_stop

run 0 "$SILLAGE" ingest --ledger "$T/L" --chain litecoin --network regtest --format blk "$T/node/regtest/blocks"
out_has 'aside: 0 stale, 0 without parent, 0 invalid'
run 0 "$SILLAGE" ledger stats --ledger "$T/L" --json
out_has "\"last_hash\":\"$tip\",\"coverage\":[{\"first_block\":0,\"last_block\":436}]"
out_has '"missing_outputs":0,'
same "$(ledger_unspent)" "$unspent" "unspent outputs and their value"

done_testing
