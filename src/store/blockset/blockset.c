#include "store/blockset/blockset_internal.h"

#include "base/mem.h"
#include "base/vec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum sg_status sg_blockset_format_find(enum sg_blockset_format *format, const char *name)
{
    static const char *const names[] = {"blk", "block", "core-json"};
    for (size_t i = 0; i < SG_COUNT_OF(names); i++)
        if (strcmp(name, names[i]) == 0) {
            *format = (enum sg_blockset_format)i;
            return SG_OK;
        }
    return SG_ENOTFOUND;
}

enum sg_status sg_blockset_new(struct sg_blockset **set, const struct sg_btc_params *params,
                               void (*note)(void *ctx, const struct sg_blockset_note *note),
                               void *ctx, struct sg_err *err)
{
    struct sg_blockset *made = sg_mem_zalloc(1, sizeof(*made));
    if (!made)
        return sg_err_nomem(err);
    made->params = params;
    made->note = note;
    made->ctx = ctx;
    *set = made;
    return SG_OK;
}

void sg_blockset_bound(struct sg_blockset *set, uint64_t memory_max)
{
    set->memory_max = memory_max;
}

void sg_blockset_free(struct sg_blockset *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->n_sources; i++) {
        if (set->sources[i].fd >= 0)
            close(set->sources[i].fd);
        sg_mem_free(set->sources[i].bytes);
        sg_mem_free(set->sources[i].path);
    }
    sg_mem_free(set->sources);
    sg_mem_free(set->nodes);
    sg_mem_free(set->slots);
    for (size_t i = 0; i < 2 * AHEAD_BLOCKS; i++) {
        struct loaded *loaded = &set->loaded[i / AHEAD_BLOCKS][i % AHEAD_BLOCKS];
        sg_mem_free(loaded->bytes);
        sg_btc_block_clear(&loaded->block);
    }
    sg_mem_free(set);
}

const struct sg_blockset_counts *sg_blockset_counts(const struct sg_blockset *set)
{
    return &set->counts;
}

void sg_blockset_say(struct sg_blockset *set, const struct source *source, uint64_t offset,
                     const char *fmt, ...)
{
    char sentence[SG_ERR_TEXT_MAX];
    va_list args;
    set->counts.notes++;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof(sentence), fmt, args);
    va_end(args);
    const struct sg_blockset_note note = {source->path, offset, sentence};
    if (set->note)
        set->note(set->ctx, &note);
}

struct source *sg_blockset_source(struct sg_blockset *set, const char *path, int fd, uint8_t *bytes,
                                  uint64_t size)
{
    char *kept = sg_mem_strndup(path, strlen(path));
    if (!kept || !SG_VEC_RESERVE(set->sources, set->n_sources, set->cap_sources, 1)) {
        sg_mem_free(kept);
        sg_mem_free(bytes);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct source *source = &set->sources[set->n_sources++];
    *source = (struct source){.path = kept, .fd = fd, .bytes = bytes, .size = size};
    return source;
}

static bool read_file(uint8_t *bytes, int fd, uint64_t offset, size_t n)
{
    while (n) {
        const ssize_t got = pread(fd, bytes, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        bytes += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return true;
}

bool sg_blockset_read_at(uint8_t *bytes, const struct source *source, uint64_t offset, size_t n)
{
    if (n > source->size || offset > source->size - n)
        return false;
    if (source->fd < 0)
        memcpy(bytes, source->bytes + offset, n);
    else if (!read_file(bytes, source->fd, offset, n))
        return false;
    static const uint8_t plain[8] = {0};
    if (memcmp(source->key, plain, sizeof(plain)) != 0)
        for (size_t i = 0; i < n; i++)
            bytes[i] ^= source->key[(offset + i) % sizeof(source->key)];
    return true;
}

static size_t slot_of(const struct sg_blockset *set, const uint8_t hash[SG_BTC_HASH])
{
    uint64_t bits;
    memcpy(&bits, hash, sizeof(bits));
    size_t at = bits & set->mask;
    while (set->slots[at] &&
           memcmp(set->nodes[set->slots[at] - 1].header.hash, hash, SG_BTC_HASH) != 0)
        at = (at + 1) & set->mask;
    return at;
}

size_t sg_blockset_find(const struct sg_blockset *set, const uint8_t hash[SG_BTC_HASH])
{
    if (!set->slots)
        return NO_NODE;
    const size_t slot = set->slots[slot_of(set, hash)];
    return slot ? slot - 1 : NO_NODE;
}

static bool grow_slots(struct sg_blockset *set)
{
    if (set->slots && 2 * set->n_nodes <= set->mask)
        return true;
    const size_t mask = set->slots ? 2 * set->mask + 1 : 1023;
    size_t *slots = sg_mem_zalloc(mask + 1, sizeof(*slots));
    if (!slots)
        return false;
    sg_mem_free(set->slots);
    set->slots = slots;
    set->mask = mask;
    for (size_t i = 0; i < set->n_nodes; i++)
        set->slots[slot_of(set, set->nodes[i].header.hash)] = i + 1;
    return true;
}

enum sg_status sg_blockset_node(struct sg_blockset *set, const struct sg_btc_header *header,
                                size_t source, uint64_t offset, uint32_t size, struct sg_err *err)
{
    const size_t known = sg_blockset_find(set, header->hash);
    if (known != NO_NODE)
        return SG_OK;
    if (!SG_VEC_RESERVE(set->nodes, set->n_nodes, set->cap_nodes, 1) || !grow_slots(set))
        return sg_err_nomem(err);
    const size_t slot = slot_of(set, header->hash);
    set->nodes[set->n_nodes] = (struct node){.header = *header,
                                             .source = source,
                                             .offset = offset,
                                             .size = size,
                                             .parent = NO_NODE,
                                             .row = NO_NODE};
    set->slots[slot] = ++set->n_nodes;
    set->counts.found += source != NO_NODE;
    return SG_OK;
}
