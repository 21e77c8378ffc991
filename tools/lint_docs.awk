# Every name that a header's comment documents under "In:", "Out:" or "In/Out:" must occur in the
# declaration behind it. A name begins where the first one behind the label does, and its description
# stands two blanks or more behind it, or the line ends; deeper lines continue a description.
function report(line, name) {
    printf "%s:%d: docs: %s is documented, but no parameter below has that name\n", file, line, name
}

# Note the names that begin `text`, if it is a list of names and not prose.
function note_names(text,    list, i, n) {
    if (text !~ /^[a-z_][A-Za-z0-9_]*(, [a-z_][A-Za-z0-9_]*)*(  .*|\.?)$/)
        return
    sub(/(  .*|\.)$/, "", text)
    n = split(text, list, ", ")
    for (i = 1; i <= n; i++) {
        names[++n_names] = list[i]
        name_line[n_names] = FNR
    }
}

function check_names(    i) {
    for (i = 1; i <= n_names; i++)
        if (declaration !~ ("(^|[^A-Za-z0-9_])" names[i] "([^A-Za-z0-9_]|$)"))
            report(name_line[i], names[i])
    n_names = 0
    declaration = ""
    in_declaration = 0
}

FNR == 1 {
    check_names()
    file = FILENAME
    in_doc = 0
}
/^[ \t]*\/\*\*/ {
    check_names()
    in_doc = 1
    column = 0
}
in_doc {
    if (match($0, /(In\/Out|In|Out):[ \t]+/)) {
        before = substr($0, 1, RSTART - 1)
        if (before ~ /^[ \t\/*]*$/) {
            column = RSTART + RLENGTH
            note_names(substr($0, column))
        }
    } else if (column && match($0, /^[ \t]*\*[ \t]*/)) {
        if (RLENGTH + 1 == column)
            note_names(substr($0, column))
        else if (RLENGTH + 1 < column)
            column = 0
    }
    if (/\*\//) {
        in_doc = 0
        in_declaration = 1
    }
    next
}
in_declaration && /^[ \t]*$/ { check_names() }
in_declaration { declaration = declaration " " $0 }
END { check_names() }
