/* Lines of an audit log: what is read as one is written again as the same but for its chain value,
 * and a chain under another key never fits. */
#include "store/audit/audit_internal.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sg_audit_key key = {{1}, SG_AUDIT_KEY_MIN};
    static const uint8_t before[SG_SHA256_SIZE] = {0};
    struct sg_audit_line line, again;
    char text[AUDIT_LINE_MAX];
    if (size > 4096 || !sg_audit_parse(&line, (const char *)data, size))
        return 0;
    const size_t n = sg_audit_format(text, &line, before, &key);
    assert(n < AUDIT_LINE_MAX && text[n - 1] == '\n');
    assert(sg_audit_parse(&again, text, n - 1));
    assert(again.number == line.number && again.time_unix_s == line.time_unix_s);
    assert(again.action == line.action && again.has_record == line.has_record);
    assert(memcmp(again.who32, line.who32, SG_SHA256_SIZE) == 0);
    assert(memcmp(again.record32, line.record32, SG_SHA256_SIZE) == 0);
    assert(memcmp(again.chain32, line.chain32, SG_SHA256_SIZE) == 0);
    return 0;
}
