/** Source files of account chains to records, as a push parser: bytes in, records out.
 *
 *  Input may come in chunks of any size; the result does not depend on how it is cut. Compression
 * is recognised by content (plain, gzip, zlib, zstd, bzip2) and undone here. Does not open files.
 *  Formats: docs/formats/sources.md.
 */
#ifndef SG_FORMATS_DECODE_H
#define SG_FORMATS_DECODE_H

#include "formats/record/record.h"

#include <stddef.h>

enum sg_source_format {
    SG_SOURCE_ETHERSCAN,    /**< txlist, txlistinternal, tokentx; JSON answers or CSV exports */
    SG_SOURCE_ETHEREUM_ETL, /**< blocks, transactions, receipts, token_transfers, traces */
    SG_SOURCE_TRANSFERS     /**< our own CSV, docs/formats/transfers.md */
};

/** By the name used on the command line ("ethereum-etl"). SG_ENOTFOUND if unknown. */
SG_MUST_CHECK enum sg_status sg_source_format_find(enum sg_source_format *format, const char *name);

struct sg_decoder;

/** New decoder. Owner: the caller, until sg_decoder_free. The sink and the chain are borrowed until
 *  then. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_decoder_new(struct sg_decoder **decoder,
                                            enum sg_source_format format,
                                            const struct sg_chain *chain,
                                            const struct sg_record_sink *sink, struct sg_err *err);

/** Take the next bytes of the file.
 *  Errors: SG_EPARSE (broken compression; a header that no format has, naming what is missing;
 *          JSON that is not JSON), SG_ELIMIT, SG_ENOMEM, or what the sink returned. After an error
 *          only sg_decoder_free is allowed. A line that is bad by itself goes to sink->bad. */
SG_MUST_CHECK enum sg_status sg_decoder_feed(struct sg_decoder *decoder, const uint8_t *bytes,
                                             size_t size, struct sg_err *err);

/** Say that the file has ended. Errors: as feed; SG_EPARSE for a compressed stream or JSON document
 *  that is cut. A last line without a line end is complete for CSV. */
SG_MUST_CHECK enum sg_status sg_decoder_finish(struct sg_decoder *decoder, struct sg_err *err);

void sg_decoder_free(struct sg_decoder *decoder);

/** What kind of table the file turned out to be ("etherscan tokentx json", "ethereum-etl traces
 *  csv", "ethereum-etl several json" for a stream of them); "unknown" before the header was seen.
 *  Valid until sg_decoder_free. */
const char *sg_decoder_table(const struct sg_decoder *decoder);

/** What the tables of the file are read for, as bits 1 << enum sg_record_kind: the kinds that a
 *  complete export of them covers, also where it holds no rows. 0 before a header was seen. */
unsigned sg_decoder_kinds(const struct sg_decoder *decoder);

/** Rows so far, bad ones included; without the header. */
uint64_t sg_decoder_rows(const struct sg_decoder *decoder);

/** The address that occurs (as from or to) in every record so far, if there is exactly one: an
 *  account export names its account this way. SG_ENOTFOUND otherwise. */
SG_MUST_CHECK enum sg_status sg_decoder_account(struct sg_address *account,
                                                const struct sg_decoder *decoder);

#endif
