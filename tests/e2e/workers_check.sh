#!/bin/sh
# sillage workers check: red flags over tables of people and events.
. "$(dirname "$0")/lib.sh"
check() {
    want=$1
    shift
    run "$want" "$SILLAGE" workers check --people "$T/p.csv" --events "$T/e.csv" "$@"
}
people='record_id,role,given_name,surname,birth_date,street,city,timezone,bank_account,wallet,device,handle,nationality'
events='time,kind,person,other,name,value,address,device,token,ip,country,latitude,longitude,until,tool,text,result,made'

claim "a generated world is read end to end, and its operator is among the alerts"
run 0 "$SILLAGE" workers generate --out "$T/w" --seed 5 --people 3000 --operators 3
run 3 "$SILLAGE" workers check --people "$T/w/people.csv" --events "$T/w/events.csv" --json
cp "$T/.out" "$T/first"
out_has '"method":"red-flags 2"'
out_has '"alert":true'
awk -F, '$3 != "" && $4 == 0 { print $1 }' "$T/w/truth.csv" >"$T/careless"
found=0
while read -r id; do grep -qF "\"$id\"" "$T/first" && found=$((found + 1)); done <"$T/careless"
[ "$found" -gt 0 ] || [ ! -s "$T/careless" ] || bad "no careless persona was found"

claim "the same rows give the same bytes"
run 3 "$SILLAGE" workers check --people "$T/w/people.csv" --events "$T/w/events.csv" --json
same_bytes "$T/.out" "$T/first"

claim "two classes make an alert, each finding with its rows and its innocent reading"
printf '%s\n%s\n%s\n%s\n' "$people" \
    'a,contractor,Ana,Lima,1990-01-01,1 Hill Road,Lisbon,,ACC 1,,dev-1,ana,x' \
    'b,contractor,Bo,Berg,1991-02-02,2 Lake Road,Oslo,,ACC1,,dev-1,bo,y' \
    'c,contractor,Cy,Dorn,1992-03-03,3 Sea Road,Graz,,ACC3,,dev-3,cy,z' >"$T/p.csv"
printf '%s\n' "$events" >"$T/e.csv"
check 3
out_has 'ALERT  a'
out_has 'several identities on one device: 2 parties, dev-1'
out_has 'several identities paid to one account or wallet: 2 parties, ACC1'
out_has 'rows: person 2 (a), person 3 (b)'
out_has 'innocent: a shared family computer'
out_lacks 'ALERT  c'

claim "data that is not there is said to be missing, never clear"
out_has 'not testable: kvm, needs logins with USB devices that the endpoint reported'
out_has 'people: 1 columns on origin, belief or looks were not read'

claim "clusters of linkage make records one identity, and a file that holds none is an error"
printf 'record,cluster\na,1\nb,1\nc,2\n' >"$T/clusters.csv"
check 0 --clusters "$T/clusters.csv"
out_has '3 records of 2 identities'
check 1 --clusters "$T/p.csv"
err_has "$T/p.csv: not a file of"
printf 'record,cluster\nnobody,1\n' >"$T/clusters.csv"
check 1 --clusters "$T/clusters.csv"
err_has 'row 2: a record that is not in the people'

claim "columns on origin, belief or looks change nothing but their count"
awk -F, -v OFS=, 'NR == 1 { print $0, "language", "birth_place", "religion" } NR > 1 { print $0, "l" NR, "p" NR, "r" NR }' \
    "$T/p.csv" >"$T/q.csv"
check 3 --json
cp "$T/.out" "$T/first"
run 3 "$SILLAGE" workers check --people "$T/q.csv" --events "$T/e.csv" --json
sed 's/"columns_not_read":4/"columns_not_read":1/' "$T/.out" >"$T/second"
same_bytes "$T/second" "$T/first"

claim "a household counts once"
sed 's/2 Lake Road,Oslo/1 Hill Road,Lisbon/' "$T/p.csv" >"$T/q.csv"
run 0 "$SILLAGE" workers check --people "$T/q.csv" --events "$T/e.csv"
out_has '0 alerts'

