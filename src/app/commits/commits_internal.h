/* Shared by the files of this folder. */
#ifndef SG_APP_COMMITS_INTERNAL_H
#define SG_APP_COMMITS_INTERNAL_H

#include "app/commits/commits.h"

/* Grows with the bytes of facts; with SG_RISK_VERSION it keys the cache. */
#define FACTS_VERSION 1

#define FACTS_PATHS_MAX 256

/* Look at one commit and write its facts, as bytes, into an sg_mem block that is the caller's. */
SG_MUST_CHECK enum sg_status facts_look(struct sg_text *bytes, const struct sg_git *git,
                                        const struct sg_git_node *node, struct sg_err *err);

/* Read them back; texts point into the bytes. SG_ECORRUPT where they are not ours. */
SG_MUST_CHECK enum sg_status facts_parse(struct sg_commit_facts *facts, struct sg_arena *arena,
                                         struct sg_text bytes, struct sg_err *err);

/* Facts as bytes; sticky in the buffer. */
void facts_write(struct sg_buf *out, const struct sg_commit_facts *facts);

/* The fingerprints in a baseline file, sorted. */
struct baseline {
    uint8_t (*prints)[SG_FINGERPRINT_SIZE];
    size_t n;
};
SG_MUST_CHECK enum sg_status baseline_read(struct baseline *baseline, const char *path,
                                           struct sg_arena *arena, struct sg_err *err);
bool baseline_has(const struct baseline *baseline, const uint8_t print[SG_FINGERPRINT_SIZE]);

/* First line of a message, at most 200 bytes. */
struct sg_text subject_of(struct sg_text message);

#endif
