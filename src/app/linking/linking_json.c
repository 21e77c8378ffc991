/* The linkage as JSON, docs/api/workers_link.json, printed in pieces: it may be large. */
#include "app/linking/linking_internal.h"
#include "base/jsonw.h"

#include <errno.h>

/* Floating point here: weights in bits and probabilities; there is no money. */

enum sg_status sg_linking_flush(struct sg_buf *buf, FILE *out, size_t least, struct sg_err *err)
{
    const enum sg_status st = sg_buf_check(buf, err);
    if (st != SG_OK || buf->size < least)
        return st;
    if (fwrite(buf->data, 1, buf->size, out) != buf->size || (least == 0 && fflush(out)))
        return sg_err_os(err, errno, "cannot write to standard output");
    sg_buf_reset(buf);
    return SG_OK;
}

static void put_id(struct sg_jsonw *w, const struct sg_linking *l, size_t row)
{
    char space[LINKING_ID_MAX];
    const struct sg_text id = sg_linking_id(l, row, space);
    sg_jsonw_string_n(w, id.data, id.size);
}

static double bits(int32_t mib)
{
    return (double)mib / 1024;
}

static void put_field(struct sg_jsonw *w, const struct sg_linking *l, size_t field, size_t pair)
{
    const size_t at = pair * l->model.n_fields + field;
    const uint8_t level = l->result.levels[at];
    const enum sg_link_kind kind = l->model.fields[field].kind;
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_string(w, "field", sg_linking_field_name(l, field));
    sg_jsonw_kv_string(w, "agreement",
                       level == SG_LINK_MISSING ? NULL : sg_link_level_name(kind, level));
    sg_jsonw_key(w, "weight");
    sg_jsonw_double(w, bits(l->result.evidence[at]));
    sg_jsonw_end_object(w);
}

static void put_pair(struct sg_jsonw *w, const struct sg_linking *l, size_t i)
{
    const struct sg_link_pair *pair = &l->result.pairs[i];
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "a");
    put_id(w, l, pair->a);
    sg_jsonw_key(w, "b");
    put_id(w, l, pair->b);
    sg_jsonw_key(w, "weight");
    sg_jsonw_double(w, bits(pair->weight_mib));
    sg_jsonw_key(w, "probability");
    sg_jsonw_double(w, sg_link_probability(pair->weight_mib));
    sg_jsonw_key(w, "fields");
    sg_jsonw_begin_array(w);
    for (size_t f = 0; f < l->model.n_fields; f++)
        put_field(w, l, f, i);
    sg_jsonw_end_array(w);
    sg_jsonw_end_object(w);
}

static void put_cluster(struct sg_jsonw *w, const struct sg_linking *l,
                        const struct sg_link_group *g)
{
    const uint32_t *rows = l->result.members + g->begin;
    sg_jsonw_begin_object(w);
    sg_jsonw_kv_uint(w, "id", l->result.group_of[rows[0]] + UINT64_C(1));
    sg_jsonw_key(w, "members");
    sg_jsonw_begin_array(w);
    for (size_t i = 0; i < g->count; i++)
        put_id(w, l, rows[i]);
    sg_jsonw_end_array(w);
    sg_jsonw_key(w, "cohesion");
    sg_jsonw_double(w, bits(g->cohesion_mib));
    sg_jsonw_key(w, "weakest_link");
    sg_jsonw_begin_object(w);
    sg_jsonw_key(w, "a");
    put_id(w, l, g->weak_a);
    sg_jsonw_key(w, "b");
    put_id(w, l, g->weak_b);
    sg_jsonw_kv_uint(w, "splits_off", g->n_split);
    sg_jsonw_end_object(w);
    sg_jsonw_end_object(w);
}

enum sg_status sg_linking_print_json(const struct sg_linking *l, struct sg_err *err)
{
    struct sg_buf buf = SG_BUF_INIT(64 * LINKING_PIECE);
    struct sg_jsonw w;
    enum sg_status st = SG_OK;
    sg_jsonw_init(&w, &buf);
    sg_jsonw_begin_object(&w);
    sg_jsonw_kv_uint(&w, "records", l->roster.n_rows);
    sg_jsonw_key(&w, "pairs");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; st == SG_OK && i < l->result.n_pairs; i++) {
        if (l->result.pairs[i].weight_mib >= 0)
            put_pair(&w, l, i);
        st = sg_linking_flush(&buf, stdout, LINKING_PIECE, err);
    }
    sg_jsonw_end_array(&w);
    sg_jsonw_key(&w, "clusters");
    sg_jsonw_begin_array(&w);
    for (size_t i = 0; st == SG_OK && i < l->result.n_groups; i++) {
        put_cluster(&w, l, &l->result.groups[i]);
        st = sg_linking_flush(&buf, stdout, LINKING_PIECE, err);
    }
    sg_jsonw_end_array(&w);
    sg_jsonw_end_object(&w);
    sg_buf_putc(&buf, '\n');
    if (st == SG_OK)
        st = sg_linking_flush(&buf, stdout, 0, err);
    sg_buf_clear(&buf);
    return st;
}
