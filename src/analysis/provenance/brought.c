/* Which merge brought a commit into the main line. */
#include "analysis/provenance/provenance_internal.h"

#include "base/mem.h"

#include <string.h>

/* Length of the first-parent line that ends at each node, and whether a branch builds on it. */
static void measure_lines(uint32_t *length, const struct sg_git_history *h)
{
    for (size_t i = 0; i < h->n_nodes; i++) {
        const uint32_t node = h->order[i];
        const struct sg_git_node *n = &h->nodes[node];
        const uint32_t first = n->n_parents ? h->parents[n->parents_at] : SG_GIT_NO_NODE;
        length[node] = first == SG_GIT_NO_NODE ? 1 : length[first] + 1;
    }
}

/* The end of the longest first-parent line on a branch: the main line of nearly every repository.
 */
static uint32_t main_tip(const uint32_t *length, const struct sg_git_history *h)
{
    uint32_t tip = SG_GIT_NO_NODE;
    for (size_t i = 0; i < h->n_nodes; i++) {
        const uint32_t node = h->order[i];
        if (h->nodes[node].on_branch && (tip == SG_GIT_NO_NODE || length[node] > length[tip]))
            tip = node;
    }
    return tip;
}

/* Mark the commits behind the other parents of a merge that nothing brought before. */
static void bring(uint32_t *brought_by, uint32_t *stack, const struct sg_git_history *h,
                  const bool *is_main, uint32_t merge)
{
    size_t n = 0;
    stack[n++] = merge;
    while (n > 0) {
        const uint32_t at = stack[--n];
        const struct sg_git_node *node = &h->nodes[at];
        for (uint32_t k = at == merge; k < node->n_parents; k++) {
            const uint32_t parent = h->parents[node->parents_at + k];
            if (parent == SG_GIT_NO_NODE || is_main[parent] || brought_by[parent] != SG_GIT_NO_NODE)
                continue;
            brought_by[parent] = merge;
            stack[n++] = parent;
        }
    }
}

enum sg_status sg_prov_merges_find(uint32_t *brought_by, const struct sg_git_history *history,
                                   struct sg_err *err)
{
    uint32_t *length = sg_mem_zalloc(history->n_nodes + 1, sizeof(*length));
    uint32_t *stack = sg_mem_alloc(history->n_nodes + 1, sizeof(*stack));
    bool *is_main = sg_mem_zalloc(history->n_nodes + 1, sizeof(*is_main));
    enum sg_status st = length && stack && is_main ? SG_OK : sg_err_nomem(err);
    memset(brought_by, 0xff, history->n_nodes * sizeof(*brought_by));
    if (st == SG_OK) {
        measure_lines(length, history);
        uint32_t at = main_tip(length, history);
        while (at != SG_GIT_NO_NODE && !is_main[at]) {
            const struct sg_git_node *n = &history->nodes[at];
            is_main[at] = true;
            at = n->n_parents ? history->parents[n->parents_at] : SG_GIT_NO_NODE;
        }
        for (size_t i = 0; i < history->n_nodes; i++)
            if (is_main[history->order[i]])
                bring(brought_by, stack, history, is_main, history->order[i]);
    }
    sg_mem_free(is_main);
    sg_mem_free(stack);
    sg_mem_free(length);
    return st;
}
