#!/bin/sh
# The ransom addresses of WannaCry, and the published packs of ransom and of the Lazarus group: every
# address of the files is read, labelled and a hit, as counted by sed from the files themselves.
. "$(dirname "$0")/lib.sh"
SILLAGE_LABELS=$T/L
export SILLAGE_LABELS
# Public since 12 May 2017: the three addresses that the worm's window showed.
wannacry='12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw 13AM4VW2dhxYgXeQepoHkHSQuy6NgaEb94
    115p7UMMngoj1pMvkpHijcRdfJNXj6LrLn'

addresses_of() {
    sed -n "s/^ *-\{0,1\} *address: *['\"]\{0,1\}\([^'\" ]*\).*/\1/p" "$@" | sort -u
}

claim "the three addresses of WannaCry are Bitcoin's, each with its checksum"
# shellcheck disable=SC2086
run 0 "$SILLAGE" address $wannacry --json
[ "$(grep -c '"valid":true.*"form":"p2pkh","chain":"bitcoin"' "$T/.out")" -eq 3 ] || bad "not all three"

if packs=$(shared data/tagpacks); then
    ransom=$packs/ransomwhere.yaml
    addresses_of "$ransom" >"$T/ransom"
    addresses_of "$packs/lazarus.yaml" "$packs/lazarus2.yaml" >"$T/lazarus"
    n_ransom=$(wc -l <"$T/ransom")
    n_lazarus=$(wc -l <"$T/lazarus")

    claim "the packs hold 7,457 addresses of ransom and 27 of the Lazarus group"
    [ "$n_ransom" -eq 7457 ] || bad "$n_ransom addresses of ransom"
    [ "$n_lazarus" -eq 27 ] || bad "$n_lazarus addresses of the Lazarus group"

    claim "each of them is a valid address"
    run 0 "$SILLAGE" address --file "$T/ransom" --json
    [ "$(grep -c '"valid":true' "$T/.out")" -eq "$n_ransom" ] || bad "ransom: not all are valid"
    run 0 "$SILLAGE" address --file "$T/lazarus" --json
    [ "$(grep -c '"valid":true' "$T/.out")" -eq "$n_lazarus" ] || bad "lazarus: not all are valid"

    claim "before an import they are clear, so that what follows rests on the packs"
    run 0 "$SILLAGE" labels import "$packs/sinbad_io.yaml" --format tagpack
    run 0 "$SILLAGE" screen --file "$T/ransom" --json
    [ "$(grep -c '"hits":\[\]' "$T/.out")" -eq "$n_ransom" ] || bad "some are hits"

    claim "after it each is a hit: ransom, and sanctioned"
    run 0 "$SILLAGE" labels import "$ransom" "$packs/lazarus.yaml" "$packs/lazarus2.yaml" --format tagpack
    run 3 "$SILLAGE" screen --file "$T/ransom" --json
    [ "$(grep -c '"category":"ransom".*"in_force":true' "$T/.out")" -eq "$n_ransom" ] ||
        bad "not all are ransom"
    run 3 "$SILLAGE" screen --file "$T/lazarus" --json
    [ "$(grep -c '"entity":"Lazarus group","category":"sanctioned"' "$T/.out")" -eq "$n_lazarus" ] ||
        bad "not all are the Lazarus group's"

    claim "the three are WannaCry's, with the source and the day of the list"
    # shellcheck disable=SC2086
    run 3 "$SILLAGE" screen $wannacry --json
    [ "$(grep -c '"entity":"WannaCry","category":"ransom".*"source":"https://ransomwhe.re/","source_date":"2022-02-15"' \
        "$T/.out")" -eq 3 ] || bad "not all three"

    claim "one letter wrong is no address, and no hit"
    run 1 "$SILLAGE" screen 12t9YDPgwueZ9NyMgw519p7AA8isjr6SMx
else
    claim "the packs of ransom and of the Lazarus group are labelled and screened"
    skip "needs shared data"
fi
done_testing
