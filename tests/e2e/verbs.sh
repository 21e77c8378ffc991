# Goal: the program answers the first things that a person types. Method: run them.
. "$(dirname "$0")/lib.sh"

claim "without a verb it shows the verbs and fails as a usage error"
run 2 "$SILLAGE"
err_has "usage: sillage VERB"

claim "--help goes to standard output and succeeds"
run 0 "$SILLAGE" --help
out_has "usage: sillage VERB"

claim "--version names the version of the build"
run 0 "$SILLAGE" --version
out_has "sillage $(sed -n 's/^project(sillage VERSION \([0-9.]*\).*/\1/p' "$SG_SOURCE/CMakeLists.txt")"

claim "an unknown verb is a usage error that names it"
run 2 "$SILLAGE" vrace
err_has "no verb 'vrace'"

# Each verb that --help lists has a page of its own with an example, and refuses unknown options.
for verb in $("$SILLAGE" --help | sed -n 's/^  \([a-z][a-z-]*\)  *.*/\1/p'); do
    claim "$verb --help shows usage and an example"
    run 0 "$SILLAGE" "$verb" --help
    out_has "usage: sillage $verb"
    out_has "example:"

    claim "$verb refuses an option that it does not know"
    run 2 "$SILLAGE" "$verb" --no-such-option
    same "$(wc -c <"$T/.out" | tr -d ' ')" 0 "bytes on standard output"
done

done_testing
