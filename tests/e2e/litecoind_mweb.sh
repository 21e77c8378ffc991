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
port=$((20000 + ($$ + 7777) % 20000))
cli() { litecoin-cli -regtest -datadir="$T/node" -rpcport=$port "$@"; }
mkdir "$T/node"
litecoind -regtest -datadir="$T/node" -rpcport=$port -listen=0 -fallbackfee=0.0001 >"$T/node.log" 2>&1 &
node=$!
tries=0
until cli getblockcount >/dev/null 2>&1 || [ $tries -eq 60 ]; do
    sleep 0.5
    tries=$((tries + 1))
done
cli createwallet w >/dev/null
mine=$(cli getnewaddress)
# The extension begins at block 432, whose HogEx needs coins that go in.
cli generatetoaddress 431 "$mine" >/dev/null
cli sendtoaddress "$(cli getnewaddress "" mweb)" 5 >/dev/null
cli generatetoaddress 2 "$mine" >/dev/null
cli sendtoaddress "$(cli getnewaddress "" bech32)" 3 >/dev/null
cli generatetoaddress 3 "$mine" >/dev/null
tip=$(cli getbestblockhash)
unspent=$(cli gettxoutsetinfo | tr -d ' ,\n' | sed 's/.*"txouts":\([0-9]*\).*"total_amount":\([0-9.]*\).*/\1 \2/')
cli stop >/dev/null 2>&1
kill $node 2>/dev/null
wait $node

run 0 "$SILLAGE" ingest --ledger "$T/L" --chain litecoin --network regtest --format blk "$T/node/regtest/blocks"
out_has 'aside: 0 stale, 0 without parent, 0 invalid'
run 0 "$SILLAGE" ledger stats --ledger "$T/L" --json
out_has "\"last_hash\":\"$tip\",\"coverage\":[{\"first_block\":0,\"last_block\":436}]"
out_has '"missing_outputs":0,'
# The first block's coinbase cannot be spent: nodes do not count it.
ours=$(sed 's/.*"unspent_outputs":\([0-9]*\),"unspent":"\([0-9.]*\)".*/\1 \2/' "$T/.out" | awk '{ printf "%d %.8f", $1 - 1, $2 - 50 }')
same "$ours" "$unspent" "unspent outputs and their value"

done_testing
