/* The answer for a terminal. Symbols, entities and roles come from outside and go through
 * sg_buf_line. */
#include "app/show/show.h"

#include "base/hex.h"

#include <inttypes.h>
#include <string.h>

static void add_outside(struct sg_buf *out, const char *text)
{
    sg_buf_line(out, text, strlen(text));
}

/* "1 row", "2 rows". */
static void add_count(struct sg_buf *out, uint64_t n, const char *what)
{
    sg_buf_printf(out, "%" PRIu64 " %s%s", n, what, n == 1 ? "" : "s");
}

static void add_symbol(struct sg_buf *out, const struct sg_show_names *names,
                       const struct sg_asset *asset)
{
    char text[SG_ADDRESS_TEXT_MAX];
    if (asset->symbol[0])
        add_outside(out, asset->symbol);
    else
        add_outside(out, sg_address_format(text, names->chain, &asset->contract));
}

static void add_amount(struct sg_buf *out, struct sg_amount amount, const struct sg_asset *asset)
{
    char text[SG_AMOUNT_TEXT_MAX];
    sg_buf_puts(out, sg_amount_format(text, amount, sg_show_decimals(asset)));
}

static void add_party(struct sg_buf *out, const struct sg_show_names *names,
                      const struct sg_address *address)
{
    char text[SG_ADDRESS_TEXT_MAX];
    const struct sg_case_label *label = sg_show_label(names, address);
    add_outside(out, address->size ? sg_address_format(text, names->chain, address) : "(nobody)");
    if (!label)
        return;
    sg_buf_puts(out, " ");
    add_outside(out, label->entity);
    sg_buf_printf(out, " (%s)", sg_category_info(label->category)->name);
}

static void add_hash(struct sg_buf *out, const struct sg_tx *tx)
{
    char hex[65];
    if (tx->flags & SG_TX_HAS_HASH)
        sg_buf_printf(out, "0x%s", sg_hex_encode(hex, tx->hash32, 32));
    else
        sg_buf_puts(out, "(no hash)");
}

static void add_row(struct sg_buf *out, const struct sg_show_found *found,
                    const struct sg_show_row *row)
{
    const struct sg_show_names *names = &found->names;
    const struct sg_asset *asset = sg_show_asset(names, row->row.asset);
    sg_buf_printf(out, "    %-8s ", sg_show_kind(row->row.kind));
    add_party(out, names, sg_show_addr(names, row->row.from));
    sg_buf_puts(out, " -> ");
    add_party(out, names, sg_show_addr(names, row->row.to));
    sg_buf_puts(out, "  ");
    if (row->row.flags & SG_ROW_OUT_OF_RANGE)
        sg_buf_puts(out, "(more than 128 bits)");
    else
        add_amount(out, row->row.amount, asset);
    sg_buf_putc(out, ' ');
    add_symbol(out, names, asset);
    if (row->row.flags & SG_ROW_FAILED)
        sg_buf_puts(out, "  failed");
    if (row->row.flags & SG_ROW_CREATE)
        sg_buf_puts(out, "  creates a contract");
    sg_buf_putc(out, '\n');
}

static void add_labels(struct sg_buf *out, const struct sg_show_found *found)
{
    size_t n = 0;
    const struct sg_case *c = found->names.c;
    const struct sg_case_label *labels =
        c ? sg_case_labels_of(&n, c, found->names.chain, found->address) : NULL;
    for (size_t i = 0; i < n; i++) {
        sg_buf_puts(out, "  label: ");
        add_outside(out, labels[i].entity);
        sg_buf_printf(out, " (%s)", sg_category_info(labels[i].category)->name);
        if (labels[i].role) {
            sg_buf_puts(out, ", ");
            add_outside(out, labels[i].role);
        }
        sg_buf_printf(out, ", confidence %s, by ", sg_confidence_name(labels[i].confidence));
        add_outside(out, labels[i].source->id);
        sg_buf_putc(out, '\n');
    }
}

