/** Distinct texts, numbered from 1 in the order in which they are met; 0 is for "none". */
#ifndef SG_BASE_DICT_H
#define SG_BASE_DICT_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

struct sg_dict_slot {
    uint32_t number; /**< 0: empty */
    uint32_t hash;   /**< of the text, so that few texts are looked at in vain, and none to grow */
};

/** Own it zeroed; release with sg_dict_clear. Text `n` is texts[n - 1]. */
struct sg_dict {
    struct sg_text *texts; /**< count of them, terminated, in `arena` */
    size_t count, capacity;
    struct sg_arena arena;
    struct sg_dict_slot *slots; /**< open table, at most half full */
    size_t n_slots;             /**< a power of two, or 0 */
    uint64_t seed;              /**< of the hash, set with the first slots */
};

#define SG_DICT_MAX ((size_t)UINT32_MAX - 1)

/** Number of a text, given out on first sight.
 *  Errors: SG_ENOMEM, SG_ELIMIT (SG_DICT_MAX texts); nothing is added then. */
SG_MUST_CHECK enum sg_status sg_dict_number(uint32_t *number, struct sg_dict *dict,
                                            struct sg_text text, struct sg_err *err);

/** Number of a text, or 0 where it was never met. */
uint32_t sg_dict_find(const struct sg_dict *dict, struct sg_text text);

/** The text of a number, terminated; "" for 0. It stays where it is until sg_dict_clear. */
const char *sg_dict_text(const struct sg_dict *dict, uint32_t number);

void sg_dict_clear(struct sg_dict *dict);

#endif
