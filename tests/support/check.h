/** What every test includes: cmocka, and the sweep over out-of-memory paths. */
#ifndef SG_TESTS_SUPPORT_CHECK_H
#define SG_TESTS_SUPPORT_CHECK_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/status.h"

#define CHECK(cond) assert_true(cond)

/** Check for SG_OK and show the sentence if it is not. */
#define CHECK_OK(call, err)                                                                        \
    do {                                                                                           \
        if ((call) != SG_OK)                                                                       \
            fail_msg("%s: %s", #call, (err)->text);                                                \
    } while (0)

/** Run `call` with the n-th allocation failing once, and failing from there on, for every n, until
 * a run meets no fault. It must return SG_ENOMEM exactly when a fault fired, and leak nothing. Fits
 *  calls that keep nothing and can be repeated. */
#define CHECK_OOM_SWEEP(call)                                                                      \
    do {                                                                                           \
        const long modes_[] = {1, LONG_MAX};                                                       \
        for (size_t m_ = 0; m_ < 2; m_++)                                                          \
            for (long n_ = 0;; n_++) {                                                             \
                const size_t live_ = sg_mem_live();                                                \
                sg_mem_fault(n_, modes_[m_]);                                                      \
                const enum sg_status st_ = (call);                                                 \
                const bool fired_ = sg_mem_fault_fired();                                          \
                sg_mem_fault(-1, 0);                                                               \
                assert_int_equal(st_, fired_ ? SG_ENOMEM : SG_OK);                                 \
                assert_int_equal(sg_mem_live(), live_);                                            \
                if (!fired_)                                                                       \
                    break;                                                                         \
            }                                                                                      \
    } while (0)

/** Seed of property tests: SG_SEED from the environment, else fixed; printed on use. */
uint64_t sg_test_seed(void);

/** Path under the data for developers (../shared), or skip the running test if it is not there.
 *  Static storage, overwritten by the next call. */
const char *sg_test_shared(const char *path);

/** Path under the source tree. Static storage, overwritten by the next call. */
const char *sg_test_source(const char *path);

/** A new empty directory under /tmp; sg_test_rmdir removes it with all it holds. Static storage. */
const char *sg_test_mkdir(void);
void sg_test_rmdir(const char *dir);

#endif
