/** Small CSV files of claims (labels, prices): columns by name, cells that know where they stand.
 *
 *  Not for sources of a ledger: those are streamed by formats/decode, where a bad row is evidence
 * and the rest goes on. Here a list has to be whole, and the first bad row is an error. A cell is
 * given as a scalar of formats/yaml, so that one set of functions reads values from both kinds of
 * files.
 *
 *  The file: RFC 4180, UTF-8 without zero characters, a byte order mark allowed. Its first line
 * names the columns, in any order; each of them must be known, and each required one be there.
 * Every row has as many cells as the header.
 */
#ifndef SG_FORMATS_TABLE_H
#define SG_FORMATS_TABLE_H

#include "formats/yaml/yaml.h"

/** Known columns of one table, at most. */
#define SG_TABLE_KEYS_MAX 16

struct sg_table_key {
    const char *name;
    bool required; /**< the column is there, and no cell of it is empty */
};

/** Takes one row. cells[i] is the cell of keys[i], in the arena; NULL where the column is absent or
 * the cell empty. `line` is that of the row's beginning, 1-based. Anything but SG_OK stops with it.
 */
typedef enum sg_status (*sg_table_row)(void *ctx, const struct sg_yaml_node *const *cells,
                                       uint32_t line, struct sg_err *err);

/** Read a table.
 *
 *  In:     keys, n_keys   the known columns, at most SG_TABLE_KEYS_MAX.
 *          bytes, size    the whole file.
 *  Errors: SG_EPARSE with line and column (the column in characters, a quoted cell at its quote);
 * what `row` returned; SG_ENOMEM. `err` is passed to `row` as it is. Cost:   linear; the arena
 * holds the text of all cells.
 */
SG_MUST_CHECK enum sg_status sg_table_read(struct sg_arena *arena, const struct sg_table_key *keys,
                                           size_t n_keys, const char *bytes, size_t size,
                                           sg_table_row row, void *ctx, struct sg_err *err);

#endif
