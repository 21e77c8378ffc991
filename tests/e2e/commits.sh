#!/bin/sh
# sillage commits: on repositories made here, with planted changes and honest ones beside them.
. "$(dirname "$0")/lib.sh"
if ! command -v git >/dev/null; then
    claim "sillage commits on repositories made by script"
    skip "needs git"
    done_testing
fi
export GIT_CONFIG_NOSYSTEM=1 HOME="$T" XDG_CACHE_HOME="$T/xdg"
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
clock=1600000000
g() { git -C "$R" -c gc.auto=0 "$@"; }
# commit MESSAGE: all that is in the work tree, an hour after the one before.
commit() {
    clock=$((clock + 3600))
    export GIT_AUTHOR_DATE="$clock +0100" GIT_COMMITTER_DATE="$clock +0100"
    g add -A && g commit -q --allow-empty -m "$1"
}
commits() { "$SILLAGE" commits "$@"; }
count() { grep -o "$1" "$T/.out" | wc -l | tr -d ' '; }

R=$T/r
git init -q -b main "$R"
mkdir "$R/src"
printf 'int pay(int owner, int caller, int sum)\n{\n    if (owner != caller)\n        return -1;\n    if (sum > 100)\n        return -1;\n    return sum;\n}\n' >"$R/src/pay.c"
commit "Begin"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    printf 'Step %s of the guide.\n' "$i" >>"$R/README"
    commit "Write step $i"
done
base=$(g rev-parse HEAD)
sed -i '/owner != caller/,+1d' "$R/src/pay.c"
commit "Tidy up"
bad=$(g rev-parse HEAD)
printf 'The end.\n' >>"$R/README"
commit "Write the end"

claim "the change that removes a check comes first, and everything else is listed by --all"
run 0 commits "$R" --json --all
out_has '"commits":15,'
same "$(count '"commit":"')" 15 "listed commits"
same "$(grep -o '"commit":"[0-9a-f]*"' "$T/.out" | head -n 1)" "\"commit\":\"$bad\"" "first commit"
out_has '"file":"src/pay.c"'
out_has 'can be forged'

claim "without --all what is within the budget is listed; names are hidden unless asked for"
run 0 commits "$R" --budget 5 --json
same "$(count '"commit":"')" 1 "listed commits"
out_lacks 'ada@example.org'
run 0 commits "$R" --budget 5 --json --show-authors
out_has '"mail":"ada@example.org"'
run 0 commits "$R" --budget 5
out_lacks 'Ada'
out_has 'innocent reading:'

claim "a bare clone, and one or two threads without a cache, give the same bytes"
git clone -q --bare "$R" "$T/bare.git" 2>/dev/null
run 0 commits "$T/bare.git" --json --all --threads 1 --cache "$T/c1"
cp "$T/.out" "$T/one"
run 0 commits "$T/bare.git" --json --all --threads 2 --cache "$T/c2"
same_bytes "$T/.out" "$T/one"
run 0 commits "$T/bare.git" --json --all --cache "$T/c2"
same_bytes "$T/.out" "$T/one"

claim "a cache folder is made with those above it; where it cannot be, that is a warning"
run 0 commits "$T/bare.git" --json --all --cache "$T/new/deep"
[ -s "$(ls "$T"/new/deep/*.kept)" ] || bad "nothing was kept"
run 0 commits "$T/bare.git" --json --all --cache "$T/one/deep"
err_has 'warning: nothing was kept'

claim "a damaged cache is no error; one inside the repository is refused"
echo rubbish >"$(ls "$T"/c2/*.kept)"
run 0 commits "$T/bare.git" --json --all --cache "$T/c2"
same_bytes "$T/.out" "$T/one"
run 2 commits "$R" --cache "$R/kept"
err_has 'inside the repository'
[ ! -e "$R/kept" ] || bad "a folder was made inside the repository"

claim "--range: status 3 if something passes the budget, 0 if nothing does; --since lists what is new"
run 3 commits "$R" --range "$base..main" --budget 10 --json
out_has "$bad"
run 0 commits "$R" --range "$bad..main" --budget 10 --json
out_has '"flagged":[]'
run 0 commits "$R" --since "$bad" --all --json
same "$(count '"commit":"')" 1 "listed commits"
run 2 commits "$R" --range main
err_has 'A..B'
run 2 commits "$R" --since nowhere
err_has "'nowhere' names no commit"

claim "a triaged finding does not come back, nor after a rebase that shifts its lines"
run 0 commits "$R" --all --json
cp "$T/.out" "$T/baseline"
run 0 commits "$R" --baseline "$T/baseline" --json --budget 100
out_has '"flagged":[]'
cp -r "$R" "$T/rebased"
R=$T/rebased
g checkout -q -b moved "$base"
printf '/* A licence. */\n/* More. */\n' | cat - "$R/src/pay.c" >"$T/licensed" && cp "$T/licensed" "$R/src/pay.c"
commit "State the licence"
g cherry-pick "$bad" >/dev/null 2>&1
g checkout -q --detach && g branch -q -D main && g branch -q -f only HEAD
run 0 commits "$R" --baseline "$T/baseline" --json --all
same "$(count 'check-removed')" 0 "findings that came back"
R=$T/r

