/* Blocks and transactions: identifiers, roots and commitments of the real chain, and what is
 * refused. Method: block 0 and hand-cut bytes here; the real blocks and Bitcoin Core's vectors
 * where developers have them. */
#include "support/check.h"

#include "base/buf.h"
#include "base/hex.h"
#include "formats/bitcoin/bitcoin.h"
#include "formats/inflate/inflate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define GENESIS                                                                                    \
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac7" \
    "2c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c0101000000010000000000"   \
    "000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054"   \
    "696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e"   \
    "64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967"   \
    "f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d"   \
    "578a4c702b6bf11d5fac00000000"
#define GENESIS_SIZE 285

static enum sg_status append(void *ctx, const uint8_t *bytes, size_t size, struct sg_err *err)
{
    sg_buf_append(ctx, bytes, size);
    return sg_buf_check(ctx, err);
}

/* A file of the shared data, unpacked; skips the test where it is not there. */
static struct sg_buf load(const char *name)
{
    char path[256];
    uint8_t piece[65536];
    struct sg_buf out = SG_BUF_INIT((size_t)1 << 28);
    struct sg_inflate *inflate;
    struct sg_err err;
    snprintf(path, sizeof(path), "data/bitcoin/%s", name);
    FILE *file = fopen(sg_test_shared(path), "rb");
    assert_non_null(file);
    CHECK_OK(sg_inflate_new(&inflate, append, &out, &err), &err);
    for (size_t n; (n = fread(piece, 1, sizeof(piece), file)) > 0;)
        CHECK_OK(sg_inflate_feed(inflate, piece, n, &err), &err);
    CHECK_OK(sg_inflate_finish(inflate, &err), &err);
    sg_inflate_free(inflate);
    fclose(file);
    return out;
}

static void genesis(uint8_t bytes[GENESIS_SIZE])
{
    assert_true(sg_hex_decode(bytes, GENESIS_SIZE, GENESIS, strlen(GENESIS)));
}

static void assert_hash(const uint8_t hash[SG_BTC_HASH], const char *want)
{
    char text[SG_BTC_HASH_TEXT_MAX];
    assert_string_equal(sg_btc_hash_text(text, hash), want);
}

static enum sg_status read_whole(struct sg_btc_block *block, const void *bytes, size_t size,
                                 struct sg_err *err)
{
    struct sg_reader r;
    sg_reader_init(&r, bytes, size);
    const enum sg_status st = sg_btc_block_read(block, &r, err);
    if (st == SG_OK)
        assert_int_equal(sg_reader_left(&r), 0);
    return st;
}

