#!/bin/sh
# sillage workers forget: people deleted from the files that hold them.
. "$(dirname "$0")/lib.sh"
fresh() {
    printf '%s\n' 'record_id,given_name,handle,mine' 'r1,Ana,ana,"x, y"' 'r2,Bo,bo,' 'r3,Cy,cy,"two
lines"' >"$T/p.csv"
    printf '%s\n' 'time,kind,person,other,value' '2024-01-01,login,r1,,' '2024-02-01,login,r2,,' \
        '2024-03-01,referral,r3,ana,' '2024-03-02,rating,r3,r1,5' '2024-03-03,claim,r3,r1,5' >"$T/e.csv"
    printf '%s\n' 'record_id,rules,decision,reviewer,date,note' 'r1,kvm,explained,Z,,' 'r2,kvm,open,,,' >"$T/d.csv"
}
forget() {
    want=$1
    shift
    run "$want" "$SILLAGE" workers forget --people "$T/p.csv" --events "$T/e.csv" --decisions "$T/d.csv" "$@"
}
unchanged() {
    for f in p e d; do cp "$T/$f.csv" "$T/$f.had"; done
    forget "$@"
    for f in p e d; do same_bytes "$T/$f.csv" "$T/$f.had"; done
    for f in "$T"/*.csv.??????; do [ -e "$f" ] && bad "a temporary file was left"; done
}

claim "a person goes from people, events, decisions and what others say of them; the rest stays as it was"
fresh
chmod 600 "$T/p.csv"
forget 0 r1
out_has 'forgotten: 1 records, 3 events (2 of them of others who named one), 1 decisions'
printf '%s\n' 'record_id,given_name,handle,mine' 'r2,Bo,bo,' 'r3,Cy,cy,"two
lines"' >"$T/want"
same_bytes "$T/p.csv" "$T/want"
printf '%s\n' 'time,kind,person,other,value' '2024-02-01,login,r2,,' '2024-03-03,claim,r3,r1,5' >"$T/want"
same_bytes "$T/e.csv" "$T/want"
printf '%s\n' 'record_id,rules,decision,reviewer,date,note' 'r2,kvm,open,,,' >"$T/want"
same_bytes "$T/d.csv" "$T/want"
same "$(stat -c %a "$T/p.csv")" 600 "rights"

claim "the old bytes are overwritten"
fresh
exec 3<"$T/p.csv"
forget 0 r1
same "$(tr -d '\0' <&3 | wc -c)" 0 "bytes left in the old file"
exec 3<&-

claim "JSON lines lose their objects and keep the others byte for byte"
fresh
printf '{"record_id":"r1","handle":"ana"}\n{"record_id": "r2", "x": [1, 2]}\n{"record_id":"r3"}' >"$T/p.csv"
forget 0 r2
printf '{"record_id":"r1","handle":"ana"}\n{"record_id":"r3"}' >"$T/want"
same_bytes "$T/p.csv" "$T/want"

claim "retention: events before a day go, and records all of whose events do"
fresh
forget 0 --older-than 2024-02-15
out_has 'forgotten: 2 records, 4 events'
same "$(grep -c '^r[0-9]' "$T/p.csv")" 1 "records left"
file_has "$T/e.csv" 'claim,r3'

claim "what cannot be done whole is refused, and nothing is changed"
fresh
unchanged 1 r9
err_has 'a record id is in none of the files; nothing was changed'
unchanged 1 r1 r9
printf 'broken,row\n' >>"$T/e.csv"
unchanged 1 r1
err_has 'row 7 cannot be read'
fresh
ln "$T/p.csv" "$T/other"
unchanged 2 r1
err_has 'another name'
rm "$T/other"
mv "$T/p.csv" "$T/real" && ln -s "$T/real" "$T/p.csv"
unchanged 2 r1
rm "$T/p.csv"
fresh
printf '[{"record_id":"r1"}]\n' >"$T/p.csv"
unchanged 2 r1
err_has 'a JSON array cannot lose rows'
fresh
printf 'when,kind,person\n' >"$T/e.csv"
unchanged 1 r1

claim "errors repeat nothing about a person"
fresh
printf 'SecretName\n' >>"$T/p.csv"
unchanged 1 r1
if grep -q SecretName "$T/.out" "$T/.err"; then bad "a row was repeated"; fi

claim "a deletion is logged by hashes, and without the log it is not done"
fresh
head -c 32 /dev/zero | tr '\0' k >"$T/key"
chmod 600 "$T/key"
unchanged 2 r1 --audit "$T/log"
forget 0 r1 --audit "$T/log" --key "$T/key" --as Bea
run 0 "$SILLAGE" workers audit "$T/log" --key "$T/key" --record r1
out_has 'forget'

claim "usage errors name what is missing"
run 2 "$SILLAGE" workers forget r1
err_has '--people FILE and --events FILE are needed'
unchanged 2
err_has 'whom?'
unchanged 2 --older-than soon
err_has "--older-than 'soon' is no date"
done_testing
