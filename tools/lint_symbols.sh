#!/bin/sh
# lint_symbols.sh ARCHIVE...: no external symbol is defined twice, and each begins with sg_, the program's
# own layer (libsg_app.a) apart, which nobody links. The linker takes the first of two without a word
# where both stand in archives, and the wrong code runs.
set -eu
faults=$(nm -A -g --defined-only "$@" 2>/dev/null | awk '
    $2 ~ /^[TDBRC]$/ {
        object = $1
        sub(/:[0-9a-f]*$/, "", object)
        if ($3 !~ /^sg_/ && object !~ /libsg_app\.a/)
            printf "%s: symbols: %s does not begin with sg_\n", object, $3
        if ($3 in first)
            printf "%s: symbols: %s is also defined in %s\n", object, $3, first[$3]
        else
            first[$3] = object
    }')
[ -z "$faults" ] || { printf '%s\n' "$faults"; exit 1; }
