/** The geometry of a flow picture: who paid whom, in layers from left to right, widths by amount.
 *
 *  Pure: a small graph in, boxes and bands out. It does not know what nodes mean or how anything is
 *  drawn; app/report groups addresses into nodes before and draws after. Three steps, in this
 * order: take cycles out, find layers, lay out. Read docs/methods/flow-picture.md first.
 *
 *  Lengths are int32_t in a unit of the caller (app uses tenths of a pixel); x grows to the right,
 * y downwards. The same input gives the same output; nothing is random and nothing floats.
 */
#ifndef SG_ANALYSIS_FLOW_H
#define SG_ANALYSIS_FLOW_H

#include "base/amount.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** More than a page can show legibly; the caller groups before. */
#define SG_FLOW_NODES_MAX 64
#define SG_FLOW_EDGES_MAX 512

/** Edges count once for each layer that they go through. */
#define SG_FLOW_PIECES_MAX 4096

struct sg_flow_edge {
    uint32_t from, to; /**< node indexes */
    struct sg_amount amount;
};

/** Take out what went round in circles, loops of one node included: find a cycle, subtract its
 *  smallest amount from each of its edges, repeat.
 *
 *  In/Out: edges    amounts change, order does not; what became 0 is no edge any more.
 *  Post:   edges above 0 have no cycle; what a node receives minus what it sends is unchanged.
 *  Errors: SG_ELIMIT (more than the maxima above), SG_ENOMEM; edges are then partly reduced.
 *  Cost:   O(E (V + E)): each cycle takes out an edge for good.
 */
SG_MUST_CHECK enum sg_status sg_flow_cancel_cycles(struct sg_flow_edge *edges, size_t n_edges,
                                                   size_t n_nodes, struct sg_err *err);

/** Layers by the longest way from a source; sources move right until they touch who they pay; sinks
 *  stand together in the last layer.
 *
 *  Out:    layers   n_nodes entries; for every edge above 0, layers[from] < layers[to].
 *  In:     edges    without cycles (asserted).
 *          is_sink  n_nodes entries; a sink sends nothing (asserted).
 *  Cost:   O(V E).
 */
void sg_flow_layers(uint32_t *layers, const struct sg_flow_edge *edges, size_t n_edges,
                    const bool *is_sink, size_t n_nodes);

struct sg_flow_node {
    uint32_t layer;
    struct sg_amount value; /**< its size is the largest of this, what comes in and what goes out */
    int32_t slot_min;       /**< room that it gets in its layer, for its label */
    int32_t head;           /**< of that, kept free above the box */
};

/** Measures of the page, all above 0. */
struct sg_flow_page {
    int32_t width;      /**< from the left edge of layer 0 to the right edge of the last layer */
    int32_t node_width; /**< of every box */
    int32_t gap;        /**< between slots of a layer */
    int32_t height_min; /**< of a box, however small its amount */
    struct sg_amount whole; /**< this amount ... */
    int32_t whole_height;   /**< ... is drawn this high; at most 1,000,000 */
};

/** Slots of a layer are apart by `gap` at least; the box stands in the middle of what `head` leaves
 * of its slot. */
struct sg_flow_box {
    int32_t x, y, height;
    int32_t slot_y, slot_height;
};

/** A piece of an edge between neighbouring layers. An edge over several layers has several pieces,
 *  left to right, which meet in lanes that no box covers. */
struct sg_flow_band {
    uint32_t edge;
    int32_t x0, y0, height0; /**< on the left side */
    int32_t x1, y1, height1; /**< on the right side */
};

struct sg_flow_layout {
    struct sg_flow_box *boxes; /**< one a node */
    struct sg_flow_band *bands;
    size_t n_bands;
    int32_t height; /**< of the whole picture; everything is within 0..height */
};

/** Lay out.
 *
 *  Order within a layer: barycentre sweeps, the order with the least crossing kept. The bands on
 * one side of a box tile it without gap or overlap: heights follow cumulative amounts, so that they
 *  never sum to more than the box.
 *  Out:    layout   arrays live in the arena.
 *  In:     nodes    layers as sg_flow_layers gives them.
 *          edges    those of amount 0 are left out.
 *  Errors: SG_ELIMIT (too many nodes, edges or pieces, or a picture too high), SG_ENOMEM.
 *  Cost:   O(sweeps x pieces^2), some milliseconds at the maxima.
 *  Source: K. Sugiyama, S. Tagawa, M. Toda, Methods for Visual Understanding of Hierarchical System
 *          Structures, IEEE Trans. SMC 11(2), 1981, 109-125, doi:10.1109/TSMC.1981.4308636.
 */
SG_MUST_CHECK enum sg_status sg_flow_layout(struct sg_flow_layout *layout, struct sg_arena *arena,
                                            const struct sg_flow_node *nodes, size_t n_nodes,
                                            const struct sg_flow_edge *edges, size_t n_edges,
                                            const struct sg_flow_page *page, struct sg_err *err);

#endif
