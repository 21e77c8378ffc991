#!/bin/sh
# Each lint must be able to fail: plant one fault at a time in a tree that is otherwise clean, and
# demand that exactly that rule reports it, at that line.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
n=0

clean_tree() {
    rm -rf "$tree"
    mkdir -p "$tree/src/base" "$tree/src/formats/csv" "$tree/src/store/log" "$tree/src/app" "$tree/tests/base"
    printf 'enum sg_status {\n    SG_OK = 0,\n    SG_ENOMEM,\n};\n' >"$tree/src/base/status.h"
    cat >"$tree/src/formats/csv/csv.h" <<'C'
/** Comments may say printf(, malloc(, float and x.units.
 *
 *  Out:  out    what comes of it.
 *  In:   text, size   the bytes,
 *                     as they are.
 *        n_rows       how many.
 *  Errors: SG_ENOMEM.
 */
enum sg_status sg_csv(struct sg_amount *out, const char *text, size_t size, size_t n_rows);
C
    cat >"$tree/src/formats/csv/csv.c" <<'C'
#include "formats/csv/csv.h"
#include "base/status.h"
#include <zlib.h>
const char *text = "printf(\"%d\") and malloc(1)";
/* double is for statistics. TODO(ada): say which. */
int f(struct s *s)
{
    return s->free(s) + s->ops.exit(1) + snprintf(0, 0, "x");
}
C
    printf 'int t(void)\n{\n    return printf("tests may print");\n}\n' >"$tree/tests/base/t.c"
}

# clean WHAT: no rule says anything.
clean() {
    if ! out=$(sh "$tools/lint.sh" "$tree"); then
        printf 'test_lints: %s, but reported:\n%s\n' "$1" "$out" >&2
        exit 1
    fi
    n=$((n + 1))
}

# planted RULE FILE[:LINE]: exactly one report, of that rule and place; then a clean tree again.
planted() {
    if out=$(sh "$tools/lint.sh" "$tree"); then
        echo "test_lints: the planted fault passed: $1 in $2" >&2
        exit 1
    fi
    case $out in
    *"
"*) echo "test_lints: more than one report for $1 in $2: $out" >&2; exit 1 ;;
    "$2"*": $1: "*) ;;
    *) echo "test_lints: expected $1 at $2, got: $out" >&2; exit 1 ;;
    esac
    n=$((n + 1))
    clean_tree
}

# add FILE LINE-OF-CODE: put it at the end.
add() { printf '%s\n' "$2" >>"$tree/$1"; }

csv=src/formats/csv/csv
clean_tree
clean "the clean tree is clean"

add $csv.c '#include "store/log/log.h"'
planted layers $csv.c:10
add $csv.c '#include "../csv/csv.h"'
planted layers $csv.c:10
add $csv.c '#include "base/arena_internal.h"'
planted layers $csv.c:10
for call in 'strcpy(a, b)' 'sprintf (a, b)' 'strtok(a, b)' 'atoi(a)' 'gmtime(t)' 'localtime(t)'; do
    add src/app/cmd_x.c "int x = $call;"
    planted calls src/app/cmd_x.c:1
done
for call in 'malloc(1)' 'free(p)' 'realloc(p, 1)' 'strdup(s)'; do
    add src/app/cmd_x.c "x = $call;"
    planted calls src/app/cmd_x.c:1
done
for call in 'printf("x")' 'exit(1)' 'abort()' 'time(NULL)' 'rand()' 'getenv("X")' 'clock_gettime(0, t)'; do
    add $csv.c "x = $call;"
    planted calls $csv.c:10
done
add src/app/cmd_x.c 'int x = printf("x") + (int)time(NULL);'
clean "app may print and ask the clock"
add src/base/mem.c 'void *p = malloc(1);'
clean "base/mem.c is the door to the heap"
clean_tree
add $csv.c 'free(p); /* allowed: the library asks for it */'
clean "a marked exception passes"
clean_tree

add $csv.c 'x = a.units;'
planted units $csv.c:10
add $csv.c 'x = a->units + 1;'
planted units $csv.c:10
add src/store/log/log.c 'x = a.units;'
clean "the store's encoders may see units"
clean_tree

add $csv.h 'double sg_csv_share(void);'
planted float $csv.h:10
add $csv.h 'double sg_csv_share(void); /* Floating point here: shares of counts. */'
clean "a file may say why it has floating point"
clean_tree
add $csv.c 'static float f;'
clean "floating point is fine where no amount is named"
clean_tree

add tests/base/t.c '/* TODO: later */'
planted todo tests/base/t.c:5
yes 'int x;' | head -n 801 >"$tree/src/base/long.c"
planted size src/base/long.c:801
add src/base/other.c '#include <zlib.h>'
planted deps $csv.c:3
add $csv.h '/** Errors: SG_ENOSUCH. */'
planted status $csv.h:10
add README.md '[a page](src/app/no.md), [another](src/base/status.h#top), [outside](https://example.org/)'
planted links README.md
add src/app/csv.h 'int x;'
planted names src

sed -i 's/size_t n_rows)/size_t n_lines)/' "$tree/$csv.h"
planted docs $csv.h:6
sed -i 's/size_t size,/size_t length,/' "$tree/$csv.h"
planted docs $csv.h:4
sed -i 's/\*out,/*result,/' "$tree/$csv.h"
planted docs $csv.h:3

# archive NAME CODE: an archive of one object.
archive() {
    printf '%s\n' "$2" >"$tree/$1.c"
    gcc -c -o "$tree/$1.o" "$tree/$1.c"
    ar rc "$tree/lib$1.a" "$tree/$1.o"
}

# symbols EXPECTED: what the lint says of the archives a and b, without their folder.
symbols() {
    got=$(sh "$tools/lint_symbols.sh" "$tree/liba.a" "$tree/libb.a" | sed "s|$tree/||g")
    [ "$got" = "$1" ] || { echo "test_lints: expected '$1', got '$got'" >&2; exit 1; }
    n=$((n + 1))
}
archive a 'int sg_a; int sg_f(void) { return 1; } static int helper(void) { return 2; }'
archive b 'static int helper(void) { return 3; } int sg_g(void) { return helper(); }'
symbols ""
archive b 'int sg_f(void) { return 3; }'
symbols "libb.a:b.o: symbols: sg_f is also defined in liba.a:a.o"
archive b 'int sg_a = 1;'
symbols "libb.a:b.o: symbols: sg_a is also defined in liba.a:a.o"
archive b 'int other;'
symbols "libb.a:b.o: symbols: other does not begin with sg_"

echo "$n lint checks hold"
