#!/bin/sh
# sillage workers generate: a made-up world, the same for the same seed.
. "$(dirname "$0")/lib.sh"

claim "three files are written, with a line for each record"
run 0 "$SILLAGE" workers generate --out "$T/a" --seed 5 --people 3000
out_has '3000 records, 1 operators, seed 5'
[ "$(wc -l <"$T/a/truth.csv")" -eq 3001 ] || bad "truth.csv has other lines"
[ "$(wc -l <"$T/a/people.csv")" -eq 3001 ] || bad "people.csv has other lines"
head -1 "$T/a/events.csv" | grep -q '^time,kind,person,' || bad "events.csv has no header"

claim "the same seed gives the same bytes, another seed others"
run 0 "$SILLAGE" workers generate --out "$T/b" --seed 5 --people 3000
cmp -s "$T/a/people.csv" "$T/b/people.csv" || bad "people differ"
cmp -s "$T/a/events.csv" "$T/b/events.csv" || bad "events differ"
run 0 "$SILLAGE" workers generate --out "$T/b" --seed 6 --people 3000 --records-only
cmp -s "$T/a/people.csv" "$T/b/people.csv" && bad "another seed gave the same people"

claim "what cannot be is refused, and nothing is written"
run 2 "$SILLAGE" workers generate --out "$T/c" --people 100 --operators 2
err_has "operators: at most one for 64 people"
[ ! -e "$T/c" ] || bad "a folder was made"
run 2 "$SILLAGE" workers generate
err_has "--out DIR is needed"

done_testing
