/** A case file: what people know of a theft from outside the ledger, each claim with its source.
 *
 *  Seeds say what was taken, labels who an address is, conversions what became of money where the
 *  ledger does not show it, services where tracing stops. Figures that a trace should reproduce are
 *  not part of it: a case that holds its own answers tests nothing. The schema is
 *  docs/formats/case.md; read that first. Categories and confidence are those of formats/label.
 *  Nothing here is looked up in a ledger.
 *
 *  All texts come from outside: escape them where they are shown. Everything that a struct sg_case
 *  points at lives as long as the arena it was parsed into; a finished case is read-only and may be
 *  read from any thread.
 */
#ifndef SG_FORMATS_CASE_H
#define SG_FORMATS_CASE_H

#include "base/arena.h"
#include "formats/label/label.h"
#include "formats/record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The schema that this program writes about in docs/formats/case.md ("sillage_case: 1"). */
#define SG_CASE_VERSION 1

/** Sources, assets, seeds, conversions, and entries of one conversion: each at most so many. People
 *  list a handful; labels have no such limit. */
#define SG_CASE_PARTS_MAX 1024

/** Where a claim stands, for messages. */
struct sg_case_place {
    uint32_t line; /**< 1-based */
    uint32_t column;
    bool in_labels_file; /**< else in the case file itself */
};

/** A document that claims rest on. Texts are NULL where the file does not have them. */
struct sg_case_source {
    const char *id; /**< unique, cited by claims */
    const char *title;
    const char *address; /**< of the document */
    const char *publisher;
    const char *note;
    int64_t date_unix_s;     /**< of the document, or SG_TIME_UNKNOWN */
    int64_t accessed_unix_s; /**< when it was read, or SG_TIME_UNKNOWN */
    struct sg_case_place place;
};

/** An asset on a chain: its native one, or a token that the case declares. */
struct sg_case_asset {
    const struct sg_chain *chain;
    const char *symbol;
    struct sg_address contract; /**< size 0: the chain's native asset */
    unsigned decimals;          /**< at most SG_DECIMALS_MAX */
};

/** Money that was stolen. At least one of tx and address is there. */
struct sg_case_seed {
    size_t theft; /**< index into sg_case.thefts */
    struct sg_case_asset asset;
    struct sg_address address; /**< that held it then; size 0: whoever got `asset` in the tx */
    bool has_tx;               /**< hash32 is set */
    uint8_t hash32[32];        /**< as shown on screens */
    bool has_output;           /**< chains of outputs: `output` of the transaction alone */
    uint32_t output;
    struct sg_amount amount; /**< base units; zero, on chains of outputs alone: all that the rest
                                  of the seed names */
    int64_t time_unix_s;     /**< always known */
    int64_t until_unix_s;    /**< chains of outputs, an address without tx: all that it was paid
                                  from time_unix_s to this; else SG_TIME_UNKNOWN */
    const char *note;        /**< or NULL */
    const struct sg_case_source *source;
    struct sg_case_place place;
};

/** Who an address is, says one source. */
struct sg_case_label {
    const struct sg_chain *chain;
    struct sg_address address;
    const char *entity;
    enum sg_category category;
    const char *role; /**< finer than the category, in the words of the case; NULL if none */
    enum sg_confidence confidence;
    int64_t seen_unix_s; /**< when the source was read for this, or SG_TIME_UNKNOWN */
    const char *note;    /**< or NULL */
    const struct sg_case_source *source;
    struct sg_case_place place;
};

/** Where converted money comes back into view. */
struct sg_case_entry {
    struct sg_address address; /**< on the chain of conversion.to_asset */
    bool has_amount;           /**< else it shares what the other entries leave of to_amount */
    struct sg_amount amount;   /**< at most this much enters here */
    struct sg_case_place place;
};

/** A conversion that the ledger does not show, declared by the case: `from` left the stolen money,
 *  `to` entered in its place at the entries, all of them together at most to_amount. Inflow that
 * the ledger cannot explain at an entry is stolen money up to that amount, and clean above it. */
