/* A time that parses is written and parsed again to the same second, and what is refused names a
 * byte of the text. Eight bytes taken as an instant are written without leaving the buffer. */
#include "base/civil.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_parse(const char *input, size_t size)
{
    char text[SG_TIME_TEXT_MAX];
    int64_t t = 0;
    int64_t back = 0;
    struct sg_err err;
    enum sg_status st = sg_time_parse(&t, input, size, &err);
    if (st != SG_OK) {
        assert(st == SG_EPARSE && err.has_offset && err.offset <= size);
        return;
    }
    /* Twelve digits of Unix seconds reach past the year 9999, which the text form does not. */
    if (t > 253402300799)
        return;
    sg_time_format(text, t);
    st = sg_time_parse(&back, text, strlen(text), &err);
    assert(st == SG_OK);
    assert(back == t);
}

static void check_format(const uint8_t *data)
{
    char text[SG_TIME_TEXT_MAX];
    int64_t t;
    memcpy(&t, data, sizeof(t));
    sg_time_format(text, t);
    assert(strnlen(text, sizeof(text)) < sizeof(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_parse((const char *)data, size);
    if (size >= sizeof(int64_t))
        check_format(data);
    return 0;
}
