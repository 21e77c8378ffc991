/* The parts of the page, one file each, and what they share. */
#ifndef SG_APP_PROGRAMME_REPORT_INTERNAL_H
#define SG_APP_PROGRAMME_REPORT_INTERNAL_H

#include "app/page/page.h"
#include "app/plot/plot.h"
#include "app/programme_report/programme_report.h"
#include "app/svg/svg.h"

static inline double programme_musd(uint64_t usd)
{
    return (double)usd / 1e6;
}

/* "UN annex 95", "Chainalysis, 2023-02": written into `text`. */
#define PROGRAMME_LABEL_MAX 96
char *programme_label(char text[PROGRAMME_LABEL_MAX], const char *source, const char *vintage);

/* The claim of the ratio that was asked for, or NULL. */
const struct sg_claim *programme_asked(const struct sg_programme_view *view);

/* What a prior stands for, in words: "price change until sale". Static storage. */
const char *programme_prior_words(enum sg_prior_name name);

/* Second of the first moment of a month, counted since year 0. */
int64_t programme_month_unix_s(int64_t month);

/* Figures. */
void programme_cumulative(struct sg_buf *out, const struct sg_programme_view *view);
void programme_tornado(struct sg_buf *out, const struct sg_programme_view *view);
void programme_lags(struct sg_buf *out, const struct sg_programme_view *view);
void programme_attacks(struct sg_buf *out, const struct sg_programme_view *view);

/* Sections of tables. */
void programme_claims(struct sg_buf *out, const struct sg_programme_view *view);
void programme_money(struct sg_buf *out, const struct sg_programme_view *view);
void programme_association(struct sg_buf *out, const struct sg_programme_view *view);
void programme_context(struct sg_buf *out, const struct sg_programme_view *view);
void programme_basis(struct sg_buf *out, const struct sg_programme_view *view);

#endif
