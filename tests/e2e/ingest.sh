# Goal: files as people have them become a ledger, or a clear sentence. Method: run ingest and ledger on
# small files written here, and on the real ones where they are.
. "$(dirname "$0")/lib.sh"

hash_of() { printf '0x%064d' "$1"; }
addr_of() { printf '0x%040d' "$1"; }
HEADER=blockNumber,timeStamp,hash,transactionIndex,from,to,value,gasPrice,gasUsed,isError,contractAddress
# row BLOCK TX FROM TO VALUE
row() { echo "$1,16480414$1,$(hash_of "$2"),0,$(addr_of "$3"),$(addr_of "$4"),$5,1,21000,0,"; }
ingest() { # STATUS LEDGER FILE...
    want=$1
    ledger=$2
    shift 2
    run "$want" "$SILLAGE" ingest --ledger "$T/$ledger" --chain ethereum --format etherscan "$@"
}
{
    echo "$HEADER"
    row 10 1 1 2 5
    row 11 2 2 1 7
    row 12 3 1 3 9
} >"$T/a.csv"

claim "an account export becomes rows, and its account is found in every row"
ingest 0 L "$T/a.csv"
out_has "etherscan txlist csv, 3 rows, 0 bad, blocks 10 to 12"
out_has "covers native transfers of $(addr_of 1) (it occurs in every row) in blocks 10 to 12"
out_has "new: 3 rows, 3 transactions"

claim "reading the same file again adds nothing"
ingest 0 L "$T/a.csv"
out_has "new: 0 rows, 0 transactions"

claim "stats count what is there, and check finds the ledger sound"
run 0 "$SILLAGE" ledger stats --ledger "$T/L"
out_has "rows           3"
out_has "blocks         10 to 12"
out_has "$(addr_of 1) native 10 to 12"
run 0 "$SILLAGE" ledger check --ledger "$T/L"
out_has "ethereum: sound, 0 faults"

claim "every compression gives the same ledger, by content and not by name"
run 0 "$SILLAGE" ledger stats --ledger "$T/L" --json
grep -o '"state":"[^"]*"' "$T/.out" >"$T/state"
gzip -c "$T/a.csv" >"$T/z.txt"
bzip2 -c "$T/a.csv" >"$T/z.csv.gz"
for file in z.txt z.csv.gz; do
    ingest 0 "L-$file" "$T/$file"
    run 0 "$SILLAGE" ledger stats --ledger "$T/L-$file" --json
    grep -o '"state":"[^"]*"' "$T/.out" >"$T/state2"
    same_bytes "$T/state" "$T/state2"
done

claim "standard input is read"
"$SILLAGE" ingest --ledger "$T/Lin" --chain ethereum --format etherscan - <"$T/a.csv" >"$T/.out" 2>"$T/.err"
same $? 0 "exit status"
out_has "new: 3 rows"

claim "any number of threads gives the same ledger"
for n in 1 2 8; do
    ingest 0 "Lt$n" --threads $n "$T/a.csv"
    run 0 "$SILLAGE" ledger stats --ledger "$T/Lt$n" --json
    grep -o '"state":"[^"]*"' "$T/.out" >"$T/state2"
    same_bytes "$T/state" "$T/state2"
done

claim "accounts come from a file with a header; kinds and blocks can be stated"
printf 'address,role\n%s,thief\n%s,x\n' "$(addr_of 1)" "$(addr_of 2)" >"$T/accounts.csv"
ingest 0 L2 --account "$T/accounts.csv" --cover native,internal --covered-blocks 0-99 "$T/a.csv"
out_has "covers native, internal transfers of 2 accounts in blocks 0 to 99"
run 0 "$SILLAGE" ledger stats --ledger "$T/L2"
out_has "$(addr_of 2) native,internal 0 to 99"

claim "bad rows are told with line and byte, and kept in the ledger"
{
    echo "$HEADER"
    row 10 1 1 2 5
    row 11 2 1 2 -7
} >"$T/bad.csv"
ingest 0 Lbad "$T/bad.csv"
out_has "line 3 at byte"
out_has "value: the amount is negative"
run 0 "$SILLAGE" ledger bad --ledger "$T/Lbad"
out_has "value: the amount is negative"
out_has ",-7,"

claim "more bad rows than allowed leave no ledger row behind"
ingest 1 Lmax --bad-max 0 "$T/bad.csv"
err_has "1 bad rows, 0 are allowed"
err_has "bad.csv"
run 1 "$SILLAGE" ledger stats --ledger "$T/Lmax"

claim "text from outside cannot reach the terminal raw"
printf '%s\n10,1,\033[31mred,0,x,y,1,1,1,0,\n' "$HEADER" >"$T/esc.csv"
ingest 0 Lesc "$T/esc.csv"
run 0 "$SILLAGE" ledger bad --ledger "$T/Lesc"
out_has '\x1b[31mred'

claim "a header that lacks a column is refused, and the sentence names it"
echo "blockNumber,hash,from,to,isError" >"$T/header.csv"
ingest 1 L "$T/header.csv"
err_has "header.csv: etherscan txlist: the column 'value' is missing"

claim "an error answer of the API is no empty export"
echo '{"status":"0","message":"NOTOK","result":"Max rate limit reached"}' >"$T/error.json"
ingest 1 L "$T/error.json"
err_has "error answer of the API: Max rate limit reached"

claim "an account without transactions is an empty file"
echo '{"status":"0","message":"No transactions found","result":[]}' >"$T/none.json"
ingest 0 L "$T/none.json"
out_has "new: 0 rows"

