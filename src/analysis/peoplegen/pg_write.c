/* Lines of the files: people and truth. */
#include "analysis/peoplegen/peoplegen_internal.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

uint64_t sg_peoplegen_operators(uint64_t n_records)
{
    /* The smaller of two uniform draws from 0 to 27 has the mean 8.8; with the 3 at least, 11.8. */
    const uint64_t n = n_records / (SG_PEOPLEGEN_BASE_RATE * 12);
    return n ? n : n_records >= SG_PEOPLEGEN_CELL;
}

enum sg_status sg_peoplegen_check(const struct sg_peoplegen *gen, struct sg_err *err)
{
    if (gen->n_records < 1 || gen->n_records > SG_PEOPLEGEN_RECORDS_MAX)
        return sg_err_set(err, SG_EUSAGE, "people: 1 to %llu",
                          (unsigned long long)SG_PEOPLEGEN_RECORDS_MAX);
    if (gen->n_operators > gen->n_records / SG_PEOPLEGEN_CELL)
        return sg_err_set(err, SG_EUSAGE, "operators: at most one for %d people",
                          SG_PEOPLEGEN_CELL);
    if (gen->repeats > 90)
        return sg_err_set(err, SG_EUSAGE, "repeats: 0 to 90 in 100");
    return SG_OK;
}

void sg_peoplegen_truth(struct sg_peoplegen_truth *truth, const struct sg_peoplegen *gen,
                        uint64_t row)
{
    struct pg_plan plan;
    const unsigned slot = sg_pg_plan(&plan, gen, row);
    const unsigned person = plan.slots[slot].person;
    const bool persona = person < plan.n_personas;
    *truth = (struct sg_peoplegen_truth){plan.cell * PG_SLOTS_MAX + person,
                                         persona ? plan.operator_id : 0, persona ? plan.care : 0,
                                         person != slot};
}

char *sg_peoplegen_id(char text[SG_PEOPLEGEN_ID_MAX], uint64_t row)
{
    snprintf(text, SG_PEOPLEGEN_ID_MAX, "r%07llu", (unsigned long long)row);
    return text;
}

void sg_peoplegen_truth_header(struct sg_buf *out)
{
    sg_buf_puts(out, "record_id,person,operator,care,repeat\n");
}

void sg_peoplegen_truth_line(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t row)
{
    struct sg_peoplegen_truth truth;
    char id[SG_PEOPLEGEN_ID_MAX];
    sg_peoplegen_truth(&truth, gen, row);
    sg_buf_printf(out, "%s,p%llu,", sg_peoplegen_id(id, row), (unsigned long long)truth.person);
    if (truth.operator_id)
        sg_buf_printf(out, "o%llu,%u", (unsigned long long)truth.operator_id, truth.care);
    else
        sg_buf_putc(out, ',');
    sg_buf_puts(out, truth.is_repeat ? ",1\n" : ",0\n");
}

void sg_peoplegen_people_header(struct sg_buf *out)
{
    sg_buf_puts(out,
                "record_id,role,given_name,surname,birth_date,email,phone,street,city,postcode,"
                "country,timezone,document,bank_account,wallet,handle,device,ip,cv\n");
}

static void cell(struct sg_buf *out, const char *text)
{
    sg_buf_putc(out, ',');
    sg_buf_csv(out, text, strlen(text));
}

static void birth_cell(struct sg_buf *out, const struct pg_record *r)
{
    if (r->year)
        sg_buf_printf(out, ",%04u-%02u-%02u", r->year, r->month, r->day);
    else
        sg_buf_putc(out, ',');
}

void sg_peoplegen_people(struct sg_buf *out, const struct sg_peoplegen *gen, uint64_t row)
{
    struct pg_plan plan;
    struct pg_record r;
    char id[SG_PEOPLEGEN_ID_MAX];
    const unsigned slot = sg_pg_plan(&plan, gen, row);
    sg_pg_record(&r, gen, &plan, slot);
    sg_buf_puts(out, sg_peoplegen_id(id, row));
    cell(out, r.role);
    cell(out, r.given);
    cell(out, r.surname);
    birth_cell(out, &r);
    const char *const cells[] = {r.email,         r.phone,      r.street,   r.city, r.postcode,
                                 r.town->country, r.town->zone, r.document, r.bank, r.wallet,
                                 r.handle,        r.device,     r.ip,       r.cv};
    for (size_t i = 0; i < SG_COUNT_OF(cells); i++)
        cell(out, cells[i]);
    sg_buf_putc(out, '\n');
}
