#!/bin/sh
# Where known bad commits stand in the ranking of their repositories, and how many of them a budget
# captures, beside the trivial rule "most lines added first". Ties count half. By set of the list, and
# of all: recall, and how many commits are looked at for each one found.
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

while read -r name commit set kind; do
    case $name in '#'* | '') continue ;; esac
    table=$kept/$(printf '%s' "$name" | tr / +)
    if [ ! -d "$root/$name" ]; then
        printf 'not here: %s\n' "$name" >&2
        continue
    fi
    [ -s "$table" ] || ranked "$root/$name" >"$table"
    awk -v name="$name" -v commit="$commit" -v set="$set" -v kind="$kind" '
        { n++; added[n] = $3 }
        index($1, commit) == 1 { top = 100 - $2; own = $3; found = 1 }
        END {
            for (i = 1; i <= n; i++) above += added[i] > own ? 1 : added[i] == own ? 0.5 : 0
            if (found) printf "%s %s %.3f %.3f %d %s %s\n", name, substr(commit, 1, 10), top,
                              100 * above / n, n, set, kind
            else printf "%s %s is not in the ranking\n", name, commit > "/dev/stderr"
        }' "$table"
done <"$list" >"$kept/all"

awk '
    function count(set) {
        n[set]++
        if (!((set, $1) in met)) { met[set, $1] = 1; commits[set] += $5 }
        for (b = 1; b <= n_budgets; b++) {
            ours[set, b] += $3 <= budgets[b]
            size[set, b] += $4 <= budgets[b]
        }
    }
    function tell(set, b, looked) {
        looked = commits[set] * budgets[b] / 100
        printf "%-8s budget %4.1f %%: %2d of %2d (%3.0f %%), one in %s looked at; by lines added %d\n", set,
               budgets[b], ours[set, b], n[set], 100 * ours[set, b] / n[set],
               ours[set, b] ? sprintf("%.0f", looked / ours[set, b]) : "-", size[set, b]
    }
    BEGIN { n_budgets = split("0.1 0.2 0.5 1 2 5 10", budgets) }
    {
        printf "%-38s %s  top %7.3f %% of %6d   by lines added top %7.3f %%  %s %s\n", $1, $2, $3, $5, $4, $6, $7
        count($6)
        count("all")
    }
    END {
        n_sets = split("develop looked held all", sets)
        for (s = 1; s <= n_sets; s++)
            for (b = 1; b <= n_budgets && n[sets[s]]; b++) tell(sets[s], b)
    }' "$kept/all"
