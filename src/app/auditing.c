#include "app/auditing.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The name that the system gave, else the number of the user. */
static const char *user(char text[32])
{
    const char *name = getenv("USER");
    if (name && *name)
        return name;
    snprintf(text, 32, "uid %lu", (unsigned long)getuid());
    return text;
}

enum sg_status sg_auditing_write(const struct sg_auditing *auditing, enum sg_audit_action action,
                                 const char *const *record_ids, size_t n, struct sg_err *err)
{
    struct sg_audit_key key;
    char text[32];
    if (!auditing->log && !auditing->key)
        return SG_OK;
    if (!auditing->log || !auditing->key)
        return sg_err_set(err, SG_EUSAGE, "--audit FILE and --key FILE go together");
    const enum sg_status st = sg_audit_key_read(&key, auditing->key, err);
    if (st != SG_OK)
        return st;
    return sg_audit_append(auditing->log, &key, (int64_t)time(NULL), action,
                           auditing->who ? auditing->who : user(text), record_ids, n, err);
}
