#include "support/check.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

uint64_t sg_test_seed(void)
{
    const char *text = getenv("SG_SEED");
    const uint64_t seed = text ? strtoull(text, NULL, 0) : 20220323;
    printf("seed: SG_SEED=%" PRIu64 "\n", seed);
    return seed;
}

static const char *join(char *out, size_t size, const char *root, const char *path)
{
    snprintf(out, size, "%s/%s", root, path);
    return out;
}

const char *sg_test_shared(const char *path)
{
    static char out[4096];
    const char *root = getenv("SG_SHARED");
    join(out, sizeof(out), root ? root : "../shared", path);
    if (access(out, R_OK) != 0) {
        printf("skipped: needs the developers' data, shared/%s\n", path);
        skip();
    }
    return out;
}

const char *sg_test_source(const char *path)
{
    static char out[4096];
    const char *root = getenv("SG_SOURCE");
    return join(out, sizeof(out), root ? root : ".", path);
}

const char *sg_test_mkdir(void)
{
    static char out[64];
    snprintf(out, sizeof(out), "/tmp/sillage-test-XXXXXX");
    assert_non_null(mkdtemp(out));
    return out;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void sg_test_rmdir(const char *dir)
{
    nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
