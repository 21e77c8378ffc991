/** Parquet files as the CSV text that a decoder reads, so that one field mapping serves both.
 *
 *  Needs DuckDB's library, which is not in Debian and is loaded at run time: `./do setup parquet`
 *  fetches it. Where it is missing everything else works.
 *
 *  Exactness: whole numbers and decimals become text inside DuckDB and are never a double. A column
 *  of a floating type has lost digits of wei before we see it: it is left out, and if the decoder
 *  then misses it, the sentence says so. Timestamps become Unix seconds, byte strings 0x and hex
 *  digits, lists their elements with commas between; structs and maps are left out.
 *  What was measured of DuckDB's types: docs/formats/sources.md, section Parquet.
 */
#ifndef SG_STORE_PARQUET_H
#define SG_STORE_PARQUET_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Whether the file begins as a Parquet file does ("PAR1"). False for what cannot be read, and for
 *  standard input: Parquet is read from its end. */
bool sg_parquet_is(const char *path);

/** Read a file and hand its rows on as CSV text, the header first, in pieces of about 1 MiB.
 *
 *  In:     path      no character that DuckDB would expand to several files: * ? [ are refused.
 *          library   path of libduckdb.so; NULL: wherever the system finds it.
 *          chunk     as of sg_file_stream; a status that is not SG_OK stops the work with it.
 *  Errors: SG_EUSAGE (no library, or not one that we know; a path as above), SG_EPARSE (not
 *          Parquet, or a needed column is floating), SG_ENOMEM, or what chunk returned.
 *  Cost:   rows are streamed; DuckDB's own memory is bounded to 512 MB. */
SG_MUST_CHECK enum sg_status sg_parquet_stream(
    const char *path, const char *library,
    enum sg_status (*chunk)(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err),
    void *ctx, struct sg_err *err);

#endif
