/* SuiteSparse:GraphBLAS: a boolean matrix of who paid whom, and products of a frontier with it,
 * each masked by who was found: push, the form that the library's own guide gives for breadth-first
 * search. */
#include "graphs.h"
#include "yardstick.h"

#include "base/mem.h"

#include <GraphBLAS.h>
#include <stdio.h>
#include <stdlib.h>

static void check(GrB_Info info)
{
    if (info == GrB_SUCCESS)
        return;
    fprintf(stderr, "bench_graphs: GraphBLAS fails with %d\n", (int)info);
    exit(1);
}

static GrB_Matrix load(const struct sg_bench_chain *c)
{
    GrB_Matrix matrix;
    GrB_Scalar one;
    GrB_Index *rows = sg_bench_get(c->n_rows, sizeof(*rows));
    GrB_Index *cols = sg_bench_get(c->n_rows, sizeof(*cols));
    for (uint64_t i = 0; i < c->n_rows; i++) {
        rows[i] = c->from[i];
        cols[i] = c->to[i];
    }
    check(GrB_Matrix_new(&matrix, GrB_BOOL, c->n_addrs, c->n_addrs));
    check(GrB_Scalar_new(&one, GrB_BOOL));
    check(GrB_Scalar_setElement_BOOL(one, true));
    check(GxB_Matrix_build_Scalar(matrix, rows, cols, one, c->n_rows));
    check(GrB_Matrix_wait(matrix, GrB_MATERIALIZE));
    GrB_Scalar_free(&one);
    sg_mem_free(rows);
    sg_mem_free(cols);
    return matrix;
}

static uint64_t search(GrB_Matrix matrix, GrB_Index n_addrs)
{
    GrB_Vector found, frontier;
    GrB_Index n = 1;
    check(GrB_Vector_new(&found, GrB_BOOL, n_addrs));
    check(GrB_Vector_new(&frontier, GrB_BOOL, n_addrs));
    check(GrB_Vector_setElement_BOOL(frontier, true, 0));
    while (n > 0) {
        check(GrB_Vector_assign_BOOL(found, frontier, NULL, true, GrB_ALL, n_addrs, GrB_DESC_S));
        check(GrB_vxm(frontier, found, NULL, GxB_ANY_PAIR_BOOL, frontier, matrix, GrB_DESC_RSC));
        check(GrB_Vector_nvals(&n, frontier));
    }
    check(GrB_Vector_nvals(&n, found));
    GrB_Vector_free(&found);
    GrB_Vector_free(&frontier);
    return n - 1;
}

void sg_bench_blas(struct sg_bench_peer *peer, const struct sg_bench_chain *c)
{
    check(GrB_init(GrB_NONBLOCKING));
    uint64_t begin = sg_bench_now_ns();
    GrB_Matrix matrix = load(c);
    peer->load_ns = sg_bench_now_ns() - begin;
    begin = sg_bench_now_ns();
    peer->n_found = search(matrix, c->n_addrs);
    peer->search_ns = sg_bench_now_ns() - begin;
    GrB_Matrix_free(&matrix);
    check(GrB_finalize());
}

void sg_bench_blas_version(void)
{
    printf("# SuiteSparse:GraphBLAS %d.%d.%d\n", GxB_IMPLEMENTATION_MAJOR, GxB_IMPLEMENTATION_MINOR,
           GxB_IMPLEMENTATION_SUB);
}
