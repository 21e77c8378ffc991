#include "store/ledger/ledger.h"

#include "base/mem.h"
#include "store/engine/engine.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHAINS_MAX 64 /* More than the table of chains has. */

enum sg_status sg_ledger_open(struct sg_ledger *ledger, const char *dir,
                              const struct sg_chain *chain, struct sg_err *err)
{
    return sg_engine_open(ledger, dir, chain, err);
}

void sg_ledger_close(struct sg_ledger *ledger)
{
    if (ledger->ops)
        ledger->ops->close(ledger->self);
    memset(ledger, 0, sizeof(*ledger));
}

static int by_name(const void *a, const void *b)
{
    const struct sg_chain *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static size_t list_chains(const struct sg_chain *chains[CHAINS_MAX], DIR *folder)
{
    size_t n = 0;
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        const struct sg_chain *chain = sg_chain_find(entry->d_name, strlen(entry->d_name));
        char current[sizeof(entry->d_name) + sizeof("/CURRENT")];
        snprintf(current, sizeof(current), "%s/CURRENT", entry->d_name);
        if (chain && n < CHAINS_MAX && faccessat(dirfd(folder), current, F_OK, 0) == 0)
            chains[n++] = chain;
    }
    qsort(chains, n, sizeof(*chains), by_name);
    return n;
}

enum sg_status sg_ledger_chains(const char *dir,
                                void (*visit)(void *ctx, const struct sg_chain *chain), void *ctx,
                                struct sg_err *err)
{
    const struct sg_chain *chains[CHAINS_MAX];
    DIR *folder = opendir(dir);
    if (!folder && (errno == ENOENT || errno == ENOTDIR))
        return sg_err_set(err, SG_ENOTFOUND, "there is no ledger in %s", dir);
    if (!folder)
        return sg_err_os(err, errno, "cannot open %s", dir);
    const size_t n = list_chains(chains, folder);
    closedir(folder);
    if (n == 0)
        return sg_err_set(err, SG_ENOTFOUND, "there is no ledger in %s", dir);
    for (size_t i = 0; i < n; i++)
        visit(ctx, chains[i]);
    return SG_OK;
}
