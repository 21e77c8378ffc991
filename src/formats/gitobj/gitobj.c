#include "formats/gitobj/gitobj.h"

#include "base/hex.h"

#include <string.h>

#define OFFSET_MIN_MAX 1439

bool sg_git_id_parse(struct sg_git_id *id, const char *text, size_t size)
{
    return sg_hex_decode(id->bytes, sizeof(id->bytes), text, size);
}

char *sg_git_id_format(char text[SG_GIT_ID_TEXT], const struct sg_git_id *id)
{
    return sg_hex_encode(text, id->bytes, sizeof(id->bytes));
}

int sg_git_id_cmp(const struct sg_git_id *a, const struct sg_git_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* One header line without its line end; false where the object ends before one. */
static bool take_line(struct sg_text *line, struct sg_reader *r)
{
    const size_t left = sg_reader_left(r);
    const char *at = (const char *)r->base + r->off;
    const char *end = left ? memchr(at, '\n', left) : NULL;
    if (!end)
        return false;
    *line = (struct sg_text){at, (size_t)(end - at)};
    r->off += line->size + 1;
    return true;
}

/* Whether the line is "KEY VALUE"; the value otherwise untouched. */
static bool value_of(struct sg_text *value, struct sg_text line, const char *key)
{
    const size_t n = strlen(key);
    if (line.size <= n || memcmp(line.data, key, n) != 0 || line.data[n] != ' ')
        return false;
    *value = (struct sg_text){line.data + n + 1, line.size - n - 1};
    return true;
}

static struct sg_text trim(struct sg_text text)
{
    while (text.size && text.data[0] == ' ') {
        text.data++;
        text.size--;
    }
    while (text.size && text.data[text.size - 1] == ' ')
        text.size--;
    return text;
}

/* Decimal digits with an optional minus, at most 18 of them. */
static bool parse_time(int64_t *value, struct sg_text text)
{
    const bool negative = text.size && text.data[0] == '-';
    int64_t sum = 0;
    if (text.size == negative || text.size > 18)
        return false;
    for (size_t i = negative; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        sum = 10 * sum + (text.data[i] - '0');
    }
    *value = negative ? -sum : sum;
    return true;
}

/* "+0530": hours and minutes. Old commits hold offsets such as +51800; those are no offset. */
static bool parse_offset(int32_t *minutes, struct sg_text text)
{
    int64_t number;
    if (text.size != 5 || (text.data[0] != '+' && text.data[0] != '-') ||
        !parse_time(&number, (struct sg_text){text.data + 1, 4}) || number < 0)
        return false;
    const int32_t value = (int32_t)(number / 100 * 60 + number % 100);
    if (number % 100 > 59 || value > OFFSET_MIN_MAX)
        return false;
    *minutes = text.data[0] == '-' ? -value : value;
    return true;
}

static void parse_date(struct sg_git_person *person, struct sg_text rest)
{
    rest = trim(rest);
    const char *blank = rest.size ? memchr(rest.data, ' ', rest.size) : NULL;
    if (!blank)
        return;
    const size_t n = (size_t)(blank - rest.data);
    person->dated = parse_time(&person->time_unix_s, (struct sg_text){rest.data, n}) &&
                    parse_offset(&person->offset_min, trim((struct sg_text){blank, rest.size - n}));
    if (!person->dated)
        person->time_unix_s = person->offset_min = 0;
}

/* "NAME <MAIL> SECONDS OFFSET". The last '>' ends the mail: names may hold brackets. */
static struct sg_git_person parse_person(struct sg_text line)
{
    struct sg_git_person person = {.name = {"", 0}, .mail = {"", 0}};
    const char *close = line.size ? memrchr(line.data, '>', line.size) : NULL;
    const char *open = close ? memchr(line.data, '<', (size_t)(close - line.data)) : NULL;
    if (!open) {
        person.name = trim(line);
        return person;
    }
    person.name = trim((struct sg_text){line.data, (size_t)(open - line.data)});
    person.mail = trim((struct sg_text){open + 1, (size_t)(close - open - 1)});
    parse_date(&person, (struct sg_text){close + 1, (size_t)(line.data + line.size - close - 1)});
    return person;
}

/* How many lines "parent ID" begin at the cursor; moves nothing. */
static size_t count_parents(struct sg_reader r)
{
    struct sg_text line, value;
    size_t n = 0;
    while (take_line(&line, &r) && value_of(&value, line, "parent"))
        n++;
    return n;
}

static enum sg_status bad_header(uint64_t offset, const char *what, struct sg_err *err)
{
    return sg_err_at(err, SG_EPARSE, offset, "commit without a sound %s header", what);
}

static enum sg_status parse_parents(struct sg_git_commit_text *commit, struct sg_arena *arena,
                                    struct sg_reader *r, struct sg_err *err)
{
    struct sg_text line, value;
    const size_t n = count_parents(*r);
    struct sg_git_id *parents = n ? sg_arena_alloc(arena, n, sizeof(*parents)) : NULL;
    if (n && !parents)
        return sg_err_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const size_t at = r->off;
        if (!take_line(&line, r) || !value_of(&value, line, "parent") ||
            !sg_git_id_parse(&parents[i], value.data, value.size))
            return bad_header(at, "parent", err);
    }
    commit->parents = parents;
    commit->n_parents = n;
    return SG_OK;
}

