/* What a commit's own text claims: who, when, and whether another person read it. */
#include "analysis/provenance/provenance.h"

#include "base/mem.h"
#include "base/vec.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* FNV-1a, 0 for an empty text only. Without case: mails are written either way. */
static uint64_t hash_text(struct sg_text text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text.size; i++)
        h = (h ^ (uint8_t)lower(text.data[i])) * 0x100000001b3u;
    return text.size ? h | 1 : 0;
}

static struct sg_who who_of(const struct sg_git_person *person)
{
    return (struct sg_who){hash_text(person->name), hash_text(person->mail)};
}

static struct sg_when when_of(const struct sg_git_person *person)
{
    return (struct sg_when){person->dated, person->time_unix_s, person->offset_min};
}

/* Whether the text begins with the lower-case word, in any case. */
static bool begins(struct sg_text text, const char *word)
{
    const size_t n = strlen(word);
    if (text.size < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(text.data[i]) != word[i])
            return false;
    return true;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Whether one of the lower-case stems begins a word of the line. */
static bool has_stem(struct sg_text line, const char *const *stems, size_t n)
{
    for (size_t at = 0; at < line.size; at++)
        for (size_t i = 0; i < n && (at == 0 || !is_letter(line.data[at - 1])); i++)
            if (begins((struct sg_text){line.data + at, line.size - at}, stems[i]))
                return true;
    return false;
}

static struct sg_text next_line(struct sg_text *rest)
{
    const char *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
    const size_t size = end ? (size_t)(end - rest->data) : rest->size;
    const struct sg_text line = {rest->data, size};
    rest->data += end ? size + 1 : size;
    rest->size -= end ? size + 1 : size;
    return line;
}

static void read_line(struct sg_deed *deed, struct sg_text line)
{
    static const char *const trailers[] = {
        "reviewed-by:",  "acked-by:",     "reviewed-on:", "approved-by:", "tested-by:",
        "pull-request:", "merge request", "pr-url:",      "reviewers:",   "differential rev"};
    static const char reverts[] = "this reverts commit ";
    for (size_t i = 0; i < SG_COUNT_OF(trailers); i++)
        deed->says_reviewed |= begins(line, trailers[i]);
    if (begins(line, reverts) && line.size >= sizeof(reverts) - 1 + 2 * SG_GIT_ID_SIZE)
        deed->reverts |=
            sg_git_id_parse(&deed->reverted, line.data + sizeof(reverts) - 1, 2 * SG_GIT_ID_SIZE);
}

/* "Title (#123)": the way in which a code host writes a merged request into one commit. */
static bool names_request(struct sg_text line)
{
    const char *open = line.size ? memrchr(line.data, '(', line.size) : NULL;
    return open && (size_t)(open - line.data) + 2 < line.size &&
           (open[1] == '#' || open[1] == '!') && open[2] >= '0' && open[2] <= '9' &&
           line.data[line.size - 1] == ')';
}

/* Lines of a message that are read; trailers stand at the end of a reasonable one. */
#define LINES_MAX 2000

static void read_message(struct sg_deed *deed, struct sg_text message)
{
    static const char *const stems[] = {"fix", "bug", "secur", "vuln", "cve", "harden", "overflow"};
    const struct sg_text first = next_line(&message);
    deed->says_fix = has_stem(first, stems, SG_COUNT_OF(stems));
    deed->says_reviewed = names_request(first);
    for (size_t i = 0; i < LINES_MAX && message.size; i++)
        read_line(deed, next_line(&message));
}

enum sg_status sg_deeds_add(void *deeds, uint32_t node, const struct sg_git_commit_text *text,
                            struct sg_err *err)
{
    struct sg_deeds *d = deeds;
    if (node >= d->n) {
        const size_t more = (size_t)node + 1 - d->n;
        if (!SG_VEC_RESERVE(d->deeds, d->n, d->capacity, more))
            return sg_err_nomem(err);
        memset(d->deeds + d->n, 0, more * sizeof(*d->deeds));
        d->n += more;
    }
    struct sg_deed *deed = &d->deeds[node];
    *deed = (struct sg_deed){.author = who_of(&text->author),
                             .committer = who_of(&text->committer),
                             .authored = when_of(&text->author),
                             .committed = when_of(&text->committer)};
    read_message(deed, text->message);
    return SG_OK;
}

void sg_deeds_clear(struct sg_deeds *deeds)
{
    sg_mem_free(deeds->deeds);
    *deeds = (struct sg_deeds){.deeds = NULL};
}
