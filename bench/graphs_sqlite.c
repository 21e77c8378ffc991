/* SQLite: a table in memory, clustered by payer, and a recursive query. */
#include "graphs.h"
#include "yardstick.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static void check(sqlite3 *db, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    fprintf(stderr, "bench_graphs: SQLite: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static void load(sqlite3 *db, const struct sg_bench_chain *c)
{
    sqlite3_stmt *put;
    check(db, sqlite3_exec(db,
                           "CREATE TABLE t(a INTEGER, b INTEGER, PRIMARY KEY(a, b)) WITHOUT ROWID;"
                           "BEGIN",
                           NULL, NULL, NULL));
    check(db, sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO t VALUES(?, ?)", -1, &put, NULL));
    for (uint64_t i = 0; i < c->n_rows; i++) {
        sqlite3_bind_int64(put, 1, c->from[i]);
        sqlite3_bind_int64(put, 2, c->to[i]);
        check(db, sqlite3_step(put));
        sqlite3_reset(put);
    }
    sqlite3_finalize(put);
    check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
}

void sg_bench_sqlite(struct sg_bench_peer *peer, const struct sg_bench_chain *c)
{
    sqlite3 *db;
    sqlite3_stmt *ask;
    check(NULL, sqlite3_open(":memory:", &db));
    uint64_t begin = sg_bench_now_ns();
    load(db, c);
    peer->load_ns = sg_bench_now_ns() - begin;
    begin = sg_bench_now_ns();
    check(db, sqlite3_prepare_v2(db,
                                 "WITH RECURSIVE r(x) AS (VALUES(0) UNION SELECT b FROM r, t "
                                 "WHERE a = x) SELECT count(*) - 1 FROM r",
                                 -1, &ask, NULL));
    check(db, sqlite3_step(ask));
    peer->n_found = (uint64_t)sqlite3_column_int64(ask, 0);
    peer->search_ns = sg_bench_now_ns() - begin;
    sqlite3_finalize(ask);
    sqlite3_close(db);
}

void sg_bench_sqlite_version(void)
{
    printf("# SQLite %s\n", sqlite3_libversion());
}
