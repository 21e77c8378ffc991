#!/bin/sh
# The Ronin theft from ingest to figures: every figure that others published, or that a prototype of
# other code gave, comes out of the ledger.
. "$(dirname "$0")/lib.sh"
case_dir=$SG_SOURCE/cases/ronin-2022
thief=0x098b716b8aaf21512996dc57eb0615e2383e2f96

claim "the carried transfers become a ledger"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers \
    --account "$case_dir/accounts.csv" --cover native "$case_dir/transfers.csv"

# trace POLICY: figures of one policy as JSON in $T/.out.
trace() { run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --policy "$1" --json; }

# figures POLICY TORNADO HELD UNOBSERVED FEES: whole digits; the issue's rounded ones begin them.
figures() {
    claim "$1: Tornado $2, held $3, unobserved $4, fees $5"
    trace "$1"
    out_has "\"entity\":\"Tornado Cash\",\"category\":\"mixer\",\"amount\":\"$2\",\"share_percent\":\"96.12\",\"transfers\":1751,\"senders\":48"
    out_has "\"stolen\":\"173600.000000000000000000\",\"converted_in\":\"8562.860281559859574571\""
    out_has "\"fees\":\"$5\",\"held\":\"$3\",\"unobserved\":\"$4\",\"excess\":\"0.000000000000000000\""
}
figures fifo 175099.016521845153577291 641.332925130004126852 75.438390407003941738 97.180398243014424690
out_has '"entity":"Huobi","category":"exchange","amount":"5028.909314828430532000"'
out_has '"entity":"FTX","category":"exchange","amount":"1219.982731106252972000"'
out_has '"entity":"Crypto.com","category":"exchange","amount":"1.000000000000000000"'
out_has '"amount":"1.626556032487456190"'
figures haircut 175098.834714255432995495 643.090651320228947323 73.846594256520079432 97.231854465608721367
out_has '"entity":"Huobi","category":"exchange","amount":"5028.880686827049685375"'
out_has '"amount":"0.035248232983194023"'
figures lifo 175099.948108401357232975 641.982570045712676411 73.811834374516485548 97.225722803589675637
out_lacks '"address":"0xb66cd966670d962c227b3eaba30a872dbfb995db","status"'
figures tiho 175100.000000000000000000 641.332767530004126852 74.401389407003941738 97.234078688168001981
out_has '"amount":"0.589555032487456190"'
figures libr 175099.885574140525766771 643.130224563205504985 73.811834374516485548 97.093575324874085976
out_has '"entity":"Huobi","category":"exchange","amount":"5027.956342050484759291"'
out_lacks '"address":"0xb66cd966670d962c227b3eaba30a872dbfb995db","status"'

claim "poison taints 101.218 ETH more than was stolen, and says so"
trace poison
out_has '"excess":"101.217871056739572599"'

claim "the stolen USDC left by the declared conversion, all of it"
trace fifo
out_has '"asset":"USDC","chain":"ethereum","decimals":6'
out_has '"stolen":"25500000.000000","converted_in":"0.000000","converted_out":"25500000.000000"'
out_has '"declared":true,"theft":"ronin-2022","address":null,"tx":null,"asset_out":"USDC","out":"25500000.000000","asset_in":"ETH","in":"8562.860281559859574571"'

claim "73.81 ETH are unobserved in the address that is dormant since 7 April 2022"
out_has '"address":"0x8b4959bc175d93d41d6ca278296ce714881c8b0f","status":"unobserved"'
out_has '"amount":"73.811834374516485548"'

claim "no figure depends on an order that no source gives"
run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --policy all
out_has 'no figure changes'
out_has '332 addresses of the case never occur in the ledger'

claim "the mixer's 1,751 deposits are the very transactions of the pool's events"
run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --policy tiho --csv "$T/csv"
tr -d '\r' <"$T/csv/moves.csv" >"$T/moves.csv"
n=$(awk -F, 'NR == FNR { if (FNR > 1) deposit[$1]; next }
    $12 == "yes" && $6 in deposit { n++ } END { print n + 0 }' "$case_dir/deposits.csv" "$T/moves.csv")
same "$n" 1751 "deposits matched by hash"

claim "the first stage is 23 addresses that got 5 ETH or more from the thief, of 26 that got value"
n=$(awk -F, -v thief=$thief '$4 == "transfer" && $8 == thief && $3 == "ETH" { got[$9] += $11 }
    END { for (a in got) n += got[a] >= 5; print n }' "$T/moves.csv")
same "$n" 23 "first stage"
n=$(awk -F, -v thief=$thief '$5 == thief && $8 != "0" && $9 == "ok" { got[$6] }
    END { for (a in got) n++; print n }' "$case_dir/transfers.csv")
same "$n" 26 "got value"

claim "6,250 ETH went toward exchanges through five addresses of 1,250"
n=$(awk -F, -v thief=$thief '$4 == "transfer" && $8 == thief && $3 == "ETH" { got[$9] += $10 }
    END { for (a in got) n += got[a] == 1250; print n + 0 }' "$T/moves.csv")
same "$n" 5 "addresses of 1,250 ETH"

claim "the thief's gas came from 0x4976a4a0, 1.0569 ETH, and nothing is known behind it"
run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --backward --json
out_has '"received_before":"1.056900000000000000"'
out_has '"from":"0x4976a4a02f38326660d17bf34b431dc6e2eb2327"'
out_has '"share":"1.056900000000000000","view_ends":true'

claim "the same inputs give the same bytes"
run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --json
cp "$T/.out" "$T/first.json"
run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --json
same_bytes "$T/.out" "$T/first.json"

claim "a trace up to a day ends with that day"
run 0 "$SILLAGE" trace "$case_dir/case.yaml" --ledger "$T/L" --policy fifo --until 2022-04-04 --json
out_has '"first_unix_s":1649041718'
out_lacks '"last_unix_s":1652977'

done_testing