static void test_block_0_is_read_to_its_last_byte_and_is_what_it_says(void **state)
{
    (void)state;
    uint8_t bytes[GENESIS_SIZE];
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_err err;
    genesis(bytes);
    CHECK_OK(read_whole(&block, bytes, sizeof(bytes), &err), &err);
    assert_hash(block.header.hash,
                "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
    assert_int_equal(block.header.time, 1231006505);
    assert_int_equal(block.n_txs, 1);
    assert_hash(block.txs[0].txid,
                "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
    assert_memory_equal(block.txs[0].txid, block.txs[0].wtxid, SG_BTC_HASH);
    assert_true(sg_btc_in_is_coinbase(&block.ins[0]));
    assert_true(block.outs[0].sat == 5000000000);
    assert_int_equal(block.outs[0].script_size, 67);
    CHECK_OK(sg_btc_block_check(&block, true, &err), &err);
    sg_btc_block_clear(&block);
}

static void test_every_cut_of_a_block_is_refused_and_leaks_nothing(void **state)
{
    (void)state;
    uint8_t bytes[GENESIS_SIZE];
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_err err;
    genesis(bytes);
    for (size_t size = 0; size < GENESIS_SIZE; size++) {
        assert_int_equal(read_whole(&block, bytes, size, &err), SG_EPARSE);
        assert_true(err.has_offset && err.offset <= size);
    }
    sg_btc_block_clear(&block);
}

static void test_a_changed_byte_breaks_the_root_or_the_work(void **state)
{
    (void)state;
    uint8_t bytes[GENESIS_SIZE];
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_err err;
    genesis(bytes);
    bytes[GENESIS_SIZE - 1] = 1; /* lock time of the coinbase */
    CHECK_OK(read_whole(&block, bytes, sizeof(bytes), &err), &err);
    assert_int_equal(sg_btc_block_check(&block, true, &err), SG_EPARSE);
    assert_string_equal(err.text, "the merkle root is not that of the transactions");
    genesis(bytes);
    bytes[76]++; /* nonce */
    CHECK_OK(read_whole(&block, bytes, sizeof(bytes), &err), &err);
    assert_int_equal(sg_btc_block_check(&block, true, &err), SG_EPARSE);
    assert_string_equal(err.text, "the block's hash is above its target");
    sg_btc_block_clear(&block);
}

static void test_a_length_has_one_form(void **state)
{
    (void)state;
    static const struct {
        uint8_t bytes[9];
        size_t size;
        uint64_t value;
        bool good;
    } cases[] = {
        {{0xfc}, 1, 0xfc, true},
        {{0xfd, 0xfd, 0}, 3, 0xfd, true},
        {{0xfd, 0xfc, 0}, 3, 0, false},
        {{0xfe, 0, 0, 1, 0}, 5, 0x10000, true},
        {{0xfe, 0xff, 0xff, 0, 0}, 5, 0, false},
        {{0xff, 0, 0, 0, 0, 1, 0, 0, 0}, 9, 0x100000000, true},
        {{0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}, 9, 0, false},
        {{0xfe, 0, 0}, 3, 0, false},
    };
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_reader r;
        sg_reader_init(&r, cases[i].bytes, cases[i].size);
        assert_true(sg_btc_length(&r) == cases[i].value);
        assert_int_equal(!r.failed, cases[i].good);
    }
}

static void test_a_count_beyond_the_bytes_allocates_nothing(void **state)
{
    (void)state;
    uint8_t bytes[GENESIS_SIZE];
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_err err;
    genesis(bytes);
    memcpy(bytes + 85, "\xfe\xff\xff\xff\x7f", 5); /* 2^31 inputs */
    sg_mem_peak_reset();
    assert_int_equal(read_whole(&block, bytes, sizeof(bytes), &err), SG_EPARSE);
    assert_string_equal(err.text, "the list of inputs is cut short or has an impossible length");
    assert_true(sg_mem_peak() < 65536);
    sg_btc_block_clear(&block);
}

static enum sg_status read_and_check(const uint8_t *bytes)
{
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    enum sg_status st = read_whole(&block, bytes, GENESIS_SIZE, NULL);
    if (st == SG_OK)
        st = sg_btc_block_check(&block, true, NULL);
    sg_btc_block_clear(&block);
    return st;
}

static void test_reading_survives_every_refused_allocation(void **state)
{
    (void)state;
    uint8_t bytes[GENESIS_SIZE];
    genesis(bytes);
    CHECK_OOM_SWEEP(read_and_check(bytes));
}

static void test_work_is_what_the_nodes_say(void **state)
{
    (void)state;
    assert_true(sg_btc_work(0x1d00ffff) == 0x100010001);
    assert_true(sg_btc_work(0x207fffff) == 2);
    assert_true(sg_btc_work(0x1b0404cb) == 0x3fb3ab764c00);
    assert_true(sg_btc_work(0) == 0);
    assert_true(sg_btc_work(0x01003456) == 0); /* less than one byte of a number */
    assert_true(sg_btc_work(0x04923456) == 0); /* negative */
    assert_true(sg_btc_work(0xff123456) == 0); /* more than 256 bits */
    assert_true(sg_btc_work(0x03000001) == ~(sg_u128)0);
    const uint8_t zeros[SG_BTC_HASH] = {0};
    assert_false(sg_btc_hash_meets(zeros, 0));
    assert_true(sg_btc_hash_meets(zeros, 0x03000001));
}

static void test_real_blocks_are_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *name, *hash;
        size_t n_txs;
    } cases[] = {
        {"block413567.raw", "0000000000000000025aff8be8a55df8f89c77296db6198f272d6577325d4069",
         1557},
        {"block-0000000000000000001602407ac49862a7bca9d00f7f402db20b7be2f5de59d2.blk",
         "0000000000000000001602407ac49862a7bca9d00f7f402db20b7be2f5de59d2", 3315},
        {"block-00000000000000000021868c2cefc52a480d173c849412fe81c4e5ab806f94ab.blk",
         "00000000000000000021868c2cefc52a480d173c849412fe81c4e5ab806f94ab", 230},
        {"mainnet_block_000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae.raw",
         "000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae", 2500},
    };
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    for (size_t i = 0; i < SG_COUNT_OF(cases); i++) {
        struct sg_err err;
        struct sg_buf file = load(cases[i].name);
        CHECK_OK(read_whole(&block, file.data, file.size, &err), &err);
        assert_hash(block.header.hash, cases[i].hash);
        assert_int_equal(block.n_txs, cases[i].n_txs);
        CHECK_OK(sg_btc_block_check(&block, true, &err), &err);
        sg_buf_clear(&file);
    }
    sg_btc_block_clear(&block);
}

