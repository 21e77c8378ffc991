/** The report on a theft: one HTML file from a finished trace.
 *
 *  `struct sg_report` is what a report says, already decided: amounts, names, lists in order.
 * Filling it from a trace, a case and a ledger is report_build.h's task; writing it needs nothing
 * else, so that the same report gives the same bytes. Nothing here is a verdict on a person.
 *
 *  All texts may come from outside and are escaped when written; NULL where nothing is known. All
 *  amounts are base units of the asset they stand under. All times are UTC. Everything is borrowed
 *  for the call. Read docs/methods/flow-picture.md for the picture.
 */
#ifndef SG_APP_REPORT_H
#define SG_APP_REPORT_H

#include "app/beyond/beyond.h"
#include "base/amount.h"
#include "base/buf.h"
#include "formats/manifest/manifest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What becomes of money; decides how it is drawn, and whether anybody can be asked to freeze it.
 */
enum sg_report_kind {
    SG_REPORT_THEFT,
    SG_REPORT_PATH,     /**< passed through */
    SG_REPORT_MIXER,    /**< nobody to ask */
    SG_REPORT_EXCHANGE, /**< and others that keep accounts of customers */
    SG_REPORT_BRIDGE,
    SG_REPORT_SERVICE,
    SG_REPORT_HELD,
    SG_REPORT_UNSEEN,
    SG_REPORT_FEE,
    SG_REPORT_OTHER
};

/** 1e-8 USD on the day of a transfer, where a price table covers it (formats/prices). */
struct sg_report_usd {
    bool known;
    struct sg_amount usd_e8;
};

/** A transfer that a figure rests on. */
struct sg_report_transfer {
    uint8_t hash32[32];
    int64_t time_unix_s;
    const char *from, *to;   /**< addresses; `to` is the very pointer of its deposit's address */
    struct sg_amount amount; /**< the traced part */
    struct sg_report_usd usd;
};

/** What is known of an address after the traced money came in. */
enum sg_report_state {
    SG_REPORT_STATE_UNKNOWN, /**< the ledger does not cover the address */
    SG_REPORT_STATE_HELD,    /**< nothing left it since, as far as the ledger covers it */
    SG_REPORT_STATE_MOVED    /**< something left it since */
};

/** An address of a service that took traced money: where a freeze request points. */
struct sg_report_deposit {
    const char *address;
    struct sg_amount amount;
    struct sg_report_usd usd;
    size_t n_transfers;
    int64_t first_unix_s, last_unix_s; /**< of traced money coming in */
    enum sg_report_state state;
    int64_t moved_unix_s; /**< first outflow after the last deposit, where MOVED */
};

struct sg_report_destination {
    const char *entity;   /**< "Tornado Cash" */
    const char *category; /**< "mixer" */
    enum sg_report_kind kind;
    struct sg_amount amount;
    struct sg_report_usd usd;
    size_t n_senders;
    const struct sg_report_transfer *transfers; /**< by time */
    size_t n_transfers;
    const struct sg_report_deposit *deposits; /**< largest first */
    size_t n_deposits;
};

/** An output that holds traced money. */
struct sg_report_output {
    uint8_t hash32[32]; /**< of the transaction that made it */
    uint32_t index;
    struct sg_amount amount; /**< the traced part */
    struct sg_amount value;
};

/** An address that holds traced money, or behind which it cannot be seen. */
struct sg_report_place {
    const char *address;
    const char *label;
    struct sg_amount amount;
    int64_t last_unix_s; /**< last traced transfer into it */
    uint64_t last_block; /**< held: covered up to this block; unobserved: of that transfer */
    const struct sg_report_output *outputs; /**< on a chain of outputs, in its order */
    size_t n_outputs;
};

/** Money that came in from outside the ledger, or a swap that carried it across. */
struct sg_report_inflow {
    const char *address;
    struct sg_amount amount;
    int64_t time_unix_s;
    const char *note; /**< one sentence */
};

