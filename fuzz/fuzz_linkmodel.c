/* Model files of a linkage: what is accepted keeps what its header promises, and once written it is
 * read as the same model; what is not has a place. Names of columns are as bad as a table's may be.
 */
#include "analysis/linkage/link_model.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_header(struct sg_roster *roster)
{
    static const char header[] = "given,sur,born,mail,phone,all,nationality,\"a: \"\"b\"\", [#\","
                                 "d\xc3\xad"
                                 "a,\x7f,a\xc2\x85"
                                 "b,\xf0\x9f\x98\x80\n";
    struct sg_roster_reader *reader = NULL;
    struct sg_err err;
    assert(sg_roster_begin(&reader, roster, &err) == SG_OK);
    assert(sg_roster_feed(reader, header, sizeof(header) - 1, &err) == SG_OK);
    assert(sg_roster_finish(reader, &err) == SG_OK);
    sg_roster_reader_free(reader);
}

static void check_shares(const double *shares, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        assert(shares[i] > 0 && shares[i] <= 1);
        sum += shares[i];
    }
    assert(sum > 0.998 && sum < 1.002);
}

static void check_field(const struct sg_link_model *model, const struct sg_roster *roster, size_t f)
{
    const struct sg_link_field *field = &model->fields[f];
    assert(field->column < roster->n_columns && field->kind < SG_LINK_KINDS);
    assert(!sg_link_is_origin(roster->columns[field->column].name));
    assert(field->swap == SIZE_MAX || field->swap < model->n_fields);
    assert(field->implied == SIZE_MAX && field->n_parts <= SG_LINK_PARTS_MAX);
    for (size_t i = 0; i < field->n_parts; i++)
        assert(field->parts[i] < model->n_fields &&
               model->fields[field->parts[i]].kind != SG_LINK_REST);
    for (size_t g = 0; g < f; g++)
        assert(model->fields[g].column != field->column);
    if (!field->fixed)
        return;
    check_shares(field->m, sg_link_n_levels(field->kind));
    check_shares(field->u, sg_link_n_levels(field->kind));
}

static void check_same(const struct sg_link_field *a, const struct sg_link_field *b)
{
    assert(a->column == b->column && a->kind == b->kind && a->swap == b->swap);
    assert(a->n_parts == b->n_parts && b->fixed);
    assert(memcmp(a->parts, b->parts, a->n_parts * sizeof(*a->parts)) == 0);
    for (size_t i = 0; i < sg_link_n_levels(a->kind); i++)
        assert(a->m[i] - b->m[i] < 1e-8 && b->m[i] - a->m[i] < 1e-8 && a->u[i] - b->u[i] < 1e-8 &&
               b->u[i] - a->u[i] < 1e-8);
}

/* Where no estimate was given, one that could have been made. */
static void estimate(struct sg_link_model *model)
{
    for (size_t f = 0; f < model->n_fields; f++) {
        struct sg_link_field *field = &model->fields[f];
        const size_t n = sg_link_n_levels(field->kind);
        for (size_t i = 0; !field->fixed && i < n; i++)
            field->m[i] = field->u[i] = 1 / (double)n;
    }
}

static void check_written(const struct sg_link_model *model, const struct sg_roster *roster)
{
    struct sg_buf out = SG_BUF_INIT((size_t)1 << 20);
    struct sg_link_model again;
    struct sg_err err;
    sg_link_model_write(&out, model, roster);
    assert(sg_buf_check(&out, &err) == SG_OK);
    assert(sg_link_model_parse(&again, roster, out.data, out.size, &err) == SG_OK);
    assert(again.n_fields == model->n_fields);
    assert(again.threshold - model->threshold < 1e-6 && model->threshold - again.threshold < 1e-6);
    for (size_t f = 0; f < model->n_fields; f++)
        check_same(&model->fields[f], &again.fields[f]);
    sg_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sg_roster roster;
    static struct sg_link_model model;
    struct sg_err err = {0};
    if (size > 32768)
        return 0;
    if (!roster.n_columns)
        read_header(&roster);
    const enum sg_status st = sg_link_model_parse(&model, &roster, (const char *)data, size, &err);
    if (st != SG_OK) {
        assert(err.status == st && (st != SG_EPARSE || err.line > 0));
        return 0;
    }
    assert(model.n_fields > 0 && model.n_fields <= SG_LINK_FIELDS_MAX);
    assert(model.threshold >= -30 && model.threshold <= 30);
    for (size_t f = 0; f < model.n_fields; f++)
        check_field(&model, &roster, f);
    estimate(&model);
    check_written(&model, &roster);
    return 0;
}
