# Goal: show says what the ledger knows, no more and no less. Method: the Ronin ledger, against sums
# that awk makes of the same table, and the edges of what can be asked.
. "$(dirname "$0")/lib.sh"
ronin=$SG_SOURCE/cases/ronin-2022
ledger=$T/ledger
thief=0x098b716b8aaf21512996dc57eb0615e2383e2f96
theft=0xc28fad5e8d5e0ce6a2eaf67b6687be5d58113e16be590824d6cfa1a94467d0b7

claim "the Ronin transfers are ingested"
run 0 "$SILLAGE" ingest --ledger "$ledger" --chain ethereum --format transfers \
    --account "$ronin/accounts.csv" "$ronin/transfers.csv"

claim "an address: flows, coverage, labels, counterparties"
run 0 "$SILLAGE" show "$thief" --ledger "$ledger" --case "$ronin/case.yaml"
out_has "$thief on ethereum"
out_has "label: Ronin thief (theft), theft_primary, confidence high, by ofac-2022-04-14"
out_has "$(awk -F, -v a="$thief" '$5 == a || $6 == a { n++ } END { print n }' "$ronin/transfers.csv") rows in 421"
out_has "out     182165.956030000000000000 in 38 transfers"
out_has "in      8665.903284370699043583 in 383 transfers"
out_has "fees    0.154503098258739344"
out_has "more went out than these rows brought in"
out_has "covered: native, blocks 14442778 to 17894128"
out_has "0x665660f65e94454a64b96693a67a41d440155617 Ronin thief (swapper)  in 4870.142605602774505227 (3)  out 1.000000000000000000 (1)"

claim "without a case there are no labels"
run 0 "$SILLAGE" show "$thief" --ledger "$ledger"
out_lacks "Ronin thief"

claim "an address that is not covered is said to be so"
run 0 "$SILLAGE" show 0xf49fa9956cd53c4581a974a7fd535a15c47b954a --ledger "$ledger"
out_has "not covered: there may be more than these rows"
out_has "left    30.000000000000000000"

claim "a transaction: order, status, fee, rows"
run 0 "$SILLAGE" show "$theft" --ledger "$ledger" --case "$ronin/case.yaml"
out_has "$theft on ethereum"
out_has "block 14442835, position unknown: the order of the file is kept"
out_has "status ok, fee 0.019899000000000000 ETH, sent by $thief Ronin thief (theft)"
out_has "native   $thief Ronin thief (theft) -> 0x1a2a1c938ce3ec39b6d47113c7955baa9dd454f2 Ronin bridge (victim)"

claim "a failed transaction moved only its fee"
run 0 "$SILLAGE" show 0x73fde2be4af1663e3c3693aeddee48faf81738627079219a1b6ca224b65f497c --ledger "$ledger"
out_has "status failed, fee 0.008901809625225110 ETH"

claim "letters of either case, and a hash without 0x, are the same"
run 0 "$SILLAGE" show "$thief" --ledger "$ledger"
cp "$T/.out" "$T/lower"
run 0 "$SILLAGE" show 0x098B716B8Aaf21512996dC57EB0615e2383E2f96 --ledger "$ledger"
same_bytes "$T/.out" "$T/lower"
run 0 "$SILLAGE" show "${theft#0x}" --ledger "$ledger"
out_has "$theft on ethereum"

claim "what does not occur is an answer of its own"
run 1 "$SILLAGE" show 0x0000000000000000000000000000000000000001 --ledger "$ledger" --json
err_has "0x0000000000000000000000000000000000000001 does not occur in"
same "$(wc -c <"$T/.out" | tr -d ' ')" 0 "bytes on standard output"

claim "questions that make no sense are usage errors, each with its sentence"
run 2 "$SILLAGE" show 0x12 --ledger "$ledger"
err_has "'0x12' is neither an address nor a transaction hash"
run 2 "$SILLAGE" show "$thief"
err_has "--ledger DIR is missing"
run 2 "$SILLAGE" show "$thief" --ledger "$ledger" --chain etherium
err_has "unknown chain 'etherium'"
run 1 "$SILLAGE" show "$thief" --ledger "$T/none"
err_has "no ledger"
run 1 "$SILLAGE" show "$thief" --ledger "$ledger" --case "$T/none.yaml"
err_has "none.yaml"

claim "a token's hostile symbol cannot move the cursor, and unknown decimals are said"
{
    echo 'block,tx_hash,time,kind,from,to,asset,symbol,amount,status'
    printf '1,%s,2022-01-01,token,%s,%s,%s,E\033[2JVIL,7,ok\n' "$theft" "$thief" \
        0x0000000000000000000000000000000000000002 0x0000000000000000000000000000000000000003
} >"$T/token.csv"
run 0 "$SILLAGE" ingest --ledger "$T/evil" --chain bsc --format transfers "$T/token.csv"
run 0 "$SILLAGE" show "$thief" --ledger "$T/evil"
out_has "E?[2JVIL (decimals unknown: base units)"
out_has "not covered"
out_has "missing 7"

claim "one ledger of two chains answers for both"
cp -R "$T/evil/bsc" "$ledger/bsc"
run 0 "$SILLAGE" show "$thief" --ledger "$ledger"
out_has "$thief on bsc"
out_has "$thief on ethereum"
run 0 "$SILLAGE" show "$thief" --ledger "$ledger" --chain bsc
out_lacks "on ethereum"

done_testing