struct sg_case_conversion {
    size_t theft; /**< index into sg_case.thefts */
    struct sg_case_asset from_asset;
    struct sg_amount from_amount; /**< base units, above zero */
    struct sg_case_asset to_asset;
    struct sg_amount to_amount; /**< base units, above zero; at least the sum of stated entries,
                                     equal to it where every entry states its amount */
    const struct sg_case_entry *entries;
    size_t n_entries; /**< at least 1 */
    const char *note; /**< or NULL */
    const struct sg_case_source *source;
    struct sg_case_place place;
};

/** Something that a person should look at; the case is usable all the same. */
struct sg_case_warning {
    struct sg_case_place place;
    const char *text; /**< one sentence */
};

struct sg_case {
    const char *name;        /**< short, for file names: a-z, 0-9, "-" */
    const char *title;       /**< never NULL */
    const char *summary;     /**< or NULL */
    int64_t date_unix_s;     /**< of the (first) theft */
    const char *labels_file; /**< as the case names it, or NULL */
    const char *pools_file;  /**< likewise: the mixers' pools, for who looks behind them */
    const char *const
        *thefts; /**< names, in order of first use; the case's name unless seeds say */
    size_t n_thefts;
    const struct sg_case_source *sources; /**< in the order of the file, as all of these */
    size_t n_sources;
    const struct sg_case_asset *assets; /**< tokens that the case declares */
    size_t n_assets;
    const struct sg_case_seed *seeds;
    size_t n_seeds;
    const struct sg_case_conversion *conversions;
    size_t n_conversions;
    const struct sg_case_label *labels; /**< by chain name, address, then the order of the files */
    size_t n_labels;
    const struct sg_case_warning *warnings;
    size_t n_warnings;
    uint32_t services; /**< bit c is set: tracing stops at category c */
};

/** How the parser gets at the file that the case names for its labels; formats/ opens no files. */
struct sg_case_reader {
    /** Give the bytes of `name`, which stands beside the case file; they are borrowed until the
     *  parser returns. `name` is a plain file name: no folders, no leading dot. */
    enum sg_status (*read)(void *ctx, const char **bytes, size_t *size, const char *name,
                           struct sg_err *err);
    void *ctx;
};

/** Parse a case file and the labels that it names.
 *
 *  Out:    parsed   written on success only.
 *  In:     bytes, size   the case file, at most SG_SMALL_FILE_MAX.
 *          reader   called at most once, after all of the case file was checked: an error with a
 * line before that call is one of the case file, after it one of the labels file. NULL: a case that
 * names a labels file is refused. Errors: SG_EPARSE with line and column: bad YAML, an unknown key,
 * a missing one, an address that is not one of its chain, an unknown source, asset, chain or
 * category, an amount that is no decimal number or zero. SG_EVERSION with line and column: a later
 * schema. SG_ELIMIT, SG_ENOMEM, or what the reader returned. Cost:   O(n log n) in labels;
 * quadratic in the parts that SG_CASE_PARTS_MAX bounds.
 */
SG_MUST_CHECK enum sg_status sg_case_parse(struct sg_case *parsed, struct sg_arena *arena,
                                           const char *bytes, size_t size,
                                           const struct sg_case_reader *reader, struct sg_err *err);

/** All labels of an address, in the order of the files; NULL and 0 if there are none. O(log n). */
const struct sg_case_label *sg_case_labels_of(size_t *n, const struct sg_case *c,
                                              const struct sg_chain *chain,
                                              const struct sg_address *address);

/** The label that an address is shown under: its first service, else its first label; NULL if it
 * has none. The others were warned of where they contradict it. O(log n). */
const struct sg_case_label *sg_case_label_of(const struct sg_case *c, const struct sg_chain *chain,
                                             const struct sg_address *address);

/** Whether tracing stops at a category. */
static inline bool sg_case_is_service(const struct sg_case *c, enum sg_category category)
{
    return c->services >> (unsigned)category & 1u;
}

#endif
