/* Tokens of any bytes in any family: in order, apart, on their lines, and the same twice. */
#include "formats/lexis/lexis.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const struct sg_text text = {(const char *)data + 1, size - 1};
    const enum sg_lang lang = (enum sg_lang)(data[0] % (SG_LANG_DOCKER + 1));
    struct sg_tokens tokens = {0};
    struct sg_err err;
    assert(sg_lexis_run(&tokens, lang, text, &err) == SG_OK);
    size_t at = 0;
    uint32_t line = 1;
    for (size_t i = 0; i < tokens.count; i++) {
        const struct sg_token *token = &tokens.items[i];
        assert(token->size > 0 && token->at >= at && token->line >= line);
        at = (size_t)token->at + token->size;
        line = token->line;
        assert(at <= text.size && line <= tokens.n_lines);
        assert(!memchr(text.data + token->at, '\n', token->size));
    }
    sg_tokens_clear(&tokens);
    return 0;
}