claim "VPN, time zone, countries and crypto pay together make no alert"
{
    echo "$people"
    echo 'v,contractor,Vi,Pen,1990-01-01,1 Hill Road,Lisbon,Europe/Lisbon,,0xAB,dev-9,vi,'
    echo "$events"
} >"$T/all"
sed -n 1,2p "$T/all" >"$T/p.csv"
{
    echo "$events"
    for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
        echo "2024-01-${i}T03:00:00Z,login,v,,vi,,,dev-9,,2001:db8::$i,c$i,$((${i#0} * 7)).0,$((${i#0} * 14)).5,,vpn,,,"
        echo "2024-01-${i}T03:20:00Z,login,v,,vi,,,dev-9,,2001:db8::f$i,d$i,$((${i#0} * 7)).0,-100.0,,,,,"
        echo "2024-01-${i}T03:40:00Z,login,v,,vi,,,dev-9,,2001:db8::e$i,d$i,$((${i#0} * 7)).0,100.0,,,,,"
        echo "2024-02-${i}T12:00:00Z,payout,v,,,0xAB,,,,,,,,,crypto,,,"
    done
} >"$T/e.csv"
check 0 --all
out_has 'one account from many countries in a week'
out_has 'faster than an aircraft'
out_has 'at work while the claimed place sleeps: 100 percent at night'
out_has 'weight 0 from 0 classes'

claim "a payout to a sanctioned address is reported by itself, as what it is"
printf 'address,entity,category,source,listed,delisted\n0x00000000000000000000000000000000000000Aa,X,sanctioned,OFAC,2022-08-08,\n' >"$T/l.csv"
run 0 "$SILLAGE" labels import "$T/l.csv" --format csv --labels "$T/L"
sed 's/0xAB/0x00000000000000000000000000000000000000aa/' "$T/p.csv" >"$T/q.csv"
run 3 "$SILLAGE" workers check --people "$T/q.csv" --events "$T/e.csv" --labels "$T/L"
out_has 'SANCTIONED PAYOUT  v  weight 0 from 0 classes'
out_has '0 alerts'

claim "one device of everybody is a public place, reported and bounded"
awk -v head="$people" 'BEGIN { print head; for (i = 0; i < 60; i++)
    printf "r%d,contractor,N%d,M%d,19%02d-01-02,%d Hill Road,Lisbon,,B%d,,dev-all,h%d,\n", i, i, i, i + 30, i, i, i }' >"$T/p.csv"
printf '%s\n' "$events" >"$T/e.csv"
check 0 --all
out_has 'public places: shared_device, 1 values are shared by more than 40 (up to 60)'

claim "placeholders make nobody one identity, and are reported"
awk 'BEGIN { print "record_id,email,document,birth_date"; for (i = 0; i < 51; i++) print "r" i ",none,N/A," }' >"$T/q.csv"
run 0 "$SILLAGE" workers check --people "$T/q.csv" --events "$T/e.csv"
out_has '51 records of 51 identities'
out_has 'placeholders: 3 details of more than 50 records (up to 51) make nobody one identity'
sed '$d' "$T/q.csv" >"$T/q2.csv"
run 0 "$SILLAGE" workers check --people "$T/q2.csv" --events "$T/e.csv"
out_has '50 records of 1 identities'

claim "rows that cannot be used are counted by their place, without what stood in them"
printf '%s\nSecretName,login,r1,,,,,,,,,,,,,,,\n2024-01-01T00:00:00Z,login,SecretName,,,,,,,,,,,,,,,\n' "$events" >"$T/e.csv"
check 0
out_has 'events: 2 rows cannot be used: row 2 (a time that is none), row 3 (an event of a record that is not in the people)'
if grep -q SecretName "$T/.out" "$T/.err"; then bad "a row was repeated"; fi

claim "the page escapes what comes from outside"
printf '%s\n%s\n%s\n' "$people" \
    '<b>a,contractor,Ana,Lima,1990-01-01,1 Hill Road,Lisbon,,A1,,<i>dev,ana,x' \
    'b,contractor,Bo,Berg,1991-02-02,2 Lake Road,Oslo,,A1,,<i>dev,bo,y' >"$T/p.csv"
printf '%s\n' "$events" >"$T/e.csv"
check 3 --report "$T/r.html"
file_has "$T/r.html" '&lt;b&gt;a'
file_has "$T/r.html" '&lt;i&gt;dev'
file_lacks "$T/r.html" '<i>dev'
file_has "$T/r.html" 'Decision of a reviewer'

