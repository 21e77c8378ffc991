# Goal: the committed tables of the Ronin case are what the script makes of the collected sources.
# Method: run it again and compare bytes; recount what the case states from the committed tables alone.
. "$(dirname "$0")/lib.sh"
ronin=$SG_SOURCE/cases/ronin-2022

claim "the script gives the committed bytes, and the figures that the case states"
if ! command -v python3 >/dev/null; then
    skip "needs python3"
elif shared data/ronin-2022/native_txs.csv >/dev/null; then
    run 0 python3 "$SG_SOURCE/tools/ronin_facts.py" "$SG_SHARED/data" "$T"
    for table in transfers labels accounts deposits; do
        same_bytes "$T/$table.csv" "$ronin/$table.csv"
    done
    while read -r what address amount; do
        [ "$what" = entry ] && file_has "$ronin/case.yaml" "{address: \"$address\", amount: \"$amount\"}"
        [ "$what" = total ] && file_has "$ronin/case.yaml" "asset: ETH, amount: \"$address\"}"
    done <"$T/.out"
else
    skip "needs the developers' data"
fi

claim "2,528 transactions, each once, of 70 accounts that are all labelled"
same "$(sed 1d "$ronin/transfers.csv" | wc -l | tr -d ' ')" 2528 "rows"
same "$(sed 1d "$ronin/transfers.csv" | cut -d, -f2 | sort -u | wc -l | tr -d ' ')" 2528 "hashes"
same "$(sed 1d "$ronin/accounts.csv" | sort -u | wc -l | tr -d ' ')" 70 "accounts"
sed 1d "$ronin/accounts.csv" | sort >"$T/accounts"
sed 1d "$ronin/labels.csv" | cut -d, -f2 | sort -u >"$T/labelled"
same "$(comm -23 "$T/accounts" "$T/labelled" | wc -l | tr -d ' ')" 0 "accounts without a label"

claim "every row has an account of the case on one side"
same "$(awk -F, 'FNR == NR { known[$1] = 1; next } FNR > 1 && !($5 in known) && !($6 in known)' \
    "$ronin/accounts.csv" "$ronin/transfers.csv" | wc -l | tr -d ' ')" 0 "rows of strangers"

claim "each of the 1,751 deposits is a row that pays the router exactly 100 ETH"
same "$(awk -F, 'FNR == NR { wanted[$1 "," $4]; next } ($2 "," $5) in wanted && $8 == "100000000000000000000" &&
    $6 == "0xd90e2f925da726b50c4ed8d0fb90ad053324f31b" && $9 == "ok" { n++ } END { print n }' \
    "$ronin/deposits.csv" "$ronin/transfers.csv")" 1751 "deposits"

done_testing
