/* The same figures for a terminal, as JSON, and as a section of the report. */
#include "app/beyond/beyond.h"

#include "app/page/page.h"

#include <string.h>

#define ROWS_SHOWN 10 /* on a terminal */
#define DIGITS     4

static const char *money(char text[SG_PAGE_TEXT_MAX], const struct sg_beyond_pool *pool,
                         struct sg_amount amount)
{
    return sg_page_amount(text, amount, pool->decimals, DIGITS);
}

static const char *probability(char text[SG_AMOUNT_TEXT_MAX], uint32_t millionths)
{
    return sg_amount_format(text, sg_amount_from(millionths), 6);
}

static void text_pool(struct sg_buf *out, const struct sg_beyond_pool *pool)
{
    char a[SG_PAGE_TEXT_MAX], b[SG_PAGE_TEXT_MAX], c[SG_PAGE_TEXT_MAX], p[SG_AMOUNT_TEXT_MAX];
    sg_buf_puts(out, "  pool ");
    sg_buf_line(out, pool->name, strlen(pool->name));
    sg_buf_printf(out, ": %zu deposits of traced money, %s ", pool->n_deposits,
                  money(a, pool, pool->deposited));
    sg_buf_line(out, pool->symbol, strlen(pool->symbol));
    sg_buf_printf(out, "\n    %zu addresses listed took %s; expected to be the theft's %s",
                  pool->n_rows, money(a, pool, pool->listed), money(b, pool, pool->expected));
    sg_buf_printf(out, ", nine in ten between %s and %s", money(a, pool, pool->low),
                  money(c, pool, pool->high));
    sg_buf_printf(out, "; %zu more addresses are less likely\n", pool->n_below);
    for (size_t i = 0; i < pool->n_rows && i < ROWS_SHOWN; i++) {
        const struct sg_beyond_row *row = &pool->rows[i];
        sg_buf_printf(out, "    %s  %-42s %4zu x  %16s%s\n", probability(p, row->millionths),
                      row->address, row->n, money(a, pool, row->amount),
                      row->is_known ? "  known to the case or its ledger" : "");
    }
    if (pool->n_rows > ROWS_SHOWN)
        sg_buf_printf(out, "    and %zu more; --json has them all\n", pool->n_rows - ROWS_SHOWN);
}

void sg_beyond_text(struct sg_buf *out, const struct sg_beyond *beyond)
{
    char p[SG_AMOUNT_TEXT_MAX];
    sg_buf_printf(out,
                  "\nBehind mixers, by probability (no part of any figure above; addresses at %s "
                  "or more)\n",
                  probability(p, beyond->least_millionths));
    for (size_t i = 0; i < beyond->n_pools; i++)
        text_pool(out, &beyond->pools[i]);
    if (beyond->n_unmatched)
        sg_buf_printf(out, "  %zu transactions into mixers are a deposit in none of the pools\n",
                      beyond->n_unmatched);
}

static void json_probability(struct sg_jsonw *w, const char *key, uint32_t millionths)
{
    sg_jsonw_kv_amount(w, key, sg_amount_from(millionths), 6);
}

static void json_row(struct sg_jsonw *w, const struct sg_beyond_pool *pool,
                     const struct sg_beyond_row *row)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "address", row->address);
    json_probability(w, "probability", row->millionths);
    sg_jsonw_kv_uint(w, "withdrawals", row->n);
    sg_jsonw_kv_amount(w, "amount", row->amount, pool->decimals);
    sg_jsonw_kv_amount(w, "expected", row->expected, pool->decimals);
    sg_jsonw_kv_time(w, "first_unix_s", row->first_unix_s);
    sg_jsonw_kv_time(w, "last_unix_s", row->last_unix_s);
    sg_jsonw_kv_bool(w, "known", row->is_known);
    sg_jsonw_end_object(w);
}

