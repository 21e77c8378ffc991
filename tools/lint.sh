#!/bin/sh
# lint.sh ROOT: the source rules over a tree laid out as ours. Prints each fault and fails if there is
# one. The rules are told in lint.awk and lint_docs.awk.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
cd "${1:?root of the tree}"
faults=$(mktemp)
trap 'rm -f "$faults"' EXIT

c_files() { find src tests fuzz bench -name '*.[ch]' 2>/dev/null | sort; }
headers() { find src bench -name '*.h' 2>/dev/null | sort; }

# A bare file name in a report must be an address: none may occur twice.
lint_names() {
    for tree in src tests; do
        [ ! -d $tree ] || find $tree -name '*.[ch]' ! -path 'tests/oracle/*' ! -path 'tests/support/*' | sed 's|.*/||' | sort | uniq -d |
            sed "s|^|$tree: names: two files are called |"
    done
}

# A page that links to a file names one that is there.
lint_links() {
    find . -name '*.md' ! -path './build*' ! -path './out/*' | sed 's|^\./||' | sort | while IFS= read -r page; do
        grep -o ']([^)#]*' "$page" | sed 's/^](//' | grep -v '^[a-z]*:' | while IFS= read -r link; do
            [ -z "$link" ] || [ -e "$(dirname "$page")/$link" ] || echo "$page: links: no file $link"
        done
    done
}

statuses=" $(sed -n 's/^ *\(SG_E[A-Z]*\).*/\1/p' src/base/status.h 2>/dev/null | tr '\n' ' ')"
# shellcheck disable=SC2046
{
    awk -v statuses="$statuses" -f "$tools/lint.awk" $(c_files)
    awk -f "$tools/lint_docs.awk" $(headers)
    lint_names
    lint_links
} >"$faults"
cat "$faults"
[ ! -s "$faults" ]
