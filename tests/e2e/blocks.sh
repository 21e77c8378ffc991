#!/bin/sh
# sillage ingest and ledger on chains of outputs: real blocks into a ledger, figures known from elsewhere.
. "$(dirname "$0")/lib.sh"

claim "usage errors name what is missing"
run 2 "$SILLAGE" ingest --ledger "$T/L" --chain bitcoin --format csv "$T/x"
err_has 'blk, block or core-json is expected'
run 2 "$SILLAGE" ingest --ledger "$T/L" --chain bitcoin --network mars --format blk "$T/x"
err_has 'no such network of bitcoin'
run 1 "$SILLAGE" ingest --ledger "$T/L" --chain bitcoin --format blk "$T/nowhere"
err_has "$T/nowhere"

claim "a file without blocks is an error, a folder without blk files too"
echo hello >"$T/x"
run 1 "$SILLAGE" ingest --ledger "$T/L" --chain bitcoin --format blk "$T/x"
err_has 'no block of bitcoin'
mkdir "$T/empty"
run 2 "$SILLAGE" ingest --ledger "$T/L" --chain bitcoin --format blk "$T/empty"
err_has 'no blk*.dat'

claim "block 0 is read from its bytes"
run 0 "$SILLAGE" ingest --ledger "$T/G" --chain bitcoin --format block "$SG_SOURCE/fuzz/corpora/btc_block/genesis" --json
out_has '"blocks_found":1,"blocks_added":1,'
run 0 "$SILLAGE" ledger stats --ledger "$T/G" --json
out_has '"blocks":1,"transactions":1,"inputs":0,"outputs":1,"unspent_outputs":1,"unspent":"50.00000000","addresses":1,'
out_has '"coverage":[{"first_block":0,"last_block":0}]'
run 0 "$SILLAGE" ledger check --ledger "$T/G"
out_has 'bitcoin: sound'

claim "block 0 as the node's JSON is the same ledger"
cat >"$T/genesis.json" <<'END'
{"result": {"hash": "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", "height": 0, "version": 1,
  "merkleroot": "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "time": 1231006505,
  "nonce": 2083236893, "bits": "1d00ffff",
  "tx": [{"txid": "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "version": 1, "locktime": 0,
    "vin": [{"coinbase": "04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73", "sequence": 4294967295}],
    "vout": [{"value": 50.00000000, "n": 0, "scriptPubKey": {"hex": "4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac", "type": "pubkey"}}]}]}}
END
run 0 "$SILLAGE" ingest --ledger "$T/J" --chain bitcoin --format core-json "$T/genesis.json"
"$SILLAGE" ledger stats --ledger "$T/G" --json >"$T/want"
"$SILLAGE" ledger stats --ledger "$T/J" --json >"$T/got"
same_bytes "$T/got" "$T/want"
sed 's/"value": 50/"value": 51/' "$T/genesis.json" >"$T/forged.json"
run 1 "$SILLAGE" ingest --ledger "$T/F" --chain bitcoin --format core-json "$T/forged.json"
err_has 'the merkle root is not that of the transactions'
sed 's/2083236893/2083236894/' "$T/genesis.json" >"$T/forged.json"
run 1 "$SILLAGE" ingest --ledger "$T/F" --chain bitcoin --format core-json "$T/forged.json"
err_has 'and not to its "hash"'

claim "a damaged ledger is refused"
cp -r "$T/G" "$T/D"
head -c 5000 "$T/G/bitcoin/utxo.mdb" >"$T/D/bitcoin/utxo.mdb"
run 1 "$SILLAGE" ledger stats --ledger "$T/D" --chain bitcoin
err_has 'utxo.mdb'

# Counted by another program, from the same files.
stats() {
    "$SILLAGE" ledger stats --ledger "$1" --json | sed 's/.*"blocks"/"blocks"/; s/"unspent.*"addr/"addr/; s/,"reused.*//'
}
claim "real blocks: counts are those of another program"
if d=$(shared data/bitcoin) && command -v bzip2 >/dev/null; then
    run 0 "$SILLAGE" ingest --ledger "$T/A" --chain bitcoin --format blk "$d/blk_0_to_4.dat.bz2"
    same "$(stats "$T/A")" '"blocks":5,"transactions":9,"inputs":4,"outputs":10,"addresses":4,"owners":4,"missing_outputs":0'
    run 0 "$SILLAGE" ingest --ledger "$T/R" --chain bitcoin --network regtest --format blk "$d/regtest-blk00000.dat"
    same "$(stats "$T/R")" '"blocks":202,"transactions":356,"inputs":178,"outputs":693,"addresses":213,"owners":214,"missing_outputs":0'
    run 0 "$SILLAGE" ingest --ledger "$T/B" --chain bitcoin --format block "$d"/*.raw "$d"/*.blk
    same "$(stats "$T/B")" '"blocks":4,"transactions":7602,"inputs":23489,"outputs":18218,"addresses":14723,"owners":14724,"missing_outputs":21869'
    run 0 "$SILLAGE" ledger stats --ledger "$T/B" --json
    out_has '"coverage":[{"first_block":413567,"last_block":413567},{"first_block":540107,'
    run 0 "$SILLAGE" ingest --ledger "$T/E" --chain bitcoin --format blk "$d/277647.dat.bz2"
    same "$(stats "$T/E")" '"blocks":1,"transactions":213,"inputs":732,"outputs":769,"addresses":687,"owners":687,"missing_outputs":670'
else
    skip "needs shared data"
fi

claim "a chain cut in two imports, and again, is the chain"
if d=$(shared data/bitcoin); then
    f=$d/regtest-blk00000.dat
    head -c 40000 "$f" >"$T/part"
    run 0 "$SILLAGE" ingest --ledger "$T/P" --chain bitcoin --network regtest --format blk "$T/part"
    out_has 'is cut at the end'
    run 0 "$SILLAGE" ingest --ledger "$T/P" --chain bitcoin --network regtest --format blk "$f"
    run 0 "$SILLAGE" ingest --ledger "$T/P" --chain bitcoin --network regtest --format blk "$f"
    out_has '202 blocks found, 0 new, 0 rolled back'
    same "$(stats "$T/P")" "$(stats "$T/R")"
else
    skip "needs shared data"
fi

claim "a chain that takes more memory than it may is refused, and nothing is kept"
run 1 "$SILLAGE" ingest --ledger "$T/M" --chain bitcoin --network regtest --format blk --memory 100K "$SG_SOURCE/tests/data/regtest.blk"
err_has 'the ledger takes more than 102400 bytes of memory after '
err_has 'it is as it was'
run 1 "$SILLAGE" ledger stats --ledger "$T/M"

done_testing