claim "the same patch under a ref of a request counts once, and refs/pull are read"
g update-ref refs/pull/7/head "$(cd "$T/rebased" && git rev-parse HEAD)" 2>/dev/null ||
    g fetch -q "$T/rebased" only:refs/pull/7/head
run 0 commits "$R" --json --all
out_has '"commits":17,'
out_has '"copies":1,'
out_has "\"copy_of\":\"$bad\""

claim "SARIF has the version, rules and fingerprints; the page has the diff and no script"
run 0 commits "$R" --budget 10 --sarif "$T/s.json" --report "$T/p.html"
file_has "$T/s.json" '"version":"2.1.0"'
file_has "$T/s.json" '"partialFingerprints":{"sillage/v1":"'
file_has "$T/s.json" '"uri":"src/pay.c"'
file_has "$T/p.html" 'Innocent reading'
file_has "$T/p.html" '<span class="m">-    if (owner != caller)</span>'
file_lacks "$T/p.html" '<script'
file_lacks "$T/p.html" 'Ada'

claim "what a merge alone changed is found in the merge; an honest merge is not listed"
g checkout -q -b side "$base"
printf 'A note.\n' >"$R/NOTES"
commit "Add a note"
g checkout -q main
g merge -q --no-ff --no-commit side >/dev/null 2>&1
sed -i '/sum > 100/,+1d' "$R/src/pay.c"
commit "Merge side"
evil=$(g rev-parse HEAD)
g checkout -q -b side2 side
printf 'Another.\n' >>"$R/NOTES"
commit "Add another note"
g checkout -q main
g merge -q --no-ff -m "Merge side2" side2 >/dev/null 2>&1
run 0 commits "$R" --json --all
out_has "\"commit\":\"$evil\""
out_has '"merges":2,'
out_has '"rule":"merge-change"'
same "$(count '"merge":true')" 1 "listed merges"

claim "names with line ends and bytes that are no text, links, modes and submodules are read"
nl=$(printf 'a\nb')
printf 'x\n' >"$R/$nl"
printf 'y\n' >"$R/$(printf 'caf\351')"
ln -s /etc/passwd "$R/link"
printf '\376\377\000' >"$R/blob"
g update-index --add --cacheinfo "160000,$bad,module"
clock=$((clock + 3600))
commit "$(printf 'Odd \033[31m names')"
run 0 commits "$R" --all
if grep -q "$(printf '\033')" "$T/.out"; then bad "an escape reached the terminal"; fi
run 0 commits "$R" --all --json

claim "a shallow clone is said to be one; its first commit is partly read"
git clone -q --depth 3 "file://$R" "$T/shallow" 2>/dev/null
run 0 commits "$T/shallow" --json --all
out_has '"shallow":true'
out_has '"partly_read":true'

claim "missing objects mark their commits, are counted, and the run goes on"
cp -r "$R" "$T/broken"
blob=$(g rev-parse "$bad:src/pay.c")
rm -f "$T/broken/.git/objects/$(echo "$blob" | cut -c 1-2)/$(echo "$blob" | cut -c 3-)"
run 0 commits "$T/broken" --json --all
if grep -q '"partly_read":0,' "$T/.out"; then bad "nothing is marked"; fi
tip=$(g rev-parse side)
rm -f "$T/broken/.git/objects/$(echo "$tip" | cut -c 1-2)/$(echo "$tip" | cut -c 3-)"
run 0 commits "$T/broken" --json --all
if grep -q '"lost_commits":0,' "$T/.out"; then bad "the lost commit is not counted"; fi

claim "a repository that names objects by SHA-256 is refused with the reason"
if git init -q --object-format=sha256 "$T/sha256" 2>/dev/null; then
    run 1 commits "$T/sha256"
    err_has 'SHA-256'
else
    skip "this git cannot make one"
fi

claim "an empty repository has no commits; a folder without one is an error; bad words are usage"
git init -q "$T/empty"
run 0 commits "$T/empty" --json
out_has '"commits":0,'
run 1 commits "$T"
err_has 'no Git repository'
run 2 commits "$R" --budget 0
err_has '--budget'
run 2 commits "$R" --budget many
run 2 commits "$R" --since main --range main..side
run 2 commits

claim "hooks, filters and attributes of the repository are not run"
printf '*.c filter=trap diff=trap\n' >"$R/.gitattributes"
g config filter.trap.smudge "touch $T/ran"
g config filter.trap.clean "touch $T/ran"
g config diff.trap.textconv "touch $T/ran"
g config core.fsmonitor "touch $T/ran"
mkdir -p "$R/.git/hooks"
printf '#!/bin/sh\ntouch %s/ran\n' "$T" >"$R/.git/hooks/post-checkout"
chmod +x "$R/.git/hooks/post-checkout"
rm -f "$T/ran"
run 0 commits "$R" --all --json
[ ! -e "$T/ran" ] || bad "something of the repository was run"

done_testing