static void test_a_changed_witness_breaks_the_commitment(void **state)
{
    (void)state;
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_err err;
    struct sg_buf file =
        load("mainnet_block_000000000000000000000c835b2adcaedc20fdf6ee440009c249452c726dafae.raw");
    CHECK_OK(read_whole(&block, file.data, file.size, &err), &err);
    size_t t = 1;
    while (!block.txs[t].has_witness)
        t++;
    const struct sg_btc_in *in = &block.ins[block.txs[t].first_in];
    file.data[(size_t)((const char *)in->witness - file.data) + in->witness_size - 1] ^= 1;
    CHECK_OK(read_whole(&block, file.data, file.size, &err), &err);
    assert_int_equal(sg_btc_block_check(&block, true, &err), SG_EPARSE);
    assert_string_equal(err.text, "the witness commitment is not that of the witnesses");
    sg_buf_clear(&file);
    sg_btc_block_clear(&block);
}

static void test_a_transaction_of_a_megabyte(void **state)
{
    (void)state;
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_err err;
    struct sg_reader r;
    struct sg_buf file = load("megatx.bin.bz2");
    sg_reader_init(&r, file.data, file.size);
    CHECK_OK(sg_btc_tx_read(&block, &r, &err), &err);
    assert_int_equal(sg_reader_left(&r), 0);
    assert_int_equal(block.txs[0].n_in, 5569);
    assert_int_equal(block.txs[0].n_out, 1);
    assert_hash(block.txs[0].txid,
                "bb41a757f405890fb0f5856228e23b715702d714d59bf2b1feb70d8b2b4e3e08");
    sg_buf_clear(&file);
    sg_btc_block_clear(&block);
}

/* The next quoted string of hexadecimal digits alone that is longer than a hash. */
static bool next_hex(const char **from, size_t *size, const char **at)
{
    while ((*at = strchr(*at, '"'))) {
        const char *begin = ++*at;
        while (isxdigit((unsigned char)**at))
            ++*at;
        *from = begin;
        *size = (size_t)(*at - begin);
        if (**at == '"' && *size > 64 && *size % 2 == 0) {
            ++*at;
            return true;
        }
    }
    return false;
}

