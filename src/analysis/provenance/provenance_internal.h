/* Shared by the files of this folder. */
#ifndef SG_ANALYSIS_PROVENANCE_INTERNAL_H
#define SG_ANALYSIS_PROVENANCE_INTERNAL_H

#include "analysis/provenance/provenance.h"

/* Counts under a pair of numbers. All zero is empty. */
struct tally_cell {
    uint64_t a, b;
    uint32_t count; /* 0: free */
    uint32_t note;  /* the owner's */
};

struct tally {
    struct tally_cell *cells;
    size_t n;
    unsigned bits;
};

/* The cell of a pair, made with count 0 if it is new; NULL without memory. The caller raises the
 * count of a new cell before the next call. */
struct tally_cell *sg_prov_tally_at(struct tally *tally, uint64_t a, uint64_t b);
/* The cell of a pair, or NULL if it has no count. */
struct tally_cell *sg_prov_tally_find(const struct tally *tally, uint64_t a, uint64_t b);
/* The count of a pair, 0 if there is none. */
uint32_t sg_prov_tally_get(const struct tally *tally, uint64_t a, uint64_t b);
void sg_prov_tally_clear(struct tally *tally);

/* People: identities that share a name or a mail, by author, and what is known of each. */
struct people {
    uint32_t *author, *committer; /* by node: person; NO_PERSON where nothing was written */
    uint32_t *pair;               /* by node: the author's (name, mail) */
    uint32_t *pair_count;         /* commits under a pair */
    uint32_t *usual_pair;         /* by person: the pair with most commits */
    uint32_t *n_names;            /* by person */
    size_t n_people, n_pairs;
};

#define NO_PERSON UINT32_MAX

SG_MUST_CHECK enum sg_status sg_prov_people_find(struct people *people,
                                                 const struct sg_git_history *history,
                                                 const struct sg_deeds *deeds, struct sg_err *err);
void sg_prov_people_clear(struct people *people);

/* odd[node]: the author's usual zone never has that offset on that day. */
SG_MUST_CHECK enum sg_status sg_prov_zones_find(bool *odd, struct sg_zone_tally *tally,
                                                const struct people *people, size_t n_nodes,
                                                const struct sg_deeds *deeds, struct sg_err *err);

/* brought_by[node]: the merge into the main line that brought the commit, or SG_GIT_NO_NODE. */
SG_MUST_CHECK enum sg_status
sg_prov_merges_find(uint32_t *brought_by, const struct sg_git_history *history, struct sg_err *err);

#endif