static void add_coverage(struct sg_buf *out, const struct sg_show_found *found)
{
    if (!found->n_coverage)
        sg_buf_puts(out, "  not covered: there may be more than these rows\n");
    for (size_t i = 0; i < found->n_coverage; i++) {
        const struct sg_coverage *cover = &found->coverage[i];
        sg_buf_printf(out, "  covered%s:%s%s%s, blocks %" PRIu64 " to %" PRIu64 "\n",
                      cover->addr.v == SG_ID_NONE ? " with the whole chain" : "",
                      cover->kinds & SG_COVER_NATIVE ? " native" : "",
                      cover->kinds & SG_COVER_INTERNAL ? " internal" : "",
                      cover->kinds & SG_COVER_TOKEN ? " token" : "", cover->first_block,
                      cover->last_block);
    }
}

static void add_sum(struct sg_buf *out, const char *what, const struct sg_profile_sum *sum,
                    const struct sg_asset *asset)
{
    sg_buf_printf(out, "    %-8s", what);
    if (sum->too_large)
        sg_buf_puts(out, "(more than 128 bits)");
    else
        add_amount(out, sum->amount, asset);
    sg_buf_puts(out, " in ");
    add_count(out, sum->transfers, "transfer");
    sg_buf_putc(out, '\n');
}

static void add_fees(struct sg_buf *out, const struct sg_profile_asset *flows,
                     const struct sg_asset *asset)
{
    if (sg_amount_is_zero(flows->fees) && !flows->unknown_fees)
        return;
    sg_buf_puts(out, "    fees    ");
    add_amount(out, flows->fees, asset);
    if (flows->unknown_fees) {
        sg_buf_puts(out, ", and unknown ones of ");
        add_count(out, flows->unknown_fees, "transaction");
    }
    sg_buf_putc(out, '\n');
}

static void add_balance(struct sg_buf *out, const struct sg_profile_asset *flows,
                        const struct sg_asset *asset)
{
    struct sg_amount left, missing;
    if (!sg_profile_balance(&left, &missing, flows))
        return;
    sg_buf_puts(out, sg_amount_is_zero(missing) ? "    left    " : "    missing ");
    add_amount(out, sg_amount_is_zero(missing) ? left : missing, asset);
    if (!sg_amount_is_zero(missing))
        sg_buf_puts(out, ": more went out than these rows brought in");
    sg_buf_putc(out, '\n');
}

static void add_peer(struct sg_buf *out, const struct sg_show_names *names,
                     const struct sg_profile_peer *peer, const struct sg_asset *asset)
{
    sg_buf_puts(out, "      ");
    add_party(out, names, sg_show_addr(names, peer->addr));
    if (peer->in.transfers) {
        sg_buf_puts(out, "  in ");
        add_amount(out, peer->in.amount, asset);
        sg_buf_printf(out, " (%" PRIu64 ")", peer->in.transfers);
    }
    if (peer->out.transfers) {
        sg_buf_puts(out, "  out ");
        add_amount(out, peer->out.amount, asset);
        sg_buf_printf(out, " (%" PRIu64 ")", peer->out.transfers);
    }
    sg_buf_putc(out, '\n');
}

static void add_asset(struct sg_buf *out, const struct sg_show_found *found,
                      const struct sg_profile_asset *flows)
{
    const struct sg_asset *asset = sg_show_asset(&found->names, flows->asset);
    sg_buf_puts(out, "  ");
    add_symbol(out, &found->names, asset);
    if (!asset->has_decimals)
        sg_buf_puts(out, " (decimals unknown: base units)");
    sg_buf_putc(out, '\n');
    add_sum(out, "in", &flows->in, asset);
    add_sum(out, "out", &flows->out, asset);
    add_fees(out, flows, asset);
    add_balance(out, flows, asset);
    if (flows->out_of_range)
        sg_buf_printf(out, "    %" PRIu64 " rows of more than 128 bits are not counted\n",
                      flows->out_of_range);
    if (flows->n_peers)
        sg_buf_printf(out, "    counterparties by value, %zu of %" PRIu64 ":\n", flows->n_peers,
                      flows->n_peers_all);
    for (size_t i = 0; i < flows->n_peers; i++)
        add_peer(out, &found->names, &flows->peers[i], asset);
}

