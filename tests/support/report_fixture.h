/** A report of the size and shape of a large theft, made up from a seed: for tests of what is drawn
 * and written. No real address, hash or amount is in it. */
#ifndef SG_TESTS_SUPPORT_REPORT_FIXTURE_H
#define SG_TESTS_SUPPORT_REPORT_FIXTURE_H

#include "app/report/report.h"
#include "base/arena.h"

/** Fill a report with a mixer, two exchanges and a bridge; everything lives in the arena.
 *  In: n_transfers  to the mixer, at least 1; the others get 6, 1 and 2. */
void report_fixture(struct sg_report *report, struct sg_arena *arena, size_t n_transfers);

#endif
