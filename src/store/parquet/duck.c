#include "store/parquet/duck_internal.h"

#include <dlfcn.h>
#include <string.h>

/* In the order of struct duck_api. */
static const char *const names[] = {
    "duckdb_create_config",
    "duckdb_set_config",
    "duckdb_destroy_config",
    "duckdb_open_ext",
    "duckdb_close",
    "duckdb_connect",
    "duckdb_disconnect",
    "duckdb_prepare",
    "duckdb_prepare_error",
    "duckdb_destroy_prepare",
    "duckdb_pending_prepared_streaming",
    "duckdb_pending_error",
    "duckdb_execute_pending",
    "duckdb_destroy_pending",
    "duckdb_result_error",
    "duckdb_destroy_result",
    "duckdb_column_count",
    "duckdb_fetch_chunk",
    "duckdb_data_chunk_get_size",
    "duckdb_data_chunk_get_vector",
    "duckdb_vector_get_data",
    "duckdb_vector_get_validity",
    "duckdb_destroy_data_chunk",
    "duckdb_free",
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

_Static_assert(sizeof(struct duck_api) == N_NAMES * sizeof(void *), "one pointer for each name");

static enum sg_status load(struct duck *duck, const char *library, struct sg_err *err)
{
    duck->library = dlopen(library ? library : "libduckdb.so", RTLD_NOW | RTLD_LOCAL);
    if (!duck->library)
        return sg_err_set(err, SG_EUSAGE,
                          "Parquet needs DuckDB's library, which is not there; "
                          "./do setup parquet fetches it");
    for (size_t i = 0; i < N_NAMES; i++) {
        void *symbol = dlsym(duck->library, names[i]);
        if (!symbol)
            return sg_err_set(err, SG_EUSAGE, "the DuckDB library that was found has no %s",
                              names[i]);
        /* C has no cast from an object's pointer to a function's; POSIX says that the bits fit. */
        memcpy((char *)&duck->api + i * sizeof(void *), &symbol, sizeof(void *));
    }
    return SG_OK;
}

/* Nothing may be fetched from the network because a file asks for it. */
static const char *const settings[][2] = {
    {"threads", "1"},
    {"memory_limit", "512MB"},
    {"autoinstall_known_extensions", "false"},
    {"autoload_known_extensions", "false"},
};

static enum sg_status open_database(struct duck *duck, struct sg_err *err)
{
    void *config = NULL;
    char *reason = NULL;
    bool ok = duck->api.create_config(&config) == 0;
    for (size_t i = 0; ok && i < sizeof(settings) / sizeof(settings[0]); i++)
        ok = duck->api.set_config(config, settings[i][0], settings[i][1]) == 0;
    ok = ok && duck->api.open_ext(NULL, &duck->database, config, &reason) == 0 &&
         duck->api.connect(duck->database, &duck->connection) == 0;
    if (config)
        duck->api.destroy_config(&config);
    if (!ok)
        sg_err_set(err, SG_EUSAGE, "DuckDB does not start: %.200s", reason ? reason : "no reason");
    if (reason)
        duck->api.free(reason);
    return ok ? SG_OK : SG_EUSAGE;
}

enum sg_status sg_duck_open(struct duck *duck, const char *library, struct sg_err *err)
{
    memset(duck, 0, sizeof(*duck));
    const enum sg_status st = load(duck, library, err);
    return st == SG_OK ? open_database(duck, err) : st;
}

void sg_duck_close(struct duck *duck)
{
    if (duck->connection)
        duck->api.disconnect(&duck->connection);
    if (duck->database)
        duck->api.close(&duck->database);
    if (duck->library)
        dlclose(duck->library);
    memset(duck, 0, sizeof(*duck));
}

/* A string is 16 bytes: its length, then up to 12 bytes in place, or four bytes and a pointer. */
static struct sg_text text_at(const char *data, uint64_t row)
{
    const char *at = data + 16 * row;
    struct sg_text text;
    uint32_t size;
    memcpy(&size, at, sizeof(size));
    text.size = size;
    text.data = at + 4;
    if (size > 12)
        memcpy(&text.data, at + 8, sizeof(text.data));
    return text;
}

static enum sg_status visit_chunk(const struct duck_api *api, void *chunk, size_t n_columns,
                                  duck_on_row on_row, void *ctx, struct sg_err *err)
{
    const char *data[DUCK_COLUMNS_MAX];
    const uint64_t *valid[DUCK_COLUMNS_MAX];
    struct sg_text fields[DUCK_COLUMNS_MAX];
    enum sg_status st = SG_OK;
    for (size_t i = 0; i < n_columns; i++) {
        void *vector = api->chunk_vector(chunk, i);
        data[i] = api->vector_data(vector);
        valid[i] = api->vector_validity(vector); /* NULL: no nulls. */
    }
    const uint64_t n_rows = api->chunk_size(chunk);
    for (uint64_t row = 0; row < n_rows && st == SG_OK; row++) {
        for (size_t i = 0; i < n_columns; i++)
            fields[i] = !valid[i] || (valid[i][row / 64] >> row % 64 & 1)
                            ? text_at(data[i], row)
                            : (struct sg_text){NULL, 0};
        st = on_row(ctx, fields, n_columns, err);
    }
    return st;
}

static enum sg_status visit_result(const struct duck_api *api, struct duck_result *result,
                                   duck_on_row on_row, void *ctx, struct sg_err *err)
{
    const uint64_t n_columns = api->column_count(result);
    enum sg_status st = SG_OK;
    if (n_columns > DUCK_COLUMNS_MAX)
        return sg_err_set(err, SG_ELIMIT, "more columns than any source has");
    for (void *chunk; st == SG_OK && (chunk = api->fetch_chunk(*result));) {
        st = visit_chunk(api, chunk, (size_t)n_columns, on_row, ctx, err);
        api->destroy_chunk(&chunk);
    }
    const char *reason = st == SG_OK ? api->result_error(result) : NULL;
    return reason ? sg_err_set(err, SG_EPARSE, "%.300s", reason) : st;
}

static enum sg_status failed(struct sg_err *err, const char *reason)
{
    return sg_err_set(err, SG_EPARSE, "%.300s", reason ? reason : "DuckDB gives no reason");
}

enum sg_status sg_duck_query(struct duck *duck, const char *sql, duck_on_row on_row, void *ctx,
                             struct sg_err *err)
{
    const struct duck_api *api = &duck->api;
    struct duck_result result = {0};
    void *statement = NULL;
    void *pending = NULL;
    enum sg_status st = SG_OK;
    if (api->prepare(duck->connection, sql, &statement) != 0)
        st = failed(err, api->prepare_error(statement));
    else if (api->pending_streaming(statement, &pending) != 0)
        st = failed(err, api->pending_error(pending));
    else if (api->execute_pending(pending, &result) != 0)
        st = failed(err, api->result_error(&result));
    else if (on_row)
        st = visit_result(api, &result, on_row, ctx, err);
    api->destroy_result(&result);
    api->destroy_pending(&pending);
    api->destroy_prepare(&statement);
    return st;
}
