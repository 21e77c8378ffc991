/* A case file for each theft (docs/formats/case.md): what an investigator would start from. The
 * seeds are the rows that emptied the vault; the labels are the services, and where the thief's
 * mules pay in. Nothing of what became of the money. */
#include "analysis/simulate/sim_internal.h"

#include "base/civil.h"
#include "base/hex.h"

#define CASE_MAX ((size_t)16 * 1024 * 1024)

struct writing {
    const struct sg_sim *sim;
    struct sg_buf *out;
};

static const char *chain_name(const struct sg_sim *sim, uint32_t account)
{
    return sim->options->chains[sg_sim_chain_of(sim, account)]->name;
}

static void put_label(struct writing *w, uint32_t account, const char *category, const char *entity)
{
    char text[SIM_TEXT];
    if (!(w->sim->flags[account] & SIM_SEEN))
        return;
    sg_buf_printf(w->out,
                  "  - {chain: %s, address: \"%s\", entity: %s, category: %s, source: truth, "
                  "confidence: high}\n",
                  chain_name(w->sim, account), sg_sim_text(text, w->sim, account), entity,
                  category);
}

static void put_entity(void *ctx, const struct sim_entity *e)
{
    for (uint32_t i = 0; i < e->n; i++)
        put_label(ctx, e->first + i, e->category, e->name);
    if (e->more != SIM_NOBODY)
        put_label(ctx, e->more, e->category, e->name);
}

static void put_labels(struct writing *w, uint32_t theft)
{
    const struct sim_layout *at = &w->sim->at;
    sg_buf_puts(w->out, "labels:\n");
    sg_sim_each_entity(w->sim, put_entity, w);
    for (uint32_t i = 0; i < SIM_MULES; i++)
        put_label(w, at->thieves + theft * SIM_THIEF + 2 + i, "exchange", "mule");
    put_label(w, at->b_thieves + theft * SIM_THIEF_B, "exchange", "mule");
    put_label(w, at->b_system + 1, "exchange", "hot wallet of the second chain");
}

static void put_seeds(struct writing *w, const struct sim_theft *t)
{
    const struct sg_chain *chain = w->sim->options->chains[0];
    const bool native = t->asset == SIM_NATIVE;
    sg_buf_puts(w->out, "seeds:\n");
    for (uint32_t i = 0; i < t->n_rows; i++) {
        char amount[SG_AMOUNT_TEXT_MAX], time[SG_TIME_TEXT_MAX], hash[65];
        uint8_t hash32[32];
        sg_sim_hash(hash32, w->sim, t->rows[i].serial);
        sg_hex_encode(hash, hash32, sizeof(hash32));
        sg_buf_printf(w->out,
                      "  - {chain: %s, asset: %s, amount: \"%s\", tx: \"0x%s\", time: \"%s\", "
                      "source: truth}\n",
                      chain->name, native ? chain->symbol : sg_sim_asset_name(t->asset),
                      sg_amount_format(amount, sg_amount_from(t->rows[i].amount), native ? 9 : 6),
                      hash, sg_time_format(time, t->rows[i].time_unix_s));
    }
}

static void put_asset(struct writing *w, unsigned asset)
{
    struct sg_address token;
    char text[SIM_TEXT];
    const struct sg_chain *chain = w->sim->options->chains[0];
    if (asset == SIM_NATIVE)
        return;
    sg_sim_token(&token, w->sim, asset);
    sg_buf_printf(w->out, "assets:\n  - {chain: %s, symbol: %s, contract: \"%s\", decimals: 6}\n",
                  chain->name, sg_sim_asset_name(asset), sg_address_format(text, chain, &token));
}

static void put_case(struct writing *w, uint32_t theft)
{
    const struct sim_theft *t = &w->sim->thefts[theft];
    char time[SG_TIME_TEXT_MAX];
    sg_time_format(time, t->rows[0].time_unix_s);
    sg_buf_printf(w->out,
                  "sillage_case: 1\nname: simulated-%u\ntitle: Theft %u of a made-up world\n"
                  "date: %.10s\nsources:\n"
                  "  - {id: truth, title: What the world that made the transfers knows}\n",
                  theft, theft, time);
    put_asset(w, t->asset);
    put_seeds(w, t);
    put_labels(w, theft);
}

void sg_sim_cases(struct sg_sim *sim)
{
    struct sg_buf out = SG_BUF_INIT(CASE_MAX);
    struct writing w = {sim, &out};
    for (uint32_t theft = 0; theft < sim->scenario->thefts && sim->status == SG_OK; theft++) {
        if (!sim->thefts[theft].n_rows)
            continue;
        put_case(&w, theft);
        sim->status = sg_buf_check(&out, sim->err);
        if (sim->status == SG_OK)
            sim->status = sim->sink->case_file(sim->sink->ctx, theft, out.data, out.size, sim->err);
        sg_buf_reset(&out);
    }
    sg_buf_clear(&out);
}
