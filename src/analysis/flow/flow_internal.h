/** What ordering and placing share: cells (a node, or the lane of a long edge in a layer it
 * crosses) and pieces (of an edge, between cells of neighbouring layers). */
#ifndef SG_ANALYSIS_FLOW_INTERNAL_H
#define SG_ANALYSIS_FLOW_INTERNAL_H

#include "analysis/flow/flow.h"

struct cell {
    uint32_t layer;
    int32_t height; /**< of the box or lane */
    int32_t slot;   /**< room in the layer, >= head + height */
    int32_t head;   /**< kept free at the top of the slot */
    int32_t y;      /**< top of the slot, once placed */
};

struct piece {
    uint32_t edge;
    uint32_t left, right; /**< cells */
    int32_t weight;       /**< drawn height, >= 1 */
};

/** Cells first_of[l]..first_of[l + 1) of `order` are layer l from top to bottom; rank is the
 * inverse within the layer. */
struct graph {
    struct cell *cells;
    struct piece *pieces;
    uint32_t *order, *rank, *first_of;
    size_t n_cells, n_pieces, n_layers;
    int32_t gap;
    int32_t height;
};

/** Set order and rank so that little crosses. */
SG_MUST_CHECK enum sg_status sg_flow_order(struct graph *g, struct sg_arena *arena,
                                           struct sg_err *err);

/** Set y of all cells and the height; order is kept. */
SG_MUST_CHECK enum sg_status sg_flow_place(struct graph *g, struct sg_err *err);

#endif
