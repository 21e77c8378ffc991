/* Any bytes as one text and as a whole page: what is recognised is recognised again by its own
 * text, and what is found lies in the page, in order. */
#include "formats/recognise/recognise.h"

#include <assert.h>
#include <string.h>

static void check_one(const struct sg_recognised *what)
{
    assert(strlen(what->text) <= SG_RECOGNISE_MAX);
    assert((what->reason[0] == 0) == (what->verdict >= SG_READING_UNCHECKED));
    if (what->verdict < SG_READING_UNCHECKED)
        return;
    struct sg_recognised again;
    sg_recognise(&again, what->text, strlen(what->text));
    assert(again.verdict >= SG_READING_UNCHECKED);
    assert(strcmp(again.text, what->text) == 0);
    assert(what->form && strlen(what->form) < 32);
}

struct seen {
    uint64_t end;
    size_t size;
};

static enum sg_status on_found(void *ctx, const struct sg_found *found, struct sg_err *err)
{
    struct seen *seen = ctx;
    (void)err;
    assert(found->offset >= seen->end && found->size >= 25);
    seen->end = found->offset + found->size;
    assert(seen->end <= seen->size && found->line >= 1);
    check_one(&found->what);
    return SG_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_recognised what;
    struct sg_restored restored;
    struct sg_err err;
    struct seen seen = {0, size};
    sg_recognise(&what, (const char *)data, size);
    check_one(&what);
    assert(sg_recognise_text((const char *)data, size, on_found, &seen, &err) == SG_OK);
    const enum sg_status st =
        sg_lost_case_restore(&restored, (const char *)data, size, 0, 100, &err);
    assert(st == SG_OK || st == SG_EUSAGE);
    return 0;
}
