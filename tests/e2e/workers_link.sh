#!/bin/sh
# sillage workers link: records of one person, without labels.
. "$(dirname "$0")/lib.sh"

cat >"$T/p.csv" <<'END'
id,name,born,mail,nationality
1,Ann Lee,1980-02-03,ann.lee@x.example,aa
2,ann lee,1980-02-03,annlee+jobs@x.example,bb
=3,Bob Ray,1975-07-21,bob@y.example,aa
4,Robert Ray,1975-07-12,bob@y.example,bb
5,Cid Moe,1991-11-30,cid@z.example,aa
broken
END

# f1 CLUSTERS TRUTH: pairwise F1 in thousandths; TRUTH is lines of "id person".
f1() {
    awk 'FNR == NR { person[$1] = $2; next }
        { n = split($0, c, ","); id = c[1]; k = c[n]
          a[k]++; b[person[id]]++; ab[k " " person[id]]++ }
        END { for (i in a) p += a[i] * (a[i] - 1)
              for (i in b) t += b[i] * (b[i] - 1)
              for (i in ab) h += ab[i] * (ab[i] - 1)
              printf "%d\n", 2000 * h / (p + t) }' "$2" "$1"
}

claim "records of one person get one cluster, and formulas in ids are defused"
run 0 "$SILLAGE" workers link "$T/p.csv" --id id --clusters "$T/c.csv"
out_has "5 records"
file_has "$T/c.csv" "record,cluster"
same "$(sed -n '2s/.*,//p' "$T/c.csv")" "$(sed -n '3s/.*,//p' "$T/c.csv")" "clusters of 1 and 2"
file_has "$T/c.csv" "'=3,"

claim "what is ignored is said: columns on origin by name, bad rows by place, values never"
err_has "column 'nationality' is ignored"
err_has "p.csv: record 7 was left out"
file_lacks "$T/.err" "broken"
file_lacks "$T/.err" "Ann"

claim "the same bytes come from any number of threads"
run 0 "$SILLAGE" workers link "$T/p.csv" --id id --json --threads 1
cp "$T/.out" "$T/one.json"
run 0 "$SILLAGE" workers link "$T/p.csv" --id id --json --threads 5
same_bytes "$T/.out" "$T/one.json"
file_has "$T/one.json" '"weakest_link"'

claim "the model that was inferred can be written, edited and read"
run 0 "$SILLAGE" workers link "$T/p.csv" --id id --write-model "$T/m.yaml"
file_has "$T/m.yaml" "kind: email"
run 0 "$SILLAGE" workers link "$T/p.csv" --id id --model "$T/m.yaml"
sed 's/kind: email/kind: emial/' "$T/m.yaml" >"$T/bad.yaml"
run 1 "$SILLAGE" workers link "$T/p.csv" --id id --model "$T/bad.yaml"
err_has "bad.yaml:"
err_has "no such kind"
sed 's/column: "born"/column: "birth"/' "$T/m.yaml" >"$T/bad.yaml"
run 1 "$SILLAGE" workers link "$T/p.csv" --id id --model "$T/bad.yaml"
err_has "the table has no such column"
sed 's/column: "born"/column: "nationality"/' "$T/m.yaml" >"$T/bad.yaml"
run 1 "$SILLAGE" workers link "$T/p.csv" --id id --model "$T/bad.yaml"
err_has "columns about origin, belief or looks are no evidence"

claim "the report is one page that escapes what people wrote"
sed 's/Cid Moe/<script>alert(1)/' "$T/p.csv" >"$T/evil.csv"
sed 's/^5,/6,/; 1d' "$T/evil.csv" >>"$T/evil.csv"
run 0 "$SILLAGE" workers link "$T/evil.csv" --id id --report "$T/r.html"
file_lacks "$T/r.html" "<script"
file_has "$T/r.html" "Records of one person"

claim "a file that cannot be written is an error that names it, and nothing half stands there"
for form in clusters report write-model; do
    run 1 "$SILLAGE" workers link "$T/p.csv" --id id "--$form" "$T/none/x"
    err_has "none/x"
done
if [ -w /dev/full ]; then
    "$SILLAGE" workers link "$T/p.csv" --id id --json >/dev/full 2>"$T/.err"
    same "$?" 1 "status on a full disk"
fi

claim "JSON lines and CSV of one table give the same clusters"
cat >"$T/p.jsonl" <<'END'
{"id":"1","name":"Ann Lee","born":"1980-02-03","mail":"ann.lee@x.example"}
{"id":"2","name":"ann lee","born":"1980-02-03","mail":"annlee+jobs@x.example"}
{"id":"=3","name":"Bob Ray","born":"1975-07-21","mail":"bob@y.example"}
{"id":"4","name":"Robert Ray","born":"1975-07-12","mail":"bob@y.example"}
{"id":"5","name":"Cid Moe","born":"1991-11-30","mail":"cid@z.example"}
END
run 0 "$SILLAGE" workers link "$T/p.jsonl" --id id --clusters "$T/j.csv"
same_bytes "$T/j.csv" "$T/c.csv"

claim "what cannot be is a usage error that names it"
run 2 "$SILLAGE" workers link "$T/p.csv" --id nothing
err_has "no column 'nothing'"
run 2 "$SILLAGE" workers link "$T/p.csv" --threads 0
run 2 "$SILLAGE" workers link
run 1 "$SILLAGE" workers link "$T/none.csv"
err_has "none.csv"

claim "FEBRL 3 without its numbers: F1 0.99 or better"
if f=$(shared data/personas/febrl3.csv); then
    run 0 "$SILLAGE" workers link "$f" --id rec_id --ignore soc_sec_id --clusters "$T/f.csv"
    sed '1d; s/,.*//' "$f" | awk -F- '{ print $0, $2 }' >"$T/truth"
    sed -i 1d "$T/f.csv"
    got=$(f1 "$T/f.csv" "$T/truth")
    [ "$got" -ge 990 ] || bad "F1 is $got thousandths"
else
    skip "needs shared data"
fi

claim "fake_1000 without its truth: F1 0.95 or better"
if f=$(shared data/personas/fake_1000.csv); then
    run 0 "$SILLAGE" workers link "$f" --id unique_id --ignore cluster --clusters "$T/f.csv"
    sed 1d "$f" | awk -F, '{ print $1, $NF }' >"$T/truth"
    sed -i 1d "$T/f.csv"
    got=$(f1 "$T/f.csv" "$T/truth")
    [ "$got" -ge 950 ] || bad "F1 is $got thousandths"
else
    skip "needs shared data"
fi

done_testing
