/** Measuring, and saying what a figure means: every bench prints a figure, the yardstick of the
 * same run on the same machine, and the ratio of the two. Absolute figures travel badly; ratios do
 * not.
 *
 *  A yardstick is the plainest work that the measured code cannot do without: reading and splitting
 *  the same bytes for a parser, a sorted load of the same rows into plain LMDB for a store. The
 *  monotonic clock is read here and nowhere in src/. Threads: one. How to read the output, and what
 *  to quote in a commit: bench/README.md.
 */
#ifndef SG_BENCH_YARDSTICK_H
#define SG_BENCH_YARDSTICK_H

#include <stddef.h>
#include <stdint.h>

/** Nanoseconds of a clock that never runs backwards; only differences mean something. */
uint64_t sg_bench_now_ns(void);

/** Processor time of this process and of the children it waited for, user and system, in
 *  nanoseconds: what a busy machine lengthens least. */
uint64_t sg_bench_cpu_ns(void);

/** Run `run` n_runs times and return the shortest time in nanoseconds, at least 1. The shortest is
 *  the run that other load on the machine disturbed least. */
uint64_t sg_bench_best_ns(unsigned n_runs, void (*run)(void *ctx), void *ctx);

/** A figure: so much work in so much time. */
struct sg_bench_figure {
    const char *name; /**< "import/csv"; lower case, one word */
    const char *unit; /**< of `work`: "MB", "Mrow", "trace"; printed with "/s" */
    uint64_t work;    /**< in millionths of a unit: bytes where the unit is MB */
    uint64_t ns;      /**< time taken, at least 1 */
};

/** Millionths of one whole unit, for figures counted in units and not in millions. */
#define SG_BENCH_ONE 1000000u

/** Print one line for the figure, its yardstick, and figure / yardstick as a ratio of speeds: 1.00
 *  is as fast as the yardstick, 0.10 is ten times slower.
 *
 *      import/csv           212.4 MB/s       4.7 ms  yardstick split    1450.2 MB/s  ratio 0.146
 *
 *  In:  figure, yardstick   of the same unit, or the ratio means nothing (asserted). */
void sg_bench_print(const struct sg_bench_figure *figure, const struct sg_bench_figure *yardstick);

/** Print one line for a figure that has a fixed target in place of a yardstick: a latency in
 *  milliseconds and the share of the target that it uses (below 1.00 meets it).
 *
 *      trace/ronin/fifo       0.8 ms  target    1.0 ms  share 0.80
 */
void sg_bench_print_target(const char *name, uint64_t ns, uint64_t target_ns);

/** Print a plain size, such as peak memory, and the share of its bound that it uses. */
void sg_bench_print_bytes(const char *name, uint64_t bytes, uint64_t bound_bytes);

/** Print processor time a row, in microseconds of all threads. */
void sg_bench_print_cpu(const char *name, uint64_t cpu_ns, uint64_t n_rows);

/** Yardstick of text parsers: go over the bytes once, find every comma and line end, and sum the
 *  lengths of the fields so that the work cannot be left out. Returns a figure in MB, the best of
 *  n_runs. */
struct sg_bench_figure sg_bench_split(unsigned n_runs, const void *bytes, size_t size);

/** Yardstick of the store: append n_rows rows of a 28-byte sorted key and a 32-byte value to an
 * empty LMDB environment in `dir` (an empty folder, left with the file in it), and commit durably.
 *  Returns a figure in million rows, of one run. Ends the program with a sentence if LMDB refuses.
 */
struct sg_bench_figure sg_bench_lmdb_load(const char *dir, uint64_t n_rows);

/** Read a number of the environment (a size for a quick run), or `otherwise`. */
uint64_t sg_bench_env(const char *name, uint64_t otherwise);

#endif
