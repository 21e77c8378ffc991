/** XML as a push parser that can be trusted with files from outside: bytes in, elements out.
 *
 *  For the lists that authorities publish: elements, attributes, text. Prefixes of namespaces are
 *  taken off names. By expat (docs/decisions/0002-dependencies.md), which reads UTF-8, UTF-16,
 *  ISO-8859-1 and ASCII and hands on UTF-8.
 *
 *  Hostile input: a document type declaration is refused, and with it every entity, external or
 *  not, that a file could define; so nothing is ever fetched and nothing explodes. Depth, and the
 *  text of one element are bounded, and expat itself refuses a token that is longer than an int.
 * Memory is constant: the parser keeps the text of one element. Source: Extensible Markup Language
 * (XML) 1.0, fifth edition, https://www.w3.org/TR/xml/.
 */
#ifndef SG_FORMATS_XML_H
#define SG_FORMATS_XML_H

#include "base/status.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/** Text of one element, its children's not counted. The longest that we know of, a statement of
 *  reasons, has 12 KiB. */
#define SG_XML_TEXT_MAX ((size_t)256 * 1024)

/** An element begins.
 *  In: depth       1 for the root.
 *      name        terminated, borrowed for the call.
 *      attributes  name, value, name, value, ..., NULL; see sg_xml_attribute. */
typedef enum sg_status (*sg_xml_start)(void *ctx, unsigned depth, const char *name,
                                       const char *const *attributes, struct sg_err *err);

/** An element ends.
 *  In: text   its own text where the parser was asked for it (sg_xml_want_text), without blanks at
 *             its ends; terminated; "" otherwise. Borrowed for the call. */
typedef enum sg_status (*sg_xml_end)(void *ctx, unsigned depth, const char *name,
                                     struct sg_text text, struct sg_err *err);

/** Where elements go. Anything but SG_OK stops the parser with it. */
struct sg_xml_sink {
    sg_xml_start start;
    sg_xml_end end;
    void *ctx;
};

struct sg_xml;

/** New parser. Owner: the caller, until sg_xml_free. sink: copied. Errors: SG_ENOMEM. */
SG_MUST_CHECK enum sg_status sg_xml_new(struct sg_xml **xml, const struct sg_xml_sink *sink,
                                        struct sg_err *err);

/** Take the next bytes, in pieces of any size.
 *  Errors: SG_EPARSE with line and column (not well formed, or a document type declaration),
 *          SG_ELIMIT with line and column (deeper than SG_NESTING_MAX, a text that is too long),
 *          SG_ENOMEM, or what the sink returned. After an error only sg_xml_free is allowed.
 *  Cost: what expat needs, and the sink's. */
SG_MUST_CHECK enum sg_status sg_xml_feed(struct sg_xml *xml, const char *bytes, size_t size,
                                         struct sg_err *err);

/** Say that the file has ended. Errors: as feed; SG_EPARSE where the document is cut. */
SG_MUST_CHECK enum sg_status sg_xml_finish(struct sg_xml *xml, struct sg_err *err);

/** NULL is allowed. */
void sg_xml_free(struct sg_xml *xml);

/** From a start call: collect the text of this element, up to its end or its first child. Elements
 *  that are not asked for cost no copying. */
void sg_xml_want_text(struct sg_xml *xml);

/** From a start call: no calls for the elements inside the one that begins; its own end is called.
 */
void sg_xml_skip(struct sg_xml *xml);

/** Value of an attribute, or NULL. */
const char *sg_xml_attribute(const char *const *attributes, const char *name);

#endif