claim "decisions are kept in a file, read back, and shown as decided until there is news"
check 3 --decisions "$T/d.csv"
file_has "$T/d.csv" '<b>a,shared_device shared_payout,open,,,'
sed 's/,open,,,/,explained,=Ana,2024-05-01,one laptop/' "$T/d.csv" >"$T/d2.csv"
check 0 --decisions "$T/d2.csv"
out_has '2 alerts (2 decided)'
out_has 'decided: explained by =Ana on 2024-05-01: one laptop'
file_has "$T/d2.csv" "explained,'=Ana,2024-05-01,one laptop"
sed 's/shared_device shared_payout,/shared_device,/' "$T/d2.csv" >"$T/d3.csv"
check 3 --decisions "$T/d3.csv" --json
out_has '"decision":"explained","reviewer":"=Ana","date":"2024-05-01","note":"one laptop","new_since":["shared_payout"]'
sed 's/explained/rejected/' "$T/d2.csv" >"$T/d4.csv"
check 1 --decisions "$T/d4.csv"
err_has 'd4.csv: a decision is open, explained or confirmed (line 2'

claim "a team's rules are read, and a wrong one is named with its line"
sed 's/alert_weight: .*/alert_weight: 50/' "$SG_SOURCE/workers/rules.yaml" >"$T/rules.yaml"
check 0 --rules "$T/rules.yaml"
out_has '0 alerts'
sed 's/id: kvm/id: kwm/' "$SG_SOURCE/workers/rules.yaml" >"$T/rules.yaml"
check 1 --rules "$T/rules.yaml"
err_has 'rules.yaml: no rule has this id (line '

claim "the base rate is shown, with the prior that is given"
check 3
out_has 'Where one in 343 is a persona, rules that find 90 % of them and alarm for 10 in 1,000 honest people are right in 20.8 % of their alerts, one in 4.8'
out_has 'These rules, which found'
check 3 --prior 10
out_has 'Where one in 10 is a persona'
sed '/^measured/d' "$SG_SOURCE/workers/rules.yaml" >"$T/rules.yaml"
check 3 --rules "$T/rules.yaml"
out_has 'These rules were not measured'
sed '/^measured_recall/d' "$SG_SOURCE/workers/rules.yaml" >"$T/rules.yaml"
check 1 --rules "$T/rules.yaml"
err_has 'measured_recall and measured_false_alarms go together'

claim "who looked is logged by keyed hashes alone, and found again with the key"
head -c 32 /dev/zero | tr '\0' k >"$T/key"
check 2 --audit "$T/log" --key "$T/key" --as Bea
err_has 'others can read this key'
out_lacks 'alerts'
chmod 600 "$T/key"
check 3 --audit "$T/log" --key "$T/key" --as Bea
same "$(wc -l <"$T/log")" 2 "lines"
file_lacks "$T/log" Bea
run 0 "$SILLAGE" workers audit "$T/log" --key "$T/key" --record b
out_has '1  '
out_has '2 entries, all of them whole and in order'
run 0 "$SILLAGE" workers audit "$T/log" --key "$T/key" --who Bea --json
out_has '"entry":2,'
chain=$(sed -n 's/.*"chain":"\([0-9a-f]*\)".*/\1/p' "$T/.out")
run 0 "$SILLAGE" workers audit "$T/log" --key "$T/key" --expect "$chain"
sed 1q "$T/log" >"$T/short"
run 1 "$SILLAGE" workers audit "$T/short" --key "$T/key" --expect "$chain"
err_has 'the end of the log is missing'
sed 's/ check / forget /' "$T/log" >"$T/changed"
run 1 "$SILLAGE" workers audit "$T/changed" --key "$T/key"
err_has 'changed: line 1 does not fit'
check 2 --audit "$T/log"
err_has '--audit FILE and --key FILE go together'

claim "usage errors name what is missing"
run 2 "$SILLAGE" workers check --people "$T/p.csv"
err_has '--people FILE and --events FILE are needed'
check 2 --prior 0
err_has '--prior'
run 1 "$SILLAGE" workers check --people "$T/none.csv" --events "$T/e.csv"
err_has 'none.csv'
done_testing
