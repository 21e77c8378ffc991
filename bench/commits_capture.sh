#!/bin/sh
# Where known bad commits stand in the ranking of their repositories, and how many of them a budget
# captures, beside the trivial rule "most lines added first". Ties count half.
#
#   bench/commits_capture.sh ROOT [LIST]
#
# ROOT/OWNER/NAME is a clone of each repository of LIST (bench/known_commits.txt); those that are not
# there are said and left out.
set -eu
here=$(dirname "$0")
root=${1:?usage: bench/commits_capture.sh ROOT [LIST]}
list=${2:-$here/known_commits.txt}
sillage=${SILLAGE:-$here/../build/sillage}
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT

# One line a ranked commit: id, percentile, lines added. Quotes inside texts are escaped in JSON, so
# an object that begins so is one.
ranked() {
    "$sillage" commits "$1" --all --json --cache "$kept/cache" | sed 's/{"commit":"/\n&/g' |
        awk -F'[:,"]+' '/^\{"commit":"/ && !/"merge":true/ {
            percentile = added = ""
            for (i = 2; i < 40; i++) {
                if ($i == "percentile" && percentile == "") percentile = $(i + 1)
                if ($i == "lines_added" && added == "") added = $(i + 1)
            }
            print $3, percentile, added
        }'
}

while read -r name commit mark; do
    case $name in '#'* | '') continue ;; esac
    table=$kept/$(printf '%s' "$name" | tr / +)
    if [ ! -d "$root/$name" ]; then
        printf 'not here: %s\n' "$name" >&2
        continue
    fi
    [ -s "$table" ] || ranked "$root/$name" >"$table"
    awk -v name="$name" -v commit="$commit" -v mark="$mark" '
        { n++; added[n] = $3 }
        index($1, commit) == 1 { top = 100 - $2; own = $3; found = 1 }
        END {
            for (i = 1; i <= n; i++) above += added[i] > own ? 1 : added[i] == own ? 0.5 : 0
            if (found) printf "%s %s %.3f %.3f %d %s\n", name, substr(commit, 1, 10), top,
                              100 * above / n, n, mark
            else printf "%s %s is not in the ranking\n", name, commit > "/dev/stderr"
        }' "$table"
done <"$list" >"$kept/all"

awk '
    { printf "%-36s %s  top %7.3f %% of %6d   by lines added top %7.3f %%  %s\n", $1, $2, $3, $5, $4, $6 }
    $6 == "" { n++; for (b = 1; b <= 3; b++) { ours[b] += $3 <= budget(b); size[b] += $4 <= budget(b) } }
    function budget(b) { return b == 1 ? 0.5 : b == 2 ? 1 : 5 }
    END {
        for (b = 1; b <= 3 && n; b++)
            printf "budget %.1f %%: %d of %d captured; by lines added %d\n", budget(b), ours[b], n, size[b]
    }' "$kept/all"
