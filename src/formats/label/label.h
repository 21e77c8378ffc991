/** A label: who is behind an address, a cluster or a transaction, since when, and by whose word.
 *
 *  One shape for all that people publish about addresses: GraphSense TagPacks (formats/tagpack),
 *  sanctions lists (formats/ofac), dumps of explorers' name tags, and our own CSV
 *  (formats/labelfile). And one vocabulary: the categories below are those of case files too, and
 *  what TagPacks and the INTERPOL taxonomy call things is mapped to them here.
 * docs/formats/labels.md repeats the tables.
 *
 *  A label is a claim, never a fact: it keeps its source, the date of that source and how sure the
 *  source was. Two labels that contradict each other stand side by side; nothing here decides.
 *
 *  All texts come from outside: escape them where they are shown. Threads: any; nothing is kept.
 */
#ifndef SG_FORMATS_LABEL_H
#define SG_FORMATS_LABEL_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What an address is. Names and meanings are in the table of category.c, which
 * docs/formats/case.md repeats. The numbers are on disk in label stores: add at the end, never
 * reorder. */
enum sg_category {
    SG_CATEGORY_EXCHANGE,
    SG_CATEGORY_MIXER,
    SG_CATEGORY_BRIDGE,
    SG_CATEGORY_DEX,
    SG_CATEGORY_OTC,
    SG_CATEGORY_GAMBLING,
    SG_CATEGORY_LENDING,
    SG_CATEGORY_PAYMENT,
    SG_CATEGORY_MARKETPLACE,
    SG_CATEGORY_VICTIM,
    SG_CATEGORY_THEFT,
    SG_CATEGORY_FUNDER,
    SG_CATEGORY_SWAPPER,
    SG_CATEGORY_INTERMEDIARY,
    SG_CATEGORY_DEPOSITOR,
    SG_CATEGORY_WITHDRAWER,
    SG_CATEGORY_DORMANT,
    SG_CATEGORY_SANCTIONED,
    SG_CATEGORY_RANSOM,
    SG_CATEGORY_PAYROLL,
    SG_CATEGORY_CONTRACT,
    SG_CATEGORY_OTHER,
    SG_CATEGORY_WALLET,
    SG_CATEGORY_MINER,
    SG_CATEGORY_SCAM,
    SG_CATEGORY_TERRORISM,
    SG_CATEGORY_ABUSE,
    SG_CATEGORY_FROZEN,
    SG_CATEGORY_PERSON,
    SG_CATEGORY_ORGANISATION
};

#define SG_CATEGORY_COUNT ((size_t)SG_CATEGORY_ORGANISATION + 1)

struct sg_category_info {
    const char *name;    /**< as files write it, "exchange" */
    const char *meaning; /**< one phrase */
    bool is_service;     /**< tracing stops there unless the case says otherwise */
    bool is_illicit;     /**< a claim of crime, of a theft's trail, or of a sanction */
};

/** The table's entry of a category. Static storage. */
const struct sg_category_info *sg_category_info(enum sg_category category);

/** Find a category by its name; SG_ENOTFOUND if there is none. `nearest` is then the name that was
 *  probably meant, or NULL. */
SG_MUST_CHECK enum sg_status sg_category_find(enum sg_category *category, const char **nearest,
                                              const char *name);

/** The category of what TagPacks call a concept: the identifiers of GraphSense's concepts, which
 *  derive from the INTERPOL Dark Web and Virtual Assets taxonomy, older names of both, and our own
 *  names. False where none of ours fits; `category` is then untouched.
 *  Source: graphsense-tagpack-tool, src/tagpack/db/concepts.yaml, version 0.1.0, read 2026-11-25.
 */
bool sg_category_of_concept(enum sg_category *category, const char *concept);

/** One category for what a source says in several fields; each may be NULL.
 *
 *  A crime decides over the rest (a thief's address that is filed under the exchange that was
 *  robbed is the thief's), but a sanction does not hide a service (a sanctioned mixer stays one);
 *  then the category, the first concept that is known, the abuse. SG_CATEGORY_OTHER if none is
 *  known.
 *  In: concepts, n_concepts   the list of the source, may be empty. */
enum sg_category sg_category_choose(const char *category, const char *abuse,
                                    const char *const *concepts, size_t n_concepts);

/** How sure the source of a label is, in its own words brought to three steps. */
enum sg_confidence {
    SG_CONFIDENCE_LOW,    /**< somebody's guess */
    SG_CONFIDENCE_MEDIUM, /**< an investigator's reading */
    SG_CONFIDENCE_HIGH    /**< an authority, the service itself, or the chain */
};

/** "low", "medium", "high". Static storage. */
const char *sg_confidence_name(enum sg_confidence confidence);

/** The step of a TagPack's confidence identifier ("authority_data": high) or of one of our names;
 *  SG_CONFIDENCE_LOW for others and NULL: a source that does not say how sure it is is not.
 *  Source: graphsense-tagpack-tool, src/tagpack/db/confidence.csv, read 2026-11-25: identifiers of
 *  level 60 and above, service_data and ledger_immanent are high, 40 and 50 medium. */
