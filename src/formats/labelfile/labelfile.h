/** Files of labels in any of the forms that are read, as one push parser: bytes in, labels out.
 *
 *  format             | what it is
 *  tagpack            | GraphSense TagPack, YAML (formats/tagpack)
 *  ofac-sdn-advanced  | OFAC's SDN or Consolidated List, advanced XML (formats/ofac)
 *  etherscan-labels   | public dumps of explorers' name tags: JSON keyed by address
 *                     | ({"0x..": {"name": .., "labels": [..]}}), JSON arrays or lines, CSV
 *  eu-fsf, uk-sanctions, un-consolidated   lists of the EU, the UK and the UN (formats/parties)
 *  csv                | our own columns, docs/formats/labels.md
 *
 *  Compression is the caller's to undo (formats/inflate).
 */
#ifndef SG_FORMATS_LABELFILE_H
#define SG_FORMATS_LABELFILE_H

#include "base/buf.h"
#include "formats/label/label.h"

enum sg_label_format {
    SG_LABELFILE_TAGPACK,
    SG_LABELFILE_OFAC,
    SG_LABELFILE_ETHERSCAN,
    SG_LABELFILE_CSV,
    SG_LABELFILE_EU,
    SG_LABELFILE_UK,
    SG_LABELFILE_UN
};

#define SG_LABELFILE_FORMATS ((size_t)SG_LABELFILE_UN + 1)

/** "tagpack", ... Static storage. */
const char *sg_labelfile_name(enum sg_label_format format);

/** Errors: SG_ENOTFOUND, err untouched. */
SG_MUST_CHECK enum sg_status sg_labelfile_find(enum sg_label_format *format, const char *name);

struct sg_labelfile;

/** New parser. Owner: the caller, until sg_labelfile_free. sink: copied. title: of the pack where
 *  the format has none of its own (a file name); copied. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_labelfile_new(struct sg_labelfile **file,
                                              enum sg_label_format format,
                                              const struct sg_label_sink *sink, const char *title,
                                              struct sg_err *err);

/** Take the next bytes. Errors: those of the format's parser; SG_ELIMIT where a format that is read
 *  whole (tagpack) passes SG_SMALL_FILE_MAX. After one only sg_labelfile_free is allowed. */
SG_MUST_CHECK enum sg_status sg_labelfile_feed(struct sg_labelfile *file, const char *bytes,
                                               size_t size, struct sg_err *err);

/** Say that the file has ended. Out: pack   texts live until sg_labelfile_free. Errors: as feed. */
SG_MUST_CHECK enum sg_status sg_labelfile_finish(struct sg_label_pack *pack,
                                                 struct sg_labelfile *file, struct sg_err *err);

/** NULL is allowed. */
void sg_labelfile_free(struct sg_labelfile *file);

/** The header line of our CSV and a label as one of its rows, without loss but for `raw`. */
void sg_labelfile_csv_header(struct sg_buf *out);
void sg_labelfile_csv_row(struct sg_buf *out, const struct sg_label *label);

#endif