claim "a cut file is refused at the byte, and the ledger stays as it was"
head -c 40 "$T/z.txt" >"$T/cut.gz"
ingest 1 L "$T/a.csv" "$T/cut.gz"
err_has "gzip data is cut: the file ends inside it (at byte 40)"
run 0 "$SILLAGE" ledger stats --ledger "$T/L" --json
grep -o '"state":"[^"]*"' "$T/.out" >"$T/state2"
same_bytes "$T/state" "$T/state2"

claim "one bad file among good ones takes nothing in"
ingest 1 Lnew "$T/a.csv" "$T/header.csv"
run 1 "$SILLAGE" ledger stats --ledger "$T/Lnew"

claim "a missing file, chain, format or ledger is said"
ingest 1 L "$T/absent.csv"
err_has "cannot open $T/absent.csv"
run 2 "$SILLAGE" ingest --ledger "$T/L" --chain nochain --format etherscan "$T/a.csv"
err_has "no such chain"
run 2 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format x "$T/a.csv"
err_has "etherscan, ethereum-etl or transfers"
run 2 "$SILLAGE" ingest --chain ethereum --format etherscan "$T/a.csv"
err_has "--ledger, --chain and --format are needed"
run 2 "$SILLAGE" ledger what --ledger "$T/L"
run 1 "$SILLAGE" ledger stats --ledger "$T/nothing"

claim "an export of exactly 10,000 rows is taken but not called complete"
{
    echo "$HEADER"
    awk -v a="$(addr_of 1)" -v b="$(addr_of 2)" 'BEGIN { for (i = 1; i <= 10000; i++)
        printf "%d,1648041417,0x%064d,0,%s,%s,1,1,21000,0,\n", i, i, a, b }'
} >"$T/ten.csv"
sed -i "s/^10000,\(.*\)$(addr_of 2)/10000,\1$(addr_of 3)/" "$T/ten.csv"
ingest 0 Lten "$T/ten.csv"
out_has "10,000 rows"
out_has "not marked as covered: exactly as many rows as the explorer gives at once"

claim "the summary as JSON has the fields of its schema"
ingest 0 Ljson --json --account "$(addr_of 1)" "$T/bad.csv"
for key in chain files records rows_added transactions_added transactions_completed bad \
    first_bad_rows rebuilt name table bytes sha256 rows first_block last_block coverage \
    not_covered_because file line offset reason; do
    out_has "\"$key\":"
    file_has "$SG_SOURCE/docs/api/ingest.json" "\"$key\""
done
run 0 "$SILLAGE" ledger stats --ledger "$T/Ljson" --json
for key in chains rows transactions addresses assets files bad_rows first_unix_s last_unix_s \
    order_unknown_transactions order_unknown_blocks generation state coverage kinds; do
    out_has "\"$key\":"
    file_has "$SG_SOURCE/docs/api/ledger.json" "\"$key\""
done
same "$(wc -c <"$T/.err" | tr -d ' ')" 0 "bytes on standard error"

claim "a signal stops an import, and the ledger is as it was"
mkfifo "$T/endless"
awk -v header="$HEADER" -v a="$(addr_of 1)" -v b="$(addr_of 2)" 'BEGIN {
    print header
    for (i = 1;; i++)
        printf "%d,1648041417,0x%064d,0,%s,%s,1,1,21000,0,\n", i, i, a, b }' >"$T/endless" 2>"$T/awk.err" &
"$SILLAGE" ingest --ledger "$T/Lstop" --chain ethereum --format etherscan - \
    <"$T/endless" >"$T/.out" 2>"$T/.err" &
pid=$!
sleep 1
kill -TERM "$pid"
wait "$pid"
same $? 1 "exit status"
err_has "stopped; the ledger is as it was"
run 1 "$SILLAGE" ledger stats --ledger "$T/Lstop"

claim "a file that begins as Parquet does is not taken for text"
printf 'PAR1' >"$T/short.parquet"
"$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format etherscan "$T/short.parquet" >"$T/.out" 2>"$T/.err"
case $? in
1 | 2) ;; # Damaged; or, where DuckDB's library is not there, a usage error that names it.
*) bad "exit status" ;;
esac
err_has "short.parquet"
out_lacks "rows"

claim "a full trace export counts native value once"
if dir=$(shared data/ethereum-etl/test_export_traces_job/block_with_suicide/expected_traces.csv); then
    run 0 "$SILLAGE" ingest --ledger "$T/Letl" --chain ethereum --format ethereum-etl "$dir"
    out_has "covers native, internal transfers of the whole chain in blocks 1011973 to 1011973"
    run 0 "$SILLAGE" ledger check --ledger "$T/Letl"
else
    skip "needs shared data"
fi

claim "the transactions of the Ronin theft are all there, with the accounts that are covered"
if csv=$(shared data/ronin-2022/native_txs.csv); then
    awk -F, '$3 == 1 { print $1 }' "$(dirname "$csv")/labels.csv" >"$T/ronin.txt"
    ingest 0 Lronin --account "$T/ronin.txt" "$csv"
    out_has "new: 2,528 rows, 2,528 transactions"
    out_has "covers native transfers of 70 accounts in blocks 14442778 to 17894128"
    run 0 "$SILLAGE" ledger stats --ledger "$T/Lronin"
    out_has "in 80 blocks two or more"
    run 0 "$SILLAGE" ledger check --ledger "$T/Lronin"
else
    skip "needs shared data"
fi

done_testing
