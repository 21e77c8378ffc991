# Goal: what the README promises of ./do demo is what a person gets. Method: run its commands.
. "$(dirname "$0")/lib.sh"

claim "the demo follows the Ronin theft and ends with the path of its report"
OUT=$T/ronin run 0 "$SG_SOURCE/tools/demo.sh"
out_has "Tornado Cash (mixer)              175,099.016522   96.12 %"
out_has "Huobi (exchange)                    5,028.909315"
report=$(sed -n '$s/^The report: //p' "$T/.out")
[ -s "$report" ] || bad "there is no report at '$report'"

claim "every line of output that the README shows is output of the demo"
grep -E '^      (stolen|came from|held|unobserved|fees|[A-Z][A-Za-z.]*[A-Za-z. ]* \()' "$SG_SOURCE/README.md" |
    sed 's/^    //' >"$T/shown"
[ "$(wc -l <"$T/shown")" -ge 9 ] || bad "the README shows no output any more"
while IFS= read -r line; do
    out_has "$line"
done <"$T/shown"

claim "the report needs no network and no script"
file_lacks "$report" "<script src"
file_lacks "$report" "@import"

done_testing