enum sg_confidence sg_confidence_of_tagpack(const char *name);

/** What a label is about. */
enum sg_label_subject {
    SG_LABEL_ADDRESS,
    SG_LABEL_CLUSTER, /**< an address, and by the source's claim all that one owner controls with it
                       */
    SG_LABEL_TX
};

/** Longest subject. Cardano's older addresses have 104 characters, unified Zcash ones some 200; a
 *  longer text is no address. */
#define SG_LABEL_SUBJECT_MAX 256

/** Longest other text of a label; longer ones are an error, not cut. The longest that we know of,
 * an entry's remarks, have 2 KiB. */
#define SG_LABEL_TEXT_MAX 8192

/** Aliases of one entity, at most; the longest list of OFAC has some 200. */
#define SG_LABEL_ALIASES_MAX 1024

/** One claim. Texts are terminated, without zero bytes inside, NULL where the source does not say;
 *  times are Unix seconds or SG_TIME_UNKNOWN. All is borrowed from whoever made it. */
struct sg_label {
    enum sg_label_subject kind;
    enum sg_category category;
    enum sg_confidence confidence;
    const char *subject;   /**< the address or transaction as the source writes it; never NULL */
    const char *chain;     /**< our name of the chain, "bitcoin"; NULL if unknown */
    const char *currency;  /**< the source's own word, "XBT", "USDT" */
    const char *entity;    /**< whom it is attributed to; never NULL, may be "" */
    const char *actor;     /**< the source's identifier of that party, "lazarusgroup" */
    const char *abuse;     /**< the source's word for a crime, "ransomware" */
    const char *programme; /**< of a sanction: "DPRK3", several with ", " between */
    const char *source;    /**< of the claim: an address of a document, or the name of a list */
    const char *note;      /**< whatever else the source says */
    const char *const *aliases; /**< of the entity */
    size_t n_aliases;
    int64_t source_date_unix_s;                  /**< of the source's statement */
    int64_t first_seen_unix_s, last_seen_unix_s; /**< of the activity that the label speaks of */
    int64_t listed_unix_s;                       /**< sanctions: in force from this day on */
    int64_t delisted_unix_s; /**< sanctions: no more in force from this day on; unknown: still is */
    const char *raw;         /**< the source's own record, for an export without loss; NULL: none */
    size_t raw_size;
};

/** All unknown: an address, category other, confidence low, entity "". */
void sg_label_init(struct sg_label *label);

/** Check what the limits above promise. What a subject looks like is not checked: lists have
 * addresses with remarks behind them, and dropping such a label would hide it. Errors: SG_EPARSE (a
 * subject that is missing or blank), SG_ELIMIT (a text or list that is too long). */
SG_MUST_CHECK enum sg_status sg_label_check(const struct sg_label *label, struct sg_err *err);

/** Our name of the chain that a currency lives on; NULL if none is known.
 *
 *  "BTC", "XBT" and "bitcoin" are "bitcoin". A token says little by itself: where the form of the
 *  address decides (0x and hexadecimal digits, T and base58), the form does.
 *  In: currency   any case; may be NULL: then the form alone decides.
 *      subject    the address. */
const char *sg_label_chain(const char *currency, const char *subject);

/** The form under which a subject is looked up: blanks in front and all from the next blank on are
 *  taken off, so are the prefixes "bitcoincash:" and the like, and letters are brought to lower
 * case where the format does not distinguish it (hexadecimal, bech32, cashaddr). No checksum is
 * looked at; base58 is left as it is. Out: key   terminated; returned too. In:  text, size   not
 * terminated; size at most SG_LABEL_SUBJECT_MAX. */
char *sg_label_key(char key[SG_LABEL_SUBJECT_MAX + 1], const char *text, size_t size);

/** How a source hands over its labels, one at a time, borrowed for the call. Anything but SG_OK
 *  stops the parser with it. */
struct sg_label_sink {
    enum sg_status (*label)(void *ctx, const struct sg_label *label, struct sg_err *err);
    /** An entry that cannot be a label, such as an address with a blank inside; the rest goes on.
     *  `why` has the sentence and, where known, the line. */
    enum sg_status (*bad)(void *ctx, const struct sg_err *why, struct sg_err *err);
    void *ctx;
};

/** Check a label, then hand it to the sink as what it is: a label, or bad.
 *  In: line   of the source where it stands, 0 if unknown. */
SG_MUST_CHECK enum sg_status sg_label_give(const struct sg_label_sink *sink,
                                           const struct sg_label *label, uint32_t line,
                                           struct sg_err *err);

/** What is common to all labels of one source file. Texts as in sg_label. */
struct sg_label_pack {
    const char *title;   /**< "GraphSense Binance"; never NULL after a parser returned SG_OK */
    const char *creator; /**< or NULL */
    const char *list;    /**< name of a dated list, "ofac-sdn"; NULL: the file is not one */
    int64_t date_unix_s; /**< of the list or the file's own statement, or SG_TIME_UNKNOWN */
    const char *raw;     /**< the source's header, for an export without loss; NULL: none */
    size_t raw_size;
};

#endif
