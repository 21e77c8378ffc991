# Lines of ./do bench as a table of docs/benchmarks.md: what ran, how fast, beside what, the ratio.
#   ./do bench reach | awk -f bench/table.awk
BEGIN { print "| what | speed | beside | speed | ratio |\n|---|---|---|---|---|" }
$6 == "yardstick" && $10 == "ratio" {
    printf "| %s | %s %s (%s %s) | %s | %s %s | %s |\n", $1, $2, $3, $4, $5, $7, $8, $9, $11
    next
}
{ notes = notes $0 "\n" }
END { printf "\n%s", notes }
