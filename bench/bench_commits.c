/* A repository looked at from nothing, and once more from what was kept.
 *
 *     bench_commits [REPO]
 *
 * Without REPO the history of the folder it is run in. The target is 10,000 commits in 60 s on two
 * threads, 6 ms a commit; memory is what our own door to the heap counts, libgit2's is not in it.
 */
#include "yardstick.h"

#include "app/commits/commits.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TARGET_NS_A_COMMIT 6000000u
#define BOUND_BYTES        ((uint64_t)1024 * 1024 * 1024)

static size_t look(const struct sg_commits_options *options, uint64_t *ns)
{
    struct sg_commits c;
    struct sg_err err, warning;
    const uint64_t begin = sg_bench_now_ns();
    enum sg_status st = sg_commits_read(&c, options, NULL, NULL, &warning, &err);
    if (st == SG_OK)
        st = sg_commits_rank(&c, &err);
    *ns = sg_bench_now_ns() - begin;
    const size_t n = c.history.n_nodes;
    sg_commits_clear(&c);
    if (st != SG_OK) {
        fprintf(stderr, "bench_commits: %s\n", err.text);
        exit(1);
    }
    return n;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/sillage-bench-XXXXXX"; /* a cache, empty at first */
    const struct sg_commits_options options = {
        .repo = argc > 1 ? argv[1] : ".", .cache = mkdtemp(folder), .budget = 1, .n_threads = 2};
    char command[64];
    uint64_t ns;
    if (!options.cache)
        return 1;
    const size_t n = look(&options, &ns);
    sg_bench_print_target("commits/first", ns, TARGET_NS_A_COMMIT * (uint64_t)(n ? n : 1));
    sg_bench_print_bytes("commits/heap", sg_mem_peak(), BOUND_BYTES);
    (void)look(&options, &ns);
    sg_bench_print_target("commits/kept", ns, TARGET_NS_A_COMMIT * (uint64_t)(n ? n : 1));
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command) == 0 ? 0 : 1;
}
