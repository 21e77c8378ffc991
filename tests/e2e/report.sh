# Goal: the report of the Ronin case says what the ledger says, and a bad place to write is refused whole.
# Method: import the case's own tables, trace, write, read.
. "$(dirname "$0")/lib.sh"

CASE=$SG_SOURCE/cases/ronin-2022
"$SILLAGE" ingest --ledger "$T/l" --chain ethereum --format transfers \
    --account "$CASE/accounts.csv" --cover native "$CASE/transfers.csv" >/dev/null || exit 1

trace() {
    want=$1
    shift
    run "$want" "$SILLAGE" trace "$CASE/case.yaml" --ledger "$T/l" --policy all "$@"
}

claim "the headline names the share, the day, what is held and what cannot be seen"
trace 0 --report "$T/a.html"
file_has "$T/a.html" "ETH stolen on 23 March 2022, <strong>96.12 % reached Tornado Cash</strong> by 19 May 2022"
file_has "$T/a.html" "ETH are still held at 62 addresses"

claim "figures of the main policy are in the tables with their digits"
for figure in 175,099.0165 5,028.9093 1,219.9827; do
    file_has "$T/a.html" "<td class=\"n\">$figure</td>"
done

claim "each of the 1,751 deposits is listed with its whole hash, and each hash is one of the case's list"
sed -n '/<details id="t-0-0">/,/<\/details>/p' "$T/a.html" |
    grep -o '<code class="id">0x[0-9a-f]\{64\}' | sed 's/.*>//' | sort >"$T/listed"
cut -d, -f1 "$CASE/deposits.csv" | sed 1d | sort >"$T/known"
same "$(wc -l <"$T/listed" | tr -d ' ')" 1751 "hashes listed"
same_bytes "$T/listed" "$T/known"

claim "the freeze list has the five deposit addresses that took 1,250 ETH or nearly"
sed -n '/<section id="freeze">/,/<\/section>/p' "$T/a.html" >"$T/freeze"
same "$(grep -c '<dt>Deposit address</dt>' "$T/freeze")" 8 "deposit addresses"
file_has "$T/freeze" "0x17a96cd2aff8bece22b54a83955fbab5c92a98ca"
file_has "$T/freeze" "not known: the ledger does not cover this address"
file_has "$T/freeze" "moved on from this address"
file_lacks "$T/freeze" "Tornado Cash (mixer)"

claim "the page needs no network and no script"
file_lacks "$T/a.html" "<link"
file_lacks "$T/a.html" " src="
same "$(grep -c '<script' "$T/a.html")" 1 "script elements, of the type that is data"
file_has "$T/a.html" '<script type="application/json" id="sillage-manifest">'

claim "the dormant address is the next export to fetch"
sed -n '/<section id="unseen">/,/<\/section>/p' "$T/a.html" >"$T/unseen"
same "$(grep -o '0x[0-9a-f]\{40\}' "$T/unseen" | head -n 1)" \
    0x8b4959bc175d93d41d6ca278296ce714881c8b0f "first export"

claim "conservation holds under every policy"
same "$(grep -c 'it adds up to the base unit' "$T/a.html")" 12 "lines of two assets and six policies"
file_lacks "$T/a.html" "this does not add up"

claim "the same inputs give the same bytes"
trace 0 --report "$T/b.html"
same_bytes "$T/a.html" "$T/b.html"

claim "values in USD are those of the day, with their source"
printf 'date,asset,usd,source\n2022-03-29,ETH,3403.00,a <table>\n' >"$T/prices.csv"
trace 0 --report "$T/p.html" --prices "$T/prices.csv"
file_has "$T/p.html" "from a &lt;table&gt;"
file_has "$T/p.html" "(USD 3,403 at the time)"
file_has "$T/p.html" "no price"

claim "a report that cannot be written is a clear failure and leaves nothing"
trace 1 --report "$T/no/such/folder/r.html"
err_has "no/such/folder"
[ ! -e "$T/no" ] || bad "something was written"

claim "a report that cannot replace what is there leaves that as it was"
mkdir "$T/dir.html"
trace 1 --report "$T/dir.html"
[ -d "$T/dir.html" ] || bad "the folder is gone"
same "$(find "$T" -maxdepth 1 -name '*dir.html*' | wc -l)" 1 "files of that name"

done_testing
