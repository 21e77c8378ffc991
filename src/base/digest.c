/* The low-level calls of libcrypto are deprecated, not removed; EVP takes 0.3 us more a message,
 * as long as hashing 100 bytes does. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/digest.h"

#include "base/mem.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ripemd.h>
#include <openssl/sha.h>

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

void sg_sha256d(uint8_t digest32[SG_SHA256_SIZE], const struct sg_sha256_part *parts,
                size_t n_parts)
{
    SHA256_CTX ctx;
    SHA256_Init(&ctx);
    for (size_t i = 0; i < n_parts; i++)
        SHA256_Update(&ctx, parts[i].bytes, parts[i].size);
    SHA256_Final(digest32, &ctx);
    SHA256_Init(&ctx);
    SHA256_Update(&ctx, digest32, SG_SHA256_SIZE);
    SHA256_Final(digest32, &ctx);
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

void sg_hmac_sha256(uint8_t mac32[SG_SHA256_SIZE], const void *key, size_t key_size,
                    const void *bytes, size_t size)
{
    assert(key_size <= INT_MAX);
    const void *ok = HMAC(EVP_sha256(), key, (int)key_size, bytes, size, mac32, NULL);
    assert(ok);
    (void)ok;
}

void sg_hash160(uint8_t digest20[SG_HASH160_SIZE], const void *bytes, size_t size)
{
    uint8_t inner[SG_SHA256_SIZE];
    sg_sha256_of(inner, bytes, size);
    RIPEMD160(inner, sizeof(inner), digest20);
}
