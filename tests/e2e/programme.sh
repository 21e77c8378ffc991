# Goal: the verb answers the asked ratio, refuses what must be refused with the reason, and gives the
# same bytes whatever the number of threads.
. "$(dirname "$0")/lib.sh"

claim "the ratio must be said; there is no default"
run 2 "$SILLAGE" programme --builtin
err_has "say which ratio is meant: --ratio R1"

claim "without --builtin every table must be given"
run 2 "$SILLAGE" programme --ratio R3 --incidents "$SG_SOURCE/programme/incidents.csv"
err_has "or --builtin"

claim "half of the defence budget is refused with the reason"
run 2 "$SILLAGE" programme --builtin --ratio R1 --denominator defence-budget
err_has "defence-budget is refused for R1"
err_has "no source says that a half of it comes from theft"

claim "an unknown ratio and an unknown denominator are usage errors that name them"
run 2 "$SILLAGE" programme --builtin --ratio R5
err_has "no ratio R5"
run 2 "$SILLAGE" programme --builtin --ratio R1 --denominator budget
err_has "no denominator budget"

claim "the share of foreign currency is bounded"
run 0 "$SILLAGE" programme --builtin --ratio R3 --report "$T/page.html"
out_has "R3, the share of theft in all foreign currency income: BOUNDED"
out_has "between 6.2 % and 81.6 %"
out_has "power too low: NOT IDENTIFIED"
out_has "The figure of 42 counts successes, not attempts."
file_has "$T/page.html" 'id="cumulative"'
file_has "$T/page.html" 'id="tornado"'
file_has "$T/page.html" 'WannaCry 2017'
file_has "$T/page.html" 'Sony Pictures 2014'
file_lacks "$T/page.html" '<script'

claim "R2 and R4 are not identified, and the missing denominator is named"
run 0 "$SILLAGE" programme --builtin --ratio R2
out_has "NOT IDENTIFIED"
out_has "nobody has published what the missile programme costs"
run 0 "$SILLAGE" programme --builtin --ratio R4
out_has "weapons of mass destruction: NOT IDENTIFIED"

claim "the carried tables, given as files, give the same findings"
D=$SG_SOURCE/programme
run 0 "$SILLAGE" programme --ratio R3 --json --incidents "$D/incidents.csv" --totals "$D/totals.csv" \
    --launches "$D/launches.csv" --assumptions "$D/assumptions.yaml"
sed 's/"name":"[a-z]*\.[a-z]*","sha256"/"name":"builtin","sha256"/g' "$T/.out" >"$T/files.json"
run 0 "$SILLAGE" programme --builtin --ratio R3 --json
same_bytes "$T/files.json" "$T/.out"

claim "one, two and eight threads give the same bytes, as JSON and as a page"
run 0 "$SILLAGE" programme --builtin --ratio R1 --threads 1 --json --report "$T/1.html"
cp "$T/.out" "$T/1.json"
for n in 2 8; do
    run 0 "$SILLAGE" programme --builtin --ratio R1 --threads $n --json --report "$T/n.html"
    same_bytes "$T/1.json" "$T/.out"
    same_bytes "$T/1.html" "$T/n.html"
done

claim "a bad row is left out, kept in the notes, and shown in the report, its text escaped"
{
    cat "$D/incidents.csv"
    echo 'x-1,2020-01-01,,theft,<b>Robbed</b>,,-5,TAY,,,,C,TAY,TAY,yes'
    echo 'x-2,2020-01-01,,theft,<b>Robbed</b>,,5,TAY,,,,C,TAY,TAY,yes'
} >"$T/incidents.csv"
run 0 "$SILLAGE" programme --builtin --ratio R3 --incidents "$T/incidents.csv" --report "$T/page.html"
out_has "incidents, row 125, left out: 'x-1': a negative amount"
file_has "$T/page.html" "a negative amount"
file_has "$T/page.html" "&lt;b&gt;Robbed&lt;/b&gt;"
file_lacks "$T/page.html" "<b>Robbed"

claim "a prior without a source is refused with line and column"
sed '0,/source: JUDGEMENT/s//source: ""/' "$D/assumptions.yaml" >"$T/a.yaml"
run 1 "$SILLAGE" programme --builtin --ratio R3 --assumptions "$T/a.yaml"
err_has "a prior needs a source, or the word JUDGEMENT"

claim "a trace replaces the prior for its theft"
cat >"$T/trace.json" <<'END'
{"assets":[{"stolen":"100.0","converted_in":"0","converted_out":"0","unobserved":"1","destinations":[{"amount":"96.12"}]}]}
END
run 0 "$SILLAGE" programme --builtin --ratio R3 --json --trace "un95-38=$T/trace.json"
out_has '"traced":true'
run 2 "$SILLAGE" programme --builtin --ratio R3 --trace "un95-99=$T/trace.json"
err_has "no incident 'un95-99'"
run 2 "$SILLAGE" programme --builtin --ratio R3 --trace "$T/trace.json"
err_has "--trace wants INCIDENT=FILE"

claim "contested thefts are off, and on when asked for"
run 0 "$SILLAGE" programme --builtin --ratio R3 --json
out_has '"tier":"D","incidents":0'
run 0 "$SILLAGE" programme --builtin --ratio R3 --json --contested
out_has '"tier":"D","incidents":1,"usd":534000000'

claim "the CNS files are read in both their forms"
if f=$(shared data/programme/cns_2023.csv) && g=$(shared data/programme/test.en.json); then
    for launches in "$f" "$g"; do
        run 0 "$SILLAGE" programme --builtin --ratio R3 --json --launches "$launches"
        out_has '{"year":2022,"all":69,"success":42,"failure":5,"unknown":22}'
    done
else
    skip "needs shared data"
fi

claim "a report that cannot be written is an error, and nothing is printed"
run 1 "$SILLAGE" programme --builtin --ratio R3 --report "$T/none/page.html"
same "$(wc -c <"$T/.out" | tr -d ' ')" 0 "bytes on standard output"

done_testing
