#include "formats/xml/xml.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <expat.h>
#include <string.h>

/* expat takes an int for the size of a piece. */
#define PIECE_MAX ((size_t)1 << 26)

struct sg_xml {
    XML_Parser parser;
    struct sg_xml_sink sink;
    enum sg_status status; /* of the sink or a limit; stops the parser */
    struct sg_err *err;    /* of the running call */
    struct sg_buf text;
    unsigned depth;
    unsigned text_depth; /* whose text is collected, 0: none */
    unsigned skip_depth; /* below which nothing is called, 0: nowhere */
};

static void *take(size_t size)
{
    return sg_mem_alloc(1, size);
}

static void *retake(void *block, size_t size)
{
    return sg_mem_realloc(block, 1, size);
}

static void give_back(void *block)
{
    sg_mem_free(block);
}

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void place(const struct sg_xml *xml)
{
    if (!xml->err || xml->err->line)
        return;
    xml->err->line = (uint32_t)XML_GetCurrentLineNumber(xml->parser);
    xml->err->column = (uint32_t)XML_GetCurrentColumnNumber(xml->parser) + 1;
}

static void stop(struct sg_xml *xml, enum sg_status status)
{
    xml->status = status;
    if (status != SG_OK) {
        place(xml);
        XML_StopParser(xml->parser, XML_FALSE);
    }
}

static void XMLCALL on_text(void *ctx, const char *text, int size)
{
    struct sg_xml *xml = ctx;
    sg_buf_append(&xml->text, text, (size_t)size);
    if (xml->text.failed)
        stop(xml, sg_buf_check(&xml->text, xml->err));
}

static void end_text(struct sg_xml *xml)
{
    if (xml->text_depth)
        XML_SetCharacterDataHandler(xml->parser, NULL);
    xml->text_depth = 0;
}

static void XMLCALL on_start(void *ctx, const char *name, const char **attributes)
{
    struct sg_xml *xml = ctx;
    if (xml->status != SG_OK)
        return; /* expat goes on to the end of the element in which it was stopped. */
    if (++xml->depth > SG_NESTING_MAX) {
        stop(xml,
             sg_err_set(xml->err, SG_ELIMIT, "elements are nested deeper than %d", SG_NESTING_MAX));
        return;
    }
    if (xml->skip_depth)
        return;
    end_text(xml);
    const enum sg_status st = xml->sink.start(xml->sink.ctx, xml->depth, local_name(name),
                                              (const char *const *)attributes, xml->err);
    if (st != SG_OK)
        stop(xml, st);
}

/* What was collected of the element that ends at this depth, and no more from here on. */
static struct sg_text collected(struct sg_xml *xml, unsigned depth)
{
    const char *from = xml->text.data;
    size_t size = xml->text.size;
    const bool is_own = xml->text_depth == depth;
    end_text(xml);
    if (!is_own || size == 0)
        return (struct sg_text){"", 0};
    while (size > 0 && (unsigned char)from[size - 1] <= ' ')
        size--;
    while (size > 0 && (unsigned char)*from <= ' ') {
        from++;
        size--;
    }
    xml->text.data[(size_t)(from - xml->text.data) + size] = 0;
    return (struct sg_text){from, size};
}

static void XMLCALL on_end(void *ctx, const char *name)
{
    struct sg_xml *xml = ctx;
    if (xml->status != SG_OK)
        return;
    const unsigned depth = xml->depth--;
    if (xml->skip_depth && depth > xml->skip_depth)
        return;
    xml->skip_depth = 0;
    const struct sg_text text = collected(xml, depth);
    const enum sg_status st = xml->sink.end(xml->sink.ctx, depth, local_name(name), text, xml->err);
    if (st != SG_OK)
        stop(xml, st);
}

static void XMLCALL on_doctype(void *ctx, const char *name, const char *system_id,
                               const char *public_id, int has_internal_subset)
{
    struct sg_xml *xml = ctx;
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal_subset;
    stop(xml, sg_err_set(xml->err, SG_EPARSE,
                         "a document type declaration: no list needs one, and it could define "
                         "entities that explode or fetch files"));
}

enum sg_status sg_xml_new(struct sg_xml **xml, const struct sg_xml_sink *sink, struct sg_err *err)
{
    static const XML_Memory_Handling_Suite suite = {take, retake, give_back};
    struct sg_xml *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->sink = *sink;
    made->text = (struct sg_buf)SG_BUF_INIT(SG_XML_TEXT_MAX);
    made->parser = XML_ParserCreate_MM(NULL, &suite, NULL);
    if (!made->parser) {
        sg_mem_free(made);
        return sg_err_nomem(err);
    }
    XML_SetUserData(made->parser, made);
    XML_SetElementHandler(made->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(made->parser, on_doctype);
    *xml = made;
    return SG_OK;
}

static enum sg_status parse(struct sg_xml *xml, const char *bytes, size_t size, bool is_last,
                            struct sg_err *err)
{
    xml->err = err;
    if (err)
        err->line = 0;
    const enum XML_Status ok = XML_Parse(xml->parser, bytes, (int)size, is_last);
    if (xml->status != SG_OK)
        return xml->status;
    if (ok == XML_STATUS_OK)
        return SG_OK;
    const enum XML_Error error = XML_GetErrorCode(xml->parser);
    if (error == XML_ERROR_NO_MEMORY)
        return sg_err_nomem(err);
    (void)sg_err_set(err, SG_EPARSE, "not well-formed XML: %s", XML_ErrorString(error));
    place(xml);
    return SG_EPARSE;
}

enum sg_status sg_xml_feed(struct sg_xml *xml, const char *bytes, size_t size, struct sg_err *err)
{
    enum sg_status st = SG_OK;
    for (size_t off = 0; st == SG_OK && off < size; off += PIECE_MAX)
        st = parse(xml, bytes + off, size - off < PIECE_MAX ? size - off : PIECE_MAX, false, err);
    return st;
}

enum sg_status sg_xml_finish(struct sg_xml *xml, struct sg_err *err)
{
    return parse(xml, "", 0, true, err);
}

void sg_xml_free(struct sg_xml *xml)
{
    if (!xml)
        return;
    XML_ParserFree(xml->parser);
    sg_buf_clear(&xml->text);
    sg_mem_free(xml);
}

void sg_xml_want_text(struct sg_xml *xml)
{
    sg_buf_reset(&xml->text);
    xml->text_depth = xml->depth;
    XML_SetCharacterDataHandler(xml->parser, on_text);
}

void sg_xml_skip(struct sg_xml *xml)
{
    xml->skip_depth = xml->depth;
}

const char *sg_xml_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(local_name(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}
