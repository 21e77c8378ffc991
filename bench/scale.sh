#!/bin/sh
# scale.sh: make a world of SIZE transfers straight into a ledger, check it, and say what it took.
#
#   SIZE=766000000 DIR=/big/folder bench/scale.sh build/sillage       the chain-scale run, hashes left out
#   SIZE=100000000 HASHES=1 DIR=... bench/scale.sh build/sillage      random hashes, looked up by hash
#
# MEMORY (8G) is for sorting lists at the end, when the world's is free again; the world itself takes about 7 bytes a transfer of memory.
# KEEP=1 leaves the ledger for other benches. Prints rows a second, bytes a transfer by part, peak disk, peak memory.
set -eu
sillage=${1:?the program}
size=${SIZE:-10000000}
dir=${DIR:-/tmp/sillage-scale}
mkdir -p "$dir"
cat >"$dir/scenario.yaml" <<END
sillage_scenario: 1
hashes: ${HASHES:-0}
people_told: 0
people: $((size * 12 / 100 > 1000 ? size * 12 / 100 : 1000))
exchanges: 64
services: 4096
brokers: 64
background: {newcomer: 160}
END

# Largest size of the folder, looked at every second.
watch_disk() {
    peak=0
    while :; do
        now=$(du -sk "$dir" 2>/dev/null | cut -f1)
        [ "${now:-0}" -gt "$peak" ] && peak=$now && echo "$peak" >"$dir/peak"
        sleep 1
    done
}

watch_disk &
watcher=$!
trap 'kill $watcher 2>/dev/null || :' EXIT
begin=$(date +%s)
"$sillage" simulate --out "$dir/world" --seed "${SEED:-1}" --transfers "$size" --format ledger \
    --threads 2 --memory "${MEMORY:-8G}" --scenario "$dir/scenario.yaml" &
world=$!
# VmHWM only grows, so the last look before the end is the peak.
while kill -0 $world 2>/dev/null; do
    sed -n 's/^VmHWM: *//p' "/proc/$world/status" >"$dir/memory.new" 2>/dev/null || :
    [ -s "$dir/memory.new" ] && mv "$dir/memory.new" "$dir/memory"
    sleep 0.2
done
wait $world
end=$(date +%s)
seconds=$((end - begin > 0 ? end - begin : 1))
kill $watcher 2>/dev/null || :
echo "generate and load: $seconds s, $((size / seconds)) transfers a second"
echo "peak memory: $(cat "$dir/memory")"
echo "peak disk: $(cat "$dir/peak" 2>/dev/null || echo 0) kB"
begin=$(date +%s)
"$sillage" ledger stats --ledger "$dir/world/ledger" --chain ethereum
echo "open, twice: $(($(date +%s) - begin)) s"
begin=$(date +%s)
"$sillage" ledger check --ledger "$dir/world/ledger"
echo "check: $(($(date +%s) - begin)) s"
if [ "${HASHES:-0}" = 1 ]; then
    hash=$(grep -o '"tx":"0x[0-9a-f]*' "$dir/world/truth.json" | head -n 1 | cut -d'"' -f4)
    "$sillage" show "$hash" --ledger "$dir/world/ledger" | head -n 3
fi
[ "${KEEP:-0}" = 1 ] || rm -rf "$dir/world"
