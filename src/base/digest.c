#include "base/digest.h"

#include "base/mem.h"

#include <assert.h>
#include <openssl/evp.h>

struct sg_sha256 {
    EVP_MD_CTX *ctx;
};

/* libcrypto's own failures here would be programming errors or its out-of-memory abort: asserted.
 */
static void begin(struct sg_sha256 *state)
{
    /* The digest is looked up once: that takes longer than hashing a short text. */
    const EVP_MD *md = EVP_MD_CTX_get0_md(state->ctx) ? NULL : EVP_sha256();
    const int ok = EVP_DigestInit_ex(state->ctx, md, NULL);
    assert(ok == 1);
    (void)ok;
}

struct sg_sha256 *sg_sha256_new(void)
{
    struct sg_sha256 *state = sg_mem_alloc(1, sizeof(*state));
    if (!state)
        return NULL;
    state->ctx = EVP_MD_CTX_new();
    if (!state->ctx) {
        sg_mem_free(state);
        return NULL;
    }
    begin(state);
    return state;
}

void sg_sha256_update(struct sg_sha256 *state, const void *bytes, size_t size)
{
    const int ok = EVP_DigestUpdate(state->ctx, bytes, size);
    assert(ok == 1);
    (void)ok;
}

void sg_sha256_final(uint8_t digest32[SG_SHA256_SIZE], struct sg_sha256 *state)
{
    const int ok = EVP_DigestFinal_ex(state->ctx, digest32, NULL);
    assert(ok == 1);
    (void)ok;
    begin(state);
}

void sg_sha256_free(struct sg_sha256 *state)
{
    if (!state)
        return;
    EVP_MD_CTX_free(state->ctx);
    sg_mem_free(state);
}

void sg_sha256_of(uint8_t digest32[SG_SHA256_SIZE], const void *bytes, size_t size)
{
    const int ok = EVP_Digest(bytes, size, digest32, NULL, EVP_sha256(), NULL);
    assert(ok == 1);
    (void)ok;
}

void sg_sha1_of_two(uint8_t digest20[SG_SHA1_SIZE], const void *first, size_t first_size,
                    const void *second, size_t second_size)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const int ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) == 1 &&
                   EVP_DigestUpdate(ctx, first, first_size) == 1 &&
                   EVP_DigestUpdate(ctx, second, second_size) == 1 &&
                   EVP_DigestFinal_ex(ctx, digest20, NULL) == 1;
    EVP_MD_CTX_free(ctx);
    assert(ok);
    (void)ok;
}