struct sg_report_node {
    const char *label;
    enum sg_report_kind kind;
    size_t n_addresses;
    struct sg_amount amount; /**< shown beside it; PATH: not read, what came in is shown */
};

struct sg_report_edge {
    uint32_t from, to;
    struct sg_amount amount;
};

/** One asset under one policy. */
struct sg_report_result {
    const char *policy;
    struct sg_amount stolen, converted_in, converted_out, reached, held, unobserved, fees;
    struct sg_amount excess;    /**< poison only: clean money that it counts as stolen */
    struct sg_amount dust;      /**< not followed because of a cut-off that was asked for */
    struct sg_amount coinjoins; /**< of reached: went into CoinJoins */
    const struct sg_report_destination *destinations; /**< largest first */
    size_t n_destinations;
    const struct sg_report_place *held_at; /**< largest first */
    size_t n_held_at;
    const struct sg_report_place *unobserved_at; /**< largest first */
    size_t n_unobserved_at;
    const struct sg_report_inflow *unexplained; /**< clean money above the known balance, by time */
    size_t n_unexplained;
    const struct sg_report_inflow *conversions; /**< stolen money that came in another form */
    size_t n_conversions;
    const struct sg_report_node *nodes; /**< of the flow picture; empty where it is not drawn */
    size_t n_nodes;
    const struct sg_report_edge *edges;
    size_t n_edges;
};

/** results[main] is the policy that the report is about; the others give the range. */
struct sg_report_asset {
    const char *chain, *symbol;
    unsigned decimals;
    const struct sg_report_result *results;
    size_t n_results;
    size_t main;
    bool outputs; /**< a chain of outputs: ids are written without 0x */
};

struct sg_report_source {
    const char *id, *title, *address;
};

struct sg_report {
    const char *title; /**< "Ronin bridge theft" */
    const char *summary;
    int64_t theft_unix_s;
    int64_t seen_to_unix_s;               /**< the last time that the ledger covers */
    const struct sg_report_asset *assets; /**< at least one */
    size_t n_assets;
    const char *price_source; /**< NULL: no values in USD */
    const char *const *order; /**< sentences: do figures depend on an order that no source gives? */
    size_t n_order;
    const char *const *coverage; /**< sentences */
    size_t n_coverage;
    const char *const *caveats; /**< sentences */
    size_t n_caveats;
    const char *const *decoys; /**< sentences on rows that only look like payments */
    size_t n_decoys;
    bool decoys_followed; /**< they were asked for; else left out */
    const struct sg_report_source *sources;
    size_t n_sources;
    const struct sg_beyond *beyond; /**< behind mixers, by probability; NULL: not asked for */
    const struct sg_manifest_entry *facts; /**< inputs, options, versions; no figures */
    size_t n_facts;
};

/** Largest report. Ronin's is under 1 MB. */
#define SG_REPORT_BYTES_MAX ((size_t)256 * 1024 * 1024)

/** Outputs shown behind one address; the rest is counted, and is whole in --csv. */
#define SG_REPORT_OUTPUTS_MAX ((size_t)50)

/** Transfers shown behind one figure; the rest is counted and summed, and is whole in --csv. */
#define SG_REPORT_TRANSFERS_MAX ((size_t)4000)

/** Write the report into `out`.
 *  Errors: SG_ENOMEM, SG_ELIMIT (more than out->max). Cost: linear, and the layout of the picture.
 */
SG_MUST_CHECK enum sg_status sg_report_write(struct sg_buf *out, const struct sg_report *report,
                                             struct sg_err *err);

/** All figures of a report as entries of the manifest: kind "figure", a name such as
 *  "ethereum/ETH/fifo/held", all digits. In a fixed order; array and texts in the arena.
 *  Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_report_figures(const struct sg_manifest_entry **figures, size_t *n,
                                               struct sg_arena *arena,
                                               const struct sg_report *report, struct sg_err *err);

#endif
