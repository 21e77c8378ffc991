/* How good probabilities are, counted by withdrawal: F1, average precision, calibration, and the
 * count that each batch is given. */
#include "demix_train.h"

#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCHES 65536 /* of all worlds together, 128 each */

static int by_double(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

struct scored {
    double p;
    uint32_t n, batch;
    bool theft;
};

static int by_falling_p(const void *a, const void *b)
{
    const struct scored *x = a;
    const struct scored *y = b;
    return (x->p < y->p) - (x->p > y->p);
}

static double calibration_error(const struct scored *s, size_t n)
{
    double weight[10] = {0};
    double truth[10] = {0};
    double claimed[10] = {0};
    double total = 0;
    double error = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t b = s[i].p >= 1 ? 9 : (size_t)(s[i].p * 10);
        weight[b] += s[i].n;
        truth[b] += s[i].theft ? s[i].n : 0;
        claimed[b] += s[i].p * s[i].n;
        total += s[i].n;
    }
    for (size_t b = 0; b < 10; b++)
        error += fabs(truth[b] - claimed[b]) / total;
    return error;
}

static double batch_error(const struct scored *s, size_t n)
{
    static double truth[BATCHES];
    static double claimed[BATCHES];
    static double errors[BATCHES];
    size_t n_errors = 0;
    memset(truth, 0, sizeof(truth));
    memset(claimed, 0, sizeof(claimed));
    for (size_t i = 0; i < n; i++) {
        truth[s[i].batch % BATCHES] += s[i].theft ? s[i].n : 0;
        claimed[s[i].batch % BATCHES] += s[i].p * s[i].n;
    }
    for (size_t b = 0; b < BATCHES; b++)
        if (truth[b] > 0)
            errors[n_errors++] = fabs(claimed[b] / truth[b] - 1);
    qsort(errors, n_errors, sizeof(*errors), by_double);
    return n_errors ? errors[n_errors / 2] : 0;
}

/* Where the theft withdrew nothing, what is ascribed to it is all wrong. */
static struct sg_demix_measured print_absent(const char *name, const struct scored *s, size_t n)
{
    double total = 0;
    double claimed = 0;
    double half = 0;
    for (size_t i = 0; i < n; i++) {
        total += s[i].n;
        claimed += s[i].p * s[i].n;
        half += s[i].p >= 0.5 ? s[i].n : 0;
    }
    printf("%-24s of %.0f withdrawals expected %.3f, at 0.5 or more %.3f\n", name, total,
           claimed / total, half / total);
    return (struct sg_demix_measured){0, 0, claimed / total, 0, 0};
}

/* Sorts s. Prints, and returns what the weights' file keeps. */
static struct sg_demix_measured print_measures(const char *name, struct scored *s, size_t n)
{
    double positive = 0;
    double total = 0;
    double hit = 0;
    double taken = 0;
    double ap = 0;
    double best = 0;
    double at_half = 0;
    for (size_t i = 0; i < n; i++) {
        positive += s[i].theft ? s[i].n : 0;
        total += s[i].n;
    }
    if (!(positive > 0))
        return print_absent(name, s, n);
    const double ece = calibration_error(s, n);
    const double batches = batch_error(s, n);
    qsort(s, n, sizeof(*s), by_falling_p);
    for (size_t i = 0; i < n; i++) {
        taken += s[i].n;
        hit += s[i].theft ? s[i].n : 0;
        if (s[i].theft)
            ap += s[i].n / positive * hit / taken;
        const double f1 = 2 * hit / (taken + positive);
        best = f1 > best ? f1 : best;
        if (s[i].p >= 0.5)
            at_half = f1;
    }
    printf("%-24s base %.2f  F1 at 0.5 %.3f  best %.3f  AP %.3f  ECE %.3f  batch count off %.3f\n",
           name, positive / total, at_half, best, ap, ece, batches);
    return (struct sg_demix_measured){at_half, ap, ece, batches, positive / total};
}

/* Precision and recall where the ranking is cut at a probability; s sorted. */
static void print_curve(const struct scored *s, size_t n)
{
    static const double cuts[] = {0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1};
    double positive = 0;
    for (size_t i = 0; i < n; i++)
        positive += s[i].theft ? s[i].n : 0;
    for (size_t c = 0; c < SG_COUNT_OF(cuts); c++) {
        double taken = 0;
        double hit = 0;
        for (size_t i = 0; i < n && s[i].p >= cuts[c]; i++) {
            taken += s[i].n;
            hit += s[i].theft ? s[i].n : 0;
        }
        printf("  p >= %.2f  precision %.3f  recall %.3f\n", cuts[c], hit / taken, hit / positive);
    }
}

struct sg_demix_measured sg_train_measure(const char *name, const struct samples *all,
                                          const double *p,
                                          bool (*takes)(const struct world *, unsigned),
                                          unsigned which, bool curve)
{
    struct scored *s = sg_train_must(sg_mem_alloc(all->n, sizeof(*s)));
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct sample *row = &all->rows[i];
        if (takes(&all->worlds[row->world], which))
            s[n++] = (struct scored){p[i], row->n, row->batch + 128 * row->world, row->theft};
    }
    const struct sg_demix_measured found = print_measures(name, s, n);
    if (curve)
        print_curve(s, n);
    sg_mem_free(s);
    return found;
}
