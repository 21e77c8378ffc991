# Goal: verify holds for what was not touched, and names what was, figure by figure. Method: write the
# report of the Ronin case, then change the report, the case and the ledger in turn.
. "$(dirname "$0")/lib.sh"

CASE=$T/case
cp -r "$SG_SOURCE/cases/ronin-2022" "$CASE"
ingest() {
    "$SILLAGE" ingest --ledger "$1" --chain ethereum --format transfers \
        --account "$CASE/accounts.csv" --cover native "$2" >/dev/null || exit 1
}
ingest "$T/l" "$CASE/transfers.csv"
"$SILLAGE" trace "$CASE/case.yaml" --ledger "$T/l" --policy all --report "$T/r.html" >/dev/null || exit 1

claim "an untouched report holds, to the byte"
run 0 "$SILLAGE" verify "$T/r.html"
out_has "holds"
out_has "every byte of the page are the same"

claim "inputs may stand elsewhere"
mkdir "$T/moved"
mv "$CASE" "$T/moved/case"
mv "$T/l" "$T/moved/l"
run 1 "$SILLAGE" verify "$T/r.html"
err_has "case.yaml"
run 0 "$SILLAGE" verify "$T/r.html" --case "$T/moved/case/case.yaml" --ledger "$T/moved/l"
mv "$T/moved/case" "$CASE"
mv "$T/moved/l" "$T/l"

claim "a figure of the manifest that was changed is named with both values"
sed 's|\("name":"ethereum/ETH/fifo/held","value":"\)[0-9.]*|\1999.5|' "$T/r.html" >"$T/f.html"
run 1 "$SILLAGE" verify "$T/f.html"
out_has "figure ethereum/ETH/fifo/held: 999.5, now 641.332925130004126852"
out_has "does not hold: 1 facts or figures differ"

claim "a word of the page that was changed is found by its place"
sed 's|96.12 % reached|95.12 % reached|' "$T/r.html" >"$T/w.html"
run 1 "$SILLAGE" verify "$T/w.html"
out_has "are the same, but the page differs from byte"

claim "a case that was changed is named, with the figures that follow from it"
cp "$CASE/case.yaml" "$T/case.yaml.was"
sed 's|amount: "173600"|amount: "173000"|' "$T/case.yaml.was" >"$CASE/case.yaml"
run 1 "$SILLAGE" verify "$T/r.html"
out_has "case $CASE/case.yaml: "
out_has "figure ethereum/ETH/fifo/stolen: 173600.000000000000000000, now 173000.000000000000000000"
cp "$T/case.yaml.was" "$CASE/case.yaml"

claim "a ledger with other rows is named by its state"
sed '$d' "$CASE/transfers.csv" >"$T/fewer.csv"
ingest "$T/l2" "$T/fewer.csv"
run 1 "$SILLAGE" verify "$T/r.html" --ledger "$T/l2"
out_has "state ethereum: "
out_has "imported "

claim "the verdict as JSON is one document, and says the same"
run 0 "$SILLAGE" verify "$T/r.html" --json
out_has '"holds":true'
run 1 "$SILLAGE" verify "$T/f.html" --json
out_has '"holds":false'
out_has '"name":"ethereum/ETH/fifo/held","report":"999.5","now":"641.332925130004126852"'

claim "a page without a manifest is refused by name"
echo '<html></html>' >"$T/x.html"
run 1 "$SILLAGE" verify "$T/x.html"
err_has "x.html: there is no manifest in this page"

claim "a report that was cut is refused with the place"
head -c "$(($(wc -c <"$T/r.html") - 200))" "$T/r.html" >"$T/cut.html"
run 1 "$SILLAGE" verify "$T/cut.html"
err_has "the page ends inside its manifest (at byte"

claim "a hostile manifest cannot move the terminal's cursor"
esc=$(printf '\\u001b')
sed "s|\"name\":\"ethereum/ETH/fifo/held\"|\"name\":\"${esc}[2J\"|" "$T/r.html" >"$T/e.html"
run 1 "$SILLAGE" verify "$T/e.html"
same "$(tr -d '\n' <"$T/.out" | LC_ALL=C tr -cd '\000-\037\177' | wc -c | tr -d ' ')" 0 "control characters"

claim "a policy that nobody knows, and no policy, are refused"
sed 's|"name":"policy","value":"fifo"|"name":"policy","value":"fifi"|' "$T/r.html" >"$T/q.html"
run 1 "$SILLAGE" verify "$T/q.html"
err_has "no policy that this program knows"

claim "a missing report is named"
run 1 "$SILLAGE" verify "$T/none.html"
err_has "none.html"

done_testing
