#include "formats/json/json_internal.h"

#include "base/mem.h"

#include <yajl/yajl_parse.h>

/* Head of each block that yajl holds; keeps the payload aligned for any object. */
struct block {
    _Alignas(max_align_t) struct block *next;
    struct block *before;
};

static void link_block(struct json_lexer *lexer, struct block *block)
{
    block->before = NULL;
    block->next = lexer->blocks;
    if (block->next)
        block->next->before = block;
    lexer->blocks = block;
}

static void unlink_block(struct json_lexer *lexer, struct block *block)
{
    if (block->next)
        block->next->before = block->before;
    if (block->before)
        block->before->next = block->next;
    else
        lexer->blocks = block->next;
}

static void *resize(void *ctx, void *payload, size_t size)
{
    struct json_lexer *lexer = ctx;
    struct block *old = payload ? (struct block *)payload - 1 : NULL;
    struct block *block;
    if (size > SIZE_MAX - sizeof(*block))
        longjmp(lexer->no_memory, 1);
    if (old)
        unlink_block(lexer, old);
    block = sg_mem_realloc(old, size + sizeof(*block), 1);
    if (!block) {
        if (old)
            link_block(lexer, old);
        longjmp(lexer->no_memory, 1);
    }
    link_block(lexer, block);
    return block + 1;
}

static void *allocate(void *ctx, size_t size)
{
    return resize(ctx, NULL, size);
}

static void release(void *ctx, void *payload)
{
    if (!payload)
        return;
    unlink_block(ctx, (struct block *)payload - 1);
    sg_mem_free((struct block *)payload - 1);
}

static int send(void *ctx, enum json_event event, const void *text, size_t size)
{
    struct json_lexer *lexer = ctx;
    return lexer->on_event(lexer->ctx, event, text, size);
}

static int on_null(void *ctx)
{
    return send(ctx, JSON_NULL, NULL, 0);
}

static int on_boolean(void *ctx, int value)
{
    return value ? send(ctx, JSON_VALUE, "true", 4) : send(ctx, JSON_VALUE, "false", 5);
}

static int on_number(void *ctx, const char *text, size_t size)
{
    return send(ctx, JSON_VALUE, text, size);
}

static int on_string(void *ctx, const unsigned char *text, size_t size)
{
    return send(ctx, JSON_STRING, text, size);
}

static int on_key(void *ctx, const unsigned char *text, size_t size)
{
    return send(ctx, JSON_KEY, text, size);
}

static int on_object_begin(void *ctx)
{
    return send(ctx, JSON_OBJECT_BEGIN, NULL, 0);
}

static int on_object_end(void *ctx)
{
    return send(ctx, JSON_OBJECT_END, NULL, 0);
}

static int on_array_begin(void *ctx)
{
    return send(ctx, JSON_ARRAY_BEGIN, NULL, 0);
}

static int on_array_end(void *ctx)
{
    return send(ctx, JSON_ARRAY_END, NULL, 0);
}

/* Numbers go to on_number as text, because it is set: no double comes near them. */
static const yajl_callbacks callbacks = {
    on_null,         on_boolean, NULL,          NULL,           on_number,   on_string,
    on_object_begin, on_key,     on_object_end, on_array_begin, on_array_end};

static void open_yajl(struct json_lexer *lexer)
{
    yajl_alloc_funcs memory = {allocate, resize, release, lexer};
    yajl_handle yajl = yajl_alloc(&callbacks, &memory, lexer);
    yajl_config(yajl, yajl_allow_multiple_values, 1);
    yajl_config(yajl, yajl_dont_validate_strings, 1);
    lexer->yajl = yajl;
}

enum json_result sg_json_lex(struct json_lexer *lexer, const char *bytes, size_t size)
{
    if (setjmp(lexer->no_memory))
        return JSON_NO_MEMORY;
    if (!lexer->yajl)
        open_yajl(lexer);
    switch (yajl_parse(lexer->yajl, (const unsigned char *)bytes, size)) {
    case yajl_status_ok:
        return JSON_GOOD;
    case yajl_status_client_canceled:
        return JSON_STOPPED;
    case yajl_status_error:
        return JSON_DAMAGED;
    }
    return JSON_DAMAGED;
}

size_t sg_json_lex_taken(const struct json_lexer *lexer)
{
    return lexer->yajl ? yajl_get_bytes_consumed(lexer->yajl) : 0;
}

void sg_json_lex_reset(struct json_lexer *lexer)
{
    while (lexer->blocks) {
        struct block *block = lexer->blocks;
        lexer->blocks = block->next;
        sg_mem_free(block);
    }
    lexer->yajl = NULL;
}
