#!/bin/sh
# sillage reach: who can hold money of given addresses, by both routes, with stops and assets.
. "$(dirname "$0")/lib.sh"
a() { printf '0x%040x' "$1"; }
h() { printf '%064x' "$1"; }
{
    echo 'block,tx_hash,tx_index,time,from,to,asset,symbol,decimals,amount,status'
    echo "1,$(h 1),0,1700000000,$(a 2),$(a 3),,,,5,ok"
    echo "2,$(h 2),0,1700000012,$(a 1),$(a 2),,,,5,ok"
    echo "3,$(h 3),0,1700000024,$(a 2),$(a 5),,,,0,ok"
    echo "4,$(h 4),0,1700000036,$(a 2),$(a 5),,,,3,failed"
    echo "5,$(h 5),0,1700000048,$(a 2),$(a 4),,,,1,ok"
    echo "6,$(h 6),0,1700000060,$(a 4),$(a 6),,,,1,ok"
    echo "7,$(h 7),0,1700000072,$(a 2),$(a 3),$(a 99),USDC,6,9,ok"
} >"$T/t.csv"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers "$T/t.csv"
reach() { "$SILLAGE" reach --ledger "$T/L" "$@"; }

claim "the example of the method's page"
run 0 reach --from "$(a 1)" --stop-at "$(a 4)"
out_has '3 of 6 addresses can hold money from 1 sources; 1 of them are stops'
out_has "2023-11-14T22:13:32Z  $(a 2)  from $(a 1)"
out_has "$(a 4)  from $(a 2)  (stop)"
out_has "2023-11-14T22:14:32Z  $(a 3)  from $(a 2)"
out_lacks "$(a 6)"

claim "both routes say the same in JSON"
for r in scan frontier; do
    run 0 reach --from "$(a 1)" --route $r --json
    out_has "\"route\":\"$r\""
    out_has '"n_reached":4'
    sed 's/"route":"[a-z]*"//; s/"rows_read":[0-9]*//' "$T/.out" >"$T/$r"
done
same_bytes "$T/scan" "$T/frontier"

claim "one asset, by symbol, by contract, or by the coin's name"
run 0 reach --from "$(a 2)" --asset USDC
out_has '1 of 6 addresses'
run 0 reach --from "$(a 2)" --asset "$(a 99)"
out_has '1 of 6 addresses'
run 0 reach --from "$(a 2)" --asset ETH
out_has '3 of 6 addresses'
run 2 reach --from "$(a 2)" --asset DOGE
err_has 'no such asset is in the ledger'

claim "labelled services are stops"
printf 'address,entity,category,source\n%s,D,exchange,test\n%s,X,victim,test\n' "$(a 4)" "$(a 2)" \
    >"$T/l.csv"
run 0 "$SILLAGE" labels import "$T/l.csv" --format csv --labels "$T/labels"
run 0 reach --from "$(a 1)" --stop-at services --labels "$T/labels"
out_has '3 of 6 addresses'

claim "sources come from a file, and those that the ledger does not have are told"
printf 'address\n%s\n%s\n' "$(a 1)" "$(a 77)" >"$T/from.csv"
run 0 reach --from "$T/from.csv"
out_has '1 sources do not occur in the ledger'
run 1 reach --from "$(a 77)"
err_has 'none of the sources occurs in the ledger'

claim "nothing that names whom to follow has a default"
run 2 reach
err_has 'whose money?'
run 2 "$SILLAGE" reach --from "$(a 1)"
err_has '--ledger DIR is missing'
run 2 reach --from nowhere --route fast
err_has 'auto, scan or frontier'

done_testing
