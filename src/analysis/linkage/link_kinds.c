/* Kinds, their levels and their names. */
#include "analysis/linkage/linkage.h"

struct kind {
    const char *name;
    size_t n_levels;
    const char *levels[SG_LINK_LEVELS_MAX];
};

static const struct kind kinds[SG_LINK_KINDS] = {
    [SG_LINK_NAME] = {"name",
                      6,
                      {"differs", "somewhat alike", "stands in the other field",
                       "nickname, short form or sounds alike", "a letter or so differs", "equal"}},
    [SG_LINK_ADDRESS] = {"address",
                         6,
                         {"differs", "some rare words shared", "stands in the other field",
                          "most rare words shared", "a letter or so differs", "equal"}},
    [SG_LINK_REST] = {"rest",
                      5,
                      {"differs", "some words shared", "many rare words shared",
                       "most rare words shared", "equal"}},
    [SG_LINK_DATE] = {"date",
                      6,
                      {"differs", "within ten years", "same year or the next",
                       "two of day, month and year", "one digit, or parts swapped", "equal"}},
    [SG_LINK_EMAIL] = {"email",
                       5,
                       {"differs", "user somewhat alike", "user alike",
                        "same user or one letter differs", "equal without tags and dots"}},
    [SG_LINK_PHONE] = {"phone", 3, {"differs", "one digit differs", "equal last nine digits"}},
    [SG_LINK_CODE] = {"code", 4, {"differs", "same beginning", "one sign differs", "equal"}},
    [SG_LINK_CATEGORY] = {"category", 3, {"differs", "one letter differs", "equal"}},
    [SG_LINK_IDENTIFIER] = {"identifier", 3, {"differs", "one or two signs differ", "equal"}},
    [SG_LINK_IP] = {"ip", 3, {"differs", "same network", "equal"}},
    [SG_LINK_TEXT] = {"text",
                      5,
                      {"differs", "a little shared", "some shared", "mostly the same", "equal"}},
    [SG_LINK_IMAGE_HASH] = {"image_hash", 4, {"differs", "alike", "nearly the same", "equal"}},
};

const char *sg_link_kind_name(enum sg_link_kind kind)
{
    return kinds[kind].name;
}

bool sg_link_kind_of(enum sg_link_kind *kind, struct sg_text name)
{
    for (size_t i = 0; i < SG_LINK_KINDS; i++) {
        if (!sg_text_is(name, kinds[i].name))
            continue;
        *kind = (enum sg_link_kind)i;
        return true;
    }
    return false;
}

size_t sg_link_n_levels(enum sg_link_kind kind)
{
    return kinds[kind].n_levels;
}

const char *sg_link_level_name(enum sg_link_kind kind, size_t level)
{
    return kinds[kind].levels[level];
}
