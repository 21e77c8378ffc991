/** The label store: every label that was ever imported, found by its address in about a
 * microsecond.
 *
 *  One LMDB file (store/kv) in a folder of its own. A *pack* is what one source file said: its
 *  labels in their order, with the header, the list it is an edition of, and that edition's date.
 *  Packs are kept as they came, side by side: what they mean together (a history, a contradiction)
 *  is worked out when somebody asks (analysis/screen). The same content twice is one pack.
 *
 *  Nothing is parsed when a store is opened: labels lie in the file as they are read, and an index
 *  of 16 bytes a label, sorted by a hash of the address, is searched where it lies.
 *  Layout: docs/formats/labels.md. Threads: a reader may be shared by threads that only find.
 */
#ifndef SG_STORE_LABELS_H
#define SG_STORE_LABELS_H

#include "base/digest.h"
#include "base/text.h"
#include "formats/label/label.h"

/** Labels of one store: the index is rewritten by each import, at 16 bytes a label. */
#define SG_LABELS_MAX ((uint64_t)1 << 31)

/** Packs of one store; a daily list for a century has 36,500. */
#define SG_LABELS_PACKS_MAX ((uint32_t)1 << 20)

/** What is known of a pack. Texts live as long as the reader. */
struct sg_labels_pack {
    struct sg_label_pack pack;
    const char *format;               /**< "tagpack" */
    const char *file;                 /**< base name of the file it came from, text from outside */
    uint8_t digest32[SG_SHA256_SIZE]; /**< of its labels and header: what "the same" means */
    uint64_t n_labels;
};

struct sg_labels;

/** Open a store for reading: a snapshot that later imports do not disturb. Owner: the caller, until
 *  sg_labels_close. Errors: SG_ENOTFOUND (no store there), SG_EIO, SG_ECORRUPT, SG_EVERSION,
 *  SG_ENOMEM. Cost: under a millisecond, and a pointer a 4 MiB of labels. */
SG_MUST_CHECK enum sg_status sg_labels_open(struct sg_labels **labels, const char *dir,
                                            struct sg_err *err);
/** NULL is allowed. */
void sg_labels_close(struct sg_labels *labels);

uint64_t sg_labels_count(const struct sg_labels *labels);
uint32_t sg_labels_n_packs(const struct sg_labels *labels);

/** What is known of pack `index`, in the order of import. Errors: SG_ECORRUPT, SG_EIO. Not for
 *  several threads at once. */
SG_MUST_CHECK enum sg_status sg_labels_pack_at(struct sg_labels_pack *pack,
                                               struct sg_labels *labels, uint32_t index,
                                               struct sg_err *err);

/** Places in the index whose address is the one asked for but for the case of its letters; `count`
 *  is 0 where there is none. Lives as long as the reader. */
struct sg_labels_range {
    const uint8_t *entries;
    size_t count;
};

/** Find an address or transaction, in any of the forms that sg_label_key brings together.
 *  In:  text, size   not terminated. More than SG_LABEL_SUBJECT_MAX bytes: not found.
 *  Cost: a hash and about three cache misses. */
struct sg_labels_range sg_labels_find(const struct sg_labels *labels, const char *text,
                                      size_t size);

/** The same for many, on up to n_threads threads.
 *  Out:  ranges   n of them. */
void sg_labels_find_batch(struct sg_labels_range *ranges, const struct sg_labels *labels,
                          const struct sg_text *texts, size_t n, size_t n_threads);

/** Whether a label of the range is about exactly this text, in any of the forms of sg_label_key;
 *  false for those that differ in case. Reads labels until one is. */
bool sg_labels_has_exact(const struct sg_labels *labels, struct sg_labels_range range,
                         const char *text, size_t size);

/** Read label `index` of a range.
 *  Out:    label   texts lie in the store and live as long as the reader, the array of aliases in
 *                  the arena.
 *          pack    number of its pack; may be NULL.
 *  Errors: SG_ECORRUPT, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_labels_read(struct sg_label *label, uint32_t *pack,
                                            const struct sg_labels *labels,
                                            struct sg_labels_range range, size_t index,
                                            struct sg_arena *arena, struct sg_err *err);

/** Go through the labels of one pack in its order; texts as above, the arena's memory is reused
 *  from label to label. Anything but SG_OK from `visit` stops with it.
 *  Errors: SG_ECORRUPT, SG_ENOMEM, or what visit returned. */
SG_MUST_CHECK enum sg_status
sg_labels_each(struct sg_labels *labels, uint32_t pack,
               enum sg_status (*visit)(void *ctx, const struct sg_label *label, struct sg_err *err),
               void *ctx, struct sg_err *err);

/** An import: any number of packs, all of them or none. */
struct sg_labels_writer;

/** Begin; makes the folder (not its parents) and the store if they are missing. Owner: the caller,
 *  until sg_labels_commit or sg_labels_abort. Errors: SG_EBUSY (another writer), SG_EIO,
 *  SG_ECORRUPT, SG_EVERSION, SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_labels_begin(struct sg_labels_writer **writer, const char *dir,
                                             struct sg_err *err);

/** Begin a pack; its labels follow. */
SG_MUST_CHECK enum sg_status sg_labels_pack_begin(struct sg_labels_writer *writer,
                                                  struct sg_err *err);

/** Add a label, which must pass sg_label_check. Errors: SG_ELIMIT, SG_ENOMEM, SG_EIO. After one
 * only sg_labels_abort is allowed. */
SG_MUST_CHECK enum sg_status sg_labels_add(struct sg_labels_writer *writer,
                                           const struct sg_label *label, struct sg_err *err);

/** End the pack.
 *  Out: is_new   false: the store, or this import, has the same pack already, and it is dropped. */
SG_MUST_CHECK enum sg_status sg_labels_pack_end(bool *is_new, struct sg_labels_writer *writer,
                                                const struct sg_label_pack *pack,
                                                const char *format, const char *file,
                                                struct sg_err *err);

/** Make all packs durable and end. On an error nothing of the import is kept.
 *  Cost: a merge of the index: 16 bytes a label of the store, read and written. */
SG_MUST_CHECK enum sg_status sg_labels_commit(struct sg_labels_writer *writer, struct sg_err *err);
/** End without effect; NULL is allowed. */
void sg_labels_abort(struct sg_labels_writer *writer);

#endif