static size_t read_vectors(const char *name, size_t *n_good)
{
    struct sg_buf file = load(name);
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    const char *at = file.data, *hex;
    size_t n = 0;
    for (size_t size; next_hex(&hex, &size, &at); n++) {
        struct sg_reader r;
        uint8_t *bytes = sg_mem_alloc(size / 2, 1);
        assert_true(sg_hex_decode(bytes, size / 2, hex, size));
        sg_reader_init(&r, bytes, size / 2);
        if (sg_btc_tx_read(&block, &r, NULL) == SG_OK && sg_reader_left(&r) == 0)
            ++*n_good;
        sg_mem_free(bytes);
    }
    sg_btc_block_clear(&block);
    sg_buf_clear(&file);
    return n;
}

static void test_the_vectors_of_bitcoin_core_are_read(void **state)
{
    (void)state;
    size_t n_good = 0;
    /* A comment quotes one string more, which is no transaction. */
    assert_int_equal(read_vectors("tx_valid.json", &n_good), 121 + 1);
    assert_int_equal(n_good, 121);
    /* What is wrong with the invalid ones is not their form. */
    n_good = 0;
    assert_int_equal(read_vectors("tx_invalid.json", &n_good), 93 + 1);
    assert_int_equal(n_good, 93);
}

/* The transaction that carries an extension block's money, of block 433 of a litecoind's regtest;
 * its id as that node gives it. */
static void test_a_hogex_is_read_on_litecoin_and_refused_on_bitcoin(void **state)
{
    (void)state;
    static const char hex[] =
        "0200000000080155647c71778e30af7ae418053d3563639dc37b2fdd64b7ab37874c3fd0922b2c0000000000"
        "ffffffff01aa57814a000000002258200e8d60ab392436cc05d97a465519e2557848a13b29344a2b3cdbeffc"
        "c47493470000000000";
    uint8_t bytes[97];
    struct sg_btc_block block = SG_BTC_BLOCK_INIT;
    struct sg_reader r;
    struct sg_err err;
    assert_true(sg_hex_decode(bytes, sizeof(bytes), hex, strlen(hex)));
    sg_reader_init(&r, bytes, sizeof(bytes));
    assert_int_equal(sg_btc_tx_read(&block, &r, &err), SG_EPARSE);
    assert_non_null(strstr(err.text, "unknown flag (8)"));
    block.may_extend = true;
    sg_reader_init(&r, bytes, sizeof(bytes));
    CHECK_OK(sg_btc_tx_read(&block, &r, &err), &err);
    assert_true(block.txs[0].is_hogex && !block.txs[0].has_witness);
    assert_hash(block.txs[0].txid,
                "94535cfe15c2d3fa99c491592726f5bfaf463e8ec6c83e8f49199a3ab9c932ab");
    assert_hash(block.txs[0].wtxid,
                "94535cfe15c2d3fa99c491592726f5bfaf463e8ec6c83e8f49199a3ab9c932ab");
    sg_btc_block_clear(&block);
    block.may_extend = true;
    bytes[sizeof(bytes) - 5] = 1;
    sg_reader_init(&r, bytes, sizeof(bytes));
    assert_int_equal(sg_btc_tx_read(&block, &r, &err), SG_EPARSE);
    assert_int_equal(err.offset, sizeof(bytes) - 5);
    sg_btc_block_clear(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hogex_is_read_on_litecoin_and_refused_on_bitcoin),
        cmocka_unit_test(test_block_0_is_read_to_its_last_byte_and_is_what_it_says),
        cmocka_unit_test(test_every_cut_of_a_block_is_refused_and_leaks_nothing),
        cmocka_unit_test(test_a_changed_byte_breaks_the_root_or_the_work),
        cmocka_unit_test(test_a_length_has_one_form),
        cmocka_unit_test(test_a_count_beyond_the_bytes_allocates_nothing),
        cmocka_unit_test(test_reading_survives_every_refused_allocation),
        cmocka_unit_test(test_work_is_what_the_nodes_say),
        cmocka_unit_test(test_real_blocks_are_what_they_say),
        cmocka_unit_test(test_a_changed_witness_breaks_the_commitment),
        cmocka_unit_test(test_a_transaction_of_a_megabyte),
        cmocka_unit_test(test_the_vectors_of_bitcoin_core_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