static void add_recent(struct sg_buf *out, const struct sg_show_found *found)
{
    char time[SG_TIME_TEXT_MAX];
    if (found->n_rows)
        sg_buf_puts(out, "  last rows:\n");
    for (size_t i = 0; i < found->n_rows; i++) {
        const struct sg_tx *tx = found->rows[i].tx;
        sg_buf_printf(out, "    %s ", sg_time_format(time, tx->time_unix_s));
        add_hash(out, tx);
        sg_buf_putc(out, '\n');
        add_row(out, found, &found->rows[i]);
    }
}

static void add_address(struct sg_buf *out, const struct sg_show_found *found)
{
    const struct sg_profile *p = &found->profile;
    char text[SG_ADDRESS_TEXT_MAX], first[SG_TIME_TEXT_MAX], last[SG_TIME_TEXT_MAX];
    add_outside(out, sg_address_format(text, found->names.chain, found->address));
    sg_buf_printf(out, " on %s\n", found->names.chain->name);
    add_labels(out, found);
    sg_buf_puts(out, "  ");
    add_count(out, p->n_rows, "row");
    sg_buf_puts(out, " in ");
    add_count(out, p->n_txs, "transaction");
    sg_buf_printf(out, ", %" PRIu64 " failed\n", p->n_failed);
    if (p->n_rows)
        sg_buf_printf(out, "  seen %s to %s, blocks %" PRIu64 " to %" PRIu64 "\n",
                      sg_time_format(first, p->first_unix_s), sg_time_format(last, p->last_unix_s),
                      p->first_block, p->last_block);
    add_coverage(out, found);
    for (size_t i = 0; i < p->n_assets; i++)
        add_asset(out, found, &p->assets[i]);
    add_recent(out, found);
}

static void add_tx(struct sg_buf *out, const struct sg_show_found *found)
{
    const struct sg_tx *tx = &found->tx;
    const struct sg_show_names *names = &found->names;
    char text[SG_TIME_TEXT_MAX], fee[SG_AMOUNT_TEXT_MAX];
    add_hash(out, tx);
    sg_buf_printf(out, " on %s\n  %s, block %" PRIu64, names->chain->name,
                  sg_time_format(text, tx->time_unix_s), tx->block);
    if (tx->index != SG_INDEX_UNKNOWN)
        sg_buf_printf(out, ", position %" PRIu32 "\n", tx->index);
    else
        sg_buf_puts(out, ", position unknown: the order of the file is kept\n");
    sg_buf_printf(out, "  status %s, fee ", sg_show_status(tx->status));
    if (tx->flags & SG_TX_FEE_KNOWN)
        sg_buf_printf(out, "%s %s", sg_amount_format(fee, tx->fee, names->chain->decimals),
                      names->chain->symbol);
    else
        sg_buf_puts(out, "unknown");
    sg_buf_puts(out, ", sent by ");
    add_party(out, names, sg_show_addr(names, tx->sender));
    sg_buf_puts(out, "\n  ");
    add_count(out, tx->n_rows, "row");
    sg_buf_puts(out, " in order");
    if (found->n_rows < tx->n_rows)
        sg_buf_printf(out, ", the first %zu of them", found->n_rows);
    sg_buf_puts(out, ":\n");
    for (size_t i = 0; i < found->n_rows; i++)
        add_row(out, found, &found->rows[i]);
}

void sg_show_text(struct sg_buf *out, const struct sg_show_found *found)
{
    if (found->address)
        add_address(out, found);
    else
        add_tx(out, found);
}
