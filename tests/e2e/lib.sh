# What every end-to-end script sources. Each claim is one line, "ok - CLAIM", "not ok - CLAIM" or
# "skip - CLAIM (WHY)"; ./do test counts them. A script tests the built program, $SILLAGE, as a person
# would run it: exit status first, then what it printed.
#
#     . "$(dirname "$0")/lib.sh"
#     claim "an unknown verb is a usage error that names it"
#     run 2 "$SILLAGE" vrace
#     err_has "no verb 'vrace'"
#     done_testing
#
# A claim is fulfilled when the next one begins and every check since has held. The scratch folder $T
# is empty at the start and gone at the end; `run` keeps what was printed in $T/.out and $T/.err.
set -u
: "${SILLAGE:?the program under test}" "${SG_SOURCE:?the source tree}"
SG_SHARED=${SG_SHARED:-$SG_SOURCE/../shared}
T=$(mktemp -d /tmp/sillage-e2e-XXXXXX) || exit 1
ended=early
# A script that ends before its last line has lost claims without a word.
at_exit() {
    rm -rf "$T"
    [ "$ended" = early ] || return 0
    echo "not ok - ${claim_text:-the script} (ended before done_testing)"
    exit 1
}
trap at_exit EXIT
trap 'exit 1' HUP INT TERM
LC_ALL=C
export LC_ALL

claim_text=
claim_bad=0
n_bad=0

claim_end() {
    [ -n "$claim_text" ] || return 0
    if [ "$claim_bad" -eq 0 ]; then
        echo "ok - $claim_text"
    else
        echo "not ok - $claim_text"
        n_bad=$((n_bad + 1))
    fi
    claim_text=
    claim_bad=0
}

# Begin a claim (and end the one before).
claim() {
    claim_end
    claim_text=$1
}

# The current claim does not hold, and why.
bad() {
    echo "# $*"
    claim_bad=1
}

# run STATUS COMMAND...: run it and demand that exit status. Standard input is empty.
run() {
    run_want=$1
    shift
    "$@" >"$T/.out" 2>"$T/.err" </dev/null
    run_got=$?
    [ "$run_got" -eq "$run_want" ] && return 0
    bad "exit status $run_got, expected $run_want: $*"
    sed 's/^/#   /' "$T/.err" | head -n 20
    return 0
}

# file_has FILE TEXT: the text, taken literally, is on some line.
file_has() {
    grep -qF -e "$2" "$1" && return 0
    bad "not found in ${1##*/}: $2"
    head -n 40 "$1" | cut -c 1-200 | sed 's/^/#   /'
}

file_lacks() {
    grep -qF -e "$2" "$1" || return 0
    bad "found in ${1##*/}: $2"
}

out_has() { file_has "$T/.out" "$1"; }
out_lacks() { file_lacks "$T/.out" "$1"; }
err_has() { file_has "$T/.err" "$1"; }

# same GOT EXPECTED [WHAT]: two strings are equal.
same() {
    [ "$1" = "$2" ] && return 0
    bad "${3:-value}: got '$1', expected '$2'"
}

# same_bytes FILE FILE
same_bytes() {
    cmp -s "$1" "$2" && return 0
    bad "$1 and $2 differ"
    cmp "$1" "$2" 2>&1 | head -n 1 | sed 's/^/#   /'
}

# shared PATH: succeeds if the developers' data is there, else marks the current claim as skipped.
#     claim "..."; if f=$(shared data/x.csv); then ...; else skip "needs shared data"; fi
shared() {
    [ -r "$SG_SHARED/$1" ] || return 1
    echo "$SG_SHARED/$1"
}

# End the current claim as skipped.
skip() {
    echo "skip - $claim_text ($1)"
    claim_text=
    claim_bad=0
}

# A node of its own on regtest, which nobody else can reach: litecoind_start OPTION..., then cli, then
# litecoind_stop. Its folder is $T/node.
litecoind_start() {
    port=$((20000 + $$ % 20000))
    mkdir "$T/node"
    litecoind -regtest -datadir="$T/node" -rpcport=$port -listen=0 -fallbackfee=0.0001 "$@" \
        >"$T/node.log" 2>&1 &
    node=$!
    tries=0
    until cli getblockcount >/dev/null 2>&1 || [ $tries -eq 60 ]; do
        sleep 0.5
        tries=$((tries + 1))
    done
    cli createwallet w >/dev/null
}
cli() { litecoin-cli -regtest -datadir="$T/node" -rpcport=$port "$@"; }
litecoind_stop() {
    cli stop >/dev/null 2>&1
    kill $node 2>/dev/null
    wait $node
}
# Count and sum of unspent outputs, as the node says, and as `ledger stats --json` just did.
# The first block's coinbase cannot be spent: nodes do not count it.
litecoind_unspent() {
    cli gettxoutsetinfo | tr -d ' ,\n' | sed 's/.*"txouts":\([0-9]*\).*"total_amount":\([0-9.]*\).*/\1 \2/'
}
ledger_unspent() {
    sed 's/.*"unspent_outputs":\([0-9]*\),"unspent":"\([0-9.]*\)".*/\1 \2/' "$T/.out" |
        awk '{ printf "%d %.8f", $1 - 1, $2 - 50 }'
}

# The last line of every script.
done_testing() {
    claim_end
    ended=well
    [ "$n_bad" -eq 0 ]
    exit
}