/* The headers behind the parents, up to the blank line. */
static void parse_rest(struct sg_git_commit_text *commit, struct sg_reader *r)
{
    struct sg_text line, value;
    while (take_line(&line, r) && line.size) {
        if (value_of(&value, line, "author"))
            commit->author = parse_person(value);
        else if (value_of(&value, line, "committer"))
            commit->committer = parse_person(value);
        else if (value_of(&value, line, "gpgsig") || value_of(&value, line, "gpgsig-sha256"))
            commit->is_signed = true;
    }
    commit->message = (struct sg_text){(const char *)r->base + r->off, sg_reader_left(r)};
}

enum sg_status sg_gitobj_commit(struct sg_git_commit_text *commit, struct sg_arena *arena,
                                const void *bytes, size_t size, struct sg_err *err)
{
    struct sg_git_commit_text c = {.author.name = {"", 0}, .author.mail = {"", 0}};
    struct sg_reader r;
    struct sg_text line, value;
    c.committer = c.author;
    sg_reader_init(&r, bytes, size);
    if (!take_line(&line, &r) || !value_of(&value, line, "tree") ||
        !sg_git_id_parse(&c.tree, value.data, value.size))
        return bad_header(0, "tree", err);
    const enum sg_status st = parse_parents(&c, arena, &r, err);
    if (st != SG_OK)
        return st;
    parse_rest(&c, &r);
    *commit = c;
    return SG_OK;
}

enum sg_status sg_gitobj_tag(struct sg_git_id *target, const void *bytes, size_t size,
                             struct sg_err *err)
{
    struct sg_reader r;
    struct sg_text line, value;
    struct sg_git_id id;
    sg_reader_init(&r, bytes, size);
    if (!take_line(&line, &r) || !value_of(&value, line, "object") ||
        !sg_git_id_parse(&id, value.data, value.size))
        return sg_err_at(err, SG_EPARSE, 0, "tag without a sound object header");
    *target = id;
    return SG_OK;
}

/* The octal mode and the blank behind it. */
static bool take_mode(uint32_t *mode, struct sg_reader *r)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 9; i++) {
        const uint8_t *c = sg_reader_take(r, 1);
        if (c && *c == ' ' && i > 0) {
            *mode = value;
            return true;
        }
        if (!c || *c < '0' || *c > '7')
            return false;
        value = 8 * value + (uint32_t)(*c - '0');
    }
    return false;
}

static bool name_is_sound(struct sg_text name)
{
    return name.size && !sg_text_is(name, ".") && !sg_text_is(name, "..") &&
           !memchr(name.data, '/', name.size);
}

static bool take_name(struct sg_text *name, struct sg_reader *r)
{
    const char *at = (const char *)r->base + r->off;
    const size_t left = sg_reader_left(r);
    const char *end = left ? memchr(at, 0, left) : NULL;
    if (!end)
        return false;
    *name = (struct sg_text){at, (size_t)(end - at)};
    return name_is_sound(*name) && sg_reader_take(r, name->size + 1);
}

enum sg_status sg_gitobj_entry(struct sg_git_entry *entry, struct sg_reader *tree,
                               struct sg_err *err)
{
    const size_t at = tree->off;
    struct sg_git_entry e;
    if (sg_reader_left(tree) == 0)
        return SG_ENOTFOUND;
    if (!take_mode(&e.mode, tree) || !take_name(&e.name, tree))
        return sg_err_at(err, SG_EPARSE, at, "tree entry without a sound mode and name");
    sg_reader_bytes(e.id.bytes, tree, sizeof(e.id.bytes));
    if (tree->failed)
        return sg_err_at(err, SG_EPARSE, at, "tree entry is cut short");
    *entry = e;
    return SG_OK;
}