static void json_pool(struct sg_jsonw *w, const struct sg_beyond_pool *pool)
{
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "pool", pool->name);
    sg_jsonw_kv_string(w, "asset", pool->symbol);
    sg_jsonw_kv_uint(w, "deposits", pool->n_deposits);
    sg_jsonw_kv_amount(w, "deposited", pool->deposited, pool->decimals);
    sg_jsonw_kv_uint(w, "addresses_below", pool->n_below);
    sg_jsonw_kv_amount(w, "listed", pool->listed, pool->decimals);
    sg_jsonw_kv_amount(w, "expected", pool->expected, pool->decimals);
    sg_jsonw_kv_amount(w, "low", pool->low, pool->decimals);
    sg_jsonw_kv_amount(w, "high", pool->high, pool->decimals);
    sg_jsonw_key(w, "withdrawers");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < pool->n_rows; i++)
        json_row(w, pool, &pool->rows[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

void sg_beyond_json(struct sg_jsonw *w, const struct sg_beyond *beyond)
{
    sg_jsonw_key(w, "beyond_mixers");
    sg_jsonw_begin_object(w);
    json_probability(w, "least_probability", beyond->least_millionths);
    sg_jsonw_kv_uint(w, "deposits_in_no_pool", beyond->n_unmatched);
    sg_jsonw_key(w, "pools");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < beyond->n_pools; i++)
        json_pool(w, &beyond->pools[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void html_sentence(struct sg_buf *out, const struct sg_beyond_pool *pool)
{
    char text[SG_PAGE_TEXT_MAX];
    sg_buf_puts(out, "<h3>");
    sg_page_text(out, pool->name);
    sg_buf_printf(out, "</h3>\n<p>%zu deposits of traced money (%s ", pool->n_deposits,
                  money(text, pool, pool->deposited));
    sg_page_text(out, pool->symbol);
    sg_buf_printf(out, "). %zu addresses are listed; they took %s. ", pool->n_rows,
                  money(text, pool, pool->listed));
    sg_buf_printf(out, "Expected to be the theft&#39;s: <strong>%s</strong>, ",
                  money(text, pool, pool->expected));
    sg_buf_printf(out, "nine times in ten between %s ", money(text, pool, pool->low));
    sg_buf_printf(out, "and %s. %zu more addresses withdrew and are less likely.</p>\n",
                  money(text, pool, pool->high), pool->n_below);
}

static void html_row(struct sg_buf *out, const struct sg_beyond_pool *pool,
                     const struct sg_beyond_row *row)
{
    char text[SG_PAGE_TEXT_MAX], p[SG_AMOUNT_TEXT_MAX];
    sg_buf_printf(out, "<tr><td class=\"n\">%s</td><td>", probability(p, row->millionths));
    sg_page_full_id(out, row->address);
    sg_buf_printf(out, "</td><td class=\"n\">%zu</td><td class=\"n\">%s</td>", row->n,
                  money(text, pool, row->amount));
    sg_buf_printf(out, "<td class=\"n\">%s</td>", money(text, pool, row->expected));
    sg_buf_printf(out, "<td class=\"t\">%s</td>", sg_page_minute(text, row->first_unix_s));
    sg_buf_printf(out, "<td class=\"t\">%s</td></tr>\n", sg_page_minute(text, row->last_unix_s));
}

static void html_pool(struct sg_buf *out, const struct sg_beyond_pool *pool)
{
    html_sentence(out, pool);
    sg_buf_printf(out,
                  "<details><summary>%zu addresses</summary>\n<div class=\"wide\">\n<table "
                  "class=\"list\">\n<thead><tr>"
                  "<th class=\"n\">Probability</th><th>Address</th>"
                  "<th class=\"n\">Withdrawals</th><th class=\"n\">Took</th>"
                  "<th class=\"n\">Expected</th><th>First (UTC)</th><th>Last (UTC)</th>"
                  "</tr></thead><tbody>\n",
                  pool->n_rows);
    for (size_t i = 0; i < pool->n_rows; i++)
        html_row(out, pool, &pool->rows[i]);
    sg_buf_puts(out, "</tbody>\n</table>\n</div>\n</details>\n");
}

void sg_beyond_html(struct sg_buf *out, const struct sg_beyond *beyond)
{
    char p[SG_AMOUNT_TEXT_MAX];
    sg_page_section(out, "beyond", "Behind mixers, by probability");
    sg_buf_printf(out,
                  "<p>The ledger proves what went into a mixer, never what came out. Here are the "
                  "addresses that, at %s or more, withdrew what went in; each figure is what an "
                  "address took, times its probability. <strong>Nothing in this section is part of "
                  "any other figure.</strong></p>\n",
                  probability(p, beyond->least_millionths));
    for (size_t i = 0; i < beyond->n_pools; i++)
        html_pool(out, &beyond->pools[i]);
    if (beyond->n_unmatched)
        sg_buf_printf(out,
                      "<p>%zu transactions into mixers are a deposit in none of the pools that "
                      "were looked at.</p>\n",
                      beyond->n_unmatched);
    sg_buf_puts(out, "</section>\n");
}
