/** The widest path by trying all paths of a small trace, one by one. */
#ifndef SG_TESTS_ORACLE_PATH_H
#define SG_TESTS_ORACLE_PATH_H

#include "analysis/trace/trace.h"

/** Width of the widest path to a party in asset 0; zero if there is none. */
struct sg_amount oracle_widest(const struct sg_trace_figures *figures, uint32_t target);

#endif
