#!/bin/sh
# sillage path: the widest chain of transfers to a place, on the Ronin case.
. "$(dirname "$0")/lib.sh"
case_dir=$SG_SOURCE/cases/ronin-2022
path() { "$SILLAGE" path "$case_dir/case.yaml" --ledger "$T/L" "$@"; }

claim "the way to Huobi has three steps with their hashes"
run 0 "$SILLAGE" ingest --ledger "$T/L" --chain ethereum --format transfers \
    --account "$case_dir/accounts.csv" --cover native "$case_dir/transfers.csv"
run 0 path --to Huobi
out_has 'it carried 99.991900802878810000 ETH; in all 5028.909314828430532000 ETH arrived in 130 steps'
out_has '0xb4a10ba6d65564b7c16301c160d6cc20c302930372bbc7b6ae8b6c7c00e6329b'
out_has '0xfa8e937433d55e80c76ce80c715cfbd64570ed0bf2e055c5ab834c9f254bfe5d'

claim "an entity is found whatever its case, an address too, and the JSON says the same"
run 0 path --to hUOBI --json
out_has '"width":"99.991900802878810000"'
run 0 path --to 0xBC771FB7B6A8876D09FD2E3E2F17FBC91896D8C8 --policy haircut --json
out_has '"policy":"haircut"'

claim "an address that no stolen money reached is not found"
run 1 path --to 0x1a2a1c938ce3ec39b6d47113c7955baa9dd454f2
err_has 'no stolen money reached'
run 1 path --to Nobody
err_has "no entity 'Nobody'"

claim "nothing that names whom to follow has a default"
run 2 path
err_has '--to ADDRESS or ENTITY is missing'

done_testing
