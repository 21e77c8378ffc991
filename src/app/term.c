#include "app/term.h"

#include "base/utf8.h"

void sg_term_text(FILE *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size;) {
        uint32_t character;
        size_t n = sg_utf8_next(&character, text + i, size - i);
        const bool safe = n && !sg_utf8_is_unsafe(character);
        if (!n)
            n = 1;
        if (safe)
            fwrite(text + i, 1, n, out);
        for (size_t k = 0; !safe && k < n; k++)
            fprintf(out, "\\x%02x", (unsigned)(unsigned char)text[i + k]);
        i += n;
    }
}

void sg_term_number(FILE *out, unsigned long long number)
{
    char digits[32];
    const int n = snprintf(digits, sizeof(digits), "%llu", number);
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            fputc(',', out);
        fputc(digits[i], out);
    }
}

enum sg_status sg_term_print(const struct sg_buf *out, struct sg_err *err)
{
    const enum sg_status st = sg_buf_check(out, err);
    if (st != SG_OK)
        return st;
    if ((out->size && fwrite(out->data, 1, out->size, stdout) != out->size) || fflush(stdout) != 0)
        return sg_err_set(err, SG_EIO, "cannot write to standard output");
    return SG_OK;
}
