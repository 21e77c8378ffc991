/* DuckDB's C library behind a door: loaded at run time, used for queries whose results are text.
 * Names and shapes of the functions are those of its public header, version 1.4; they ran unchanged
 * against the libraries 1.4.4 and 1.5.6. */
#ifndef SG_STORE_DUCK_INTERNAL_H
#define SG_STORE_DUCK_INTERNAL_H

#include "base/status.h"
#include "base/text.h"

#include <stdint.h>

/* A result as it is passed by value; only the library looks inside. */
struct duck_result {
    uint64_t counts[3];
    void *columns;
    char *error;
    void *internal;
};

/* The functions that we call, by the order of their names in duck.c. A state of 0 is success. */
struct duck_api {
    int (*create_config)(void **config);
    int (*set_config)(void *config, const char *name, const char *value);
    void (*destroy_config)(void **config);
    int (*open_ext)(const char *path, void **database, void *config, char **error);
    void (*close)(void **database);
    int (*connect)(void *database, void **connection);
    void (*disconnect)(void **connection);
    int (*prepare)(void *connection, const char *sql, void **statement);
    const char *(*prepare_error)(void *statement);
    void (*destroy_prepare)(void **statement);
    int (*pending_streaming)(void *statement, void **pending);
    const char *(*pending_error)(void *pending);
    int (*execute_pending)(void *pending, struct duck_result *result);
    void (*destroy_pending)(void **pending);
    const char *(*result_error)(struct duck_result *result);
    void (*destroy_result)(struct duck_result *result);
    uint64_t (*column_count)(struct duck_result *result);
    void *(*fetch_chunk)(struct duck_result result);
    uint64_t (*chunk_size)(void *chunk);
    void *(*chunk_vector)(void *chunk, uint64_t column);
    void *(*vector_data)(void *vector);
    uint64_t *(*vector_validity)(void *vector);
    void (*destroy_chunk)(void **chunk);
    void (*free)(void *block);
};

struct duck {
    struct duck_api api;
    void *library, *database, *connection;
};

/* Columns of a result that are looked at; the widest source has 30. */
#define DUCK_COLUMNS_MAX 256

/* A row: texts borrowed for the call, data NULL for a null. */
typedef enum sg_status (*duck_on_row)(void *ctx, const struct sg_text *fields, size_t n_fields,
                                      struct sg_err *err);

/* Load the library and open an empty database in memory. Close also after a failure. */
SG_MUST_CHECK enum sg_status sg_duck_open(struct duck *duck, const char *library,
                                          struct sg_err *err);
void sg_duck_close(struct duck *duck);

/* Run a statement; on_row (may be NULL) sees each row of its result. All its columns must be
 * VARCHAR if on_row is given. Errors: SG_EPARSE with DuckDB's own sentence, or what on_row gave. */
SG_MUST_CHECK enum sg_status sg_duck_query(struct duck *duck, const char *sql, duck_on_row on_row,
                                           void *ctx, struct sg_err *err);

#endif
