# The source rules that need no compiler. Reads C files given by their path from the root of the tree
# and prints "FILE:LINE: RULE: what is wrong", nothing where all is well. Rules:
#
#   layers    an include points at a layer above, at a parent folder, or at another folder's
#             _internal.h
#   calls     a function that is banned everywhere, outside base/mem.c, or below app/
#   units     sg_amount's field is touched outside base/amount and the store's encoders
#   float     float or double in a file of src/ that names an amount
#   todo      a TODO without a name: write TODO(name)
#   size      a file of more than 800 lines
#   deps      a library's header is included from a second file
#   status    a comment names a status that base/status.h does not have
#
# A line with a comment "allowed: WHY" is exempt from calls, units and float. A file with a comment
# "Floating point here: WHY" is exempt from float: one that holds amounts beside probabilities.

BEGIN {
    n = split("base formats store analysis app", order, " ")
    for (i = 1; i <= n; i++)
        rank[order[i]] = i
    anywhere = "strcpy strcat sprintf vsprintf strtok strtok_r atoi atol atoll atof gets gmtime " \
               "localtime asctime ctime alloca tmpnam mktemp"
    heap = "malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf " \
           "aligned_alloc posix_memalign"
    below_app = "printf vprintf fprintf vfprintf puts putchar fputs perror exit _exit abort time " \
                "clock clock_gettime gettimeofday rand srand random srandom getenv system popen"
    fill(banned_anywhere, anywhere)
    fill(banned_heap, heap)
    fill(banned_below_app, below_app)
    fill(library, "lmdb yajl yaml zlib zstd bzlib openssl gsl graphviz duckdb expat jansson git2 unicode")
}

function fill(set, words,    list, i, n) {
    n = split(words, list, " ")
    for (i = 1; i <= n; i++)
        set[list[i]] = 1
}

function report(rule, what) {
    printf "%s:%d: %s: %s\n", FILENAME, FNR, rule, what
}

# The line without comments and without what stands in quotes; in_comment carries over lines.
function code_of(line,    out, c, two, i, quote) {
    out = ""
    quote = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        two = substr(line, i, 2)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                i++
            }
        } else if (quote != "") {
            if (c == "\\")
                i++
            else if (c == quote) {
                quote = ""
                out = out c
            }
        } else if (two == "/*") {
            in_comment = 1
            i++
        } else if (two == "//") {
            break
        } else {
            if (c == "\"" || c == "'")
                quote = c
            out = out c
        }
    }
    return out
}

function has_word(text, word) {
    return text ~ ("(^|[^A-Za-z0-9_])" word "([^A-Za-z0-9_]|$)")
}

function folder(path) {
    sub(/\/[^\/]*$/, "", path)
    return path
}

function check_own_include(path,    target) {
    split(path, part, "/")
    if (!(part[1] in rank))
        report("layers", "write includes from src/: \"" path "\"")
    else if (rank[part[1]] > rank[layer])
        report("layers", layer " may not include " path)
    target = "src/" folder(path)
    if (path ~ /_internal\.h$/ && target != folder(FILENAME))
        report("layers", path " is private to its folder")
}

function check_library_include(path,    name) {
    name = path
    sub(/[.\/].*$/, "", name)
    if (!(name in library))
        return
    if (name in included_from && included_from[name] != FILENAME)
        report("deps", "<" path "> is already included from " included_from[name])
    included_from[name] = FILENAME
}

# Every name that is called: a word before "(", not behind "." or "->".
function check_calls(code,    rest, word, before) {
    rest = code
    while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
        word = substr(rest, RSTART, RLENGTH - 1)
        gsub(/[ \t]/, "", word)
        before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
        if (before != "." && before != ">") {
            if (word in banned_anywhere)
                report("calls", word " is banned")
            if (word in banned_heap && FILENAME != "src/base/mem.c")
                report("calls", word ": allocate through base/mem.h or an arena")
            if (word in banned_below_app && layer != "app")
                report("calls", word ": only app/ prints, exits, or asks the clock or environment")
        }
        rest = substr(rest, RSTART + RLENGTH)
    }
}

function check_statuses(line,    rest, word) {
    rest = line
    while (match(rest, /SG_E[A-Z]+/)) {
        word = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        if (rest !~ /^[A-Z_0-9]/ && length(statuses) && !index(statuses, " " word " "))
            report("status", "no such status: " word)
    }
}

function end_file() {
    if (lines > 800)
        printf "%s:%d: size: more than 800 lines; split it along its data structures\n", file, lines
    if (in_src && names_amount && !float_file)
        printf "%s", float_hits
}

FNR == 1 {
    end_file()
    file = FILENAME
    names_amount = in_comment = float_file = 0
    float_hits = ""
    in_src = FILENAME ~ /^src\//
    split(FILENAME, at, "/")
    layer = in_src ? at[2] : ""
}
{
    lines = FNR
    code = code_of($0)
    exempt = $0 ~ /allowed: [^ ]/
    if ($0 ~ /Floating point here: [^ ]/)
        float_file = 1
}
/TODO|FIXME|XXX/ && !/TODO\([a-z]+\)/ && !/mktemp|XXXXXX/ {
    report("todo", "name who knows: TODO(name)")
}
!in_src { next }
code ~ /^#[ \t]*include "/ {
    path = $0
    sub(/^[^"]*"/, "", path)
    sub(/".*$/, "", path)
    check_own_include(path)
}
code ~ /^#[ \t]*include </ {
    path = $0
    sub(/^[^<]*</, "", path)
    sub(/>.*$/, "", path)
    check_library_include(path)
}
/SG_E[A-Z]/ { check_statuses($0) }
has_word(code, "sg_amount") || has_word(code, "sg_u128") { names_amount = 1 }
exempt { next }
{ check_calls(code) }
code ~ /(\.|->)units([^A-Za-z0-9_]|$)/ && FILENAME !~ /^src\/base\/amount\.[ch]$/ && layer != "store" {
    report("units", "use the functions of base/amount.h")
}
has_word(code, "float") || has_word(code, "double") {
    float_hits = float_hits FILENAME ":" FNR ": float: this file names an amount; money is never" \
                 " floating point\n"
}
END { end_file() }
