/* Importing account exports from end to end: `sillage ingest` on a table of the full fields that a
 * block explorer gives, against splitting the same bytes.
 *
 *   bench_ingest      SG_BENCH_ROWS rows, 500,000 by default (about 420 bytes each)
 *
 * The world: 150 transactions a block, 300,000 addresses with a skew, six in ten rows are calls
 * with 68 bytes of data. The ledger is new; the file is in the page cache. */
#include "yardstick.h"

#include "base/buf.h"
#include "base/rng.h"
#include "store/file/file.h"

#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_ADDRESSES 300000u
#define A_BLOCK     150u

static const char header[] =
    "blockNumber,timeStamp,hash,nonce,blockHash,transactionIndex,from,to,value,gas,gasPrice,"
    "isError,"
    "txreceipt_status,input,contractAddress,cumulativeGasUsed,gasUsed,confirmations,methodId,"
    "functionName\n";

/* An address of the skewed crowd; a mixed number stands for its bytes. */
static uint64_t pick(struct sg_rng *rng)
{
    const uint64_t a = sg_rng_below(rng, N_ADDRESSES);
    const uint64_t b = sg_rng_below(rng, N_ADDRESSES);
    return (a < b ? a : b) * UINT64_C(0x9e3779b97f4a7c15);
}

static void put_row(struct sg_buf *out, struct sg_rng *rng, uint64_t i)
{
    const uint64_t block = 14000000 + i / A_BLOCK;
    const uint64_t from = pick(rng), to = pick(rng);
    const bool call = sg_rng_below(rng, 10) < 6;
    sg_buf_printf(out, "%" PRIu64 ",%" PRIu64 ",0x%016" PRIx64 "%016" PRIx64 "%032d,%" PRIu64,
                  block, 1648041417 + 13 * (block - 14000000), sg_rng_next(rng), sg_rng_next(rng),
                  0, i);
    sg_buf_printf(out, ",0x%064" PRIx64 ",%" PRIu64 ",0x%016" PRIx64 "%024d,0x%016" PRIx64 "%024d",
                  block, i % A_BLOCK, from, 0, to, 0);
    sg_buf_printf(out, ",%" PRIu64 ",90000,%" PRIu64 ",0,1,", call ? 0 : sg_rng_next(rng) >> 2,
                  20000000000 + sg_rng_below(rng, 1000000000));
    if (call)
        sg_buf_printf(out, "0xa9059cbb%064" PRIx64 "%064" PRIx64, to, sg_rng_next(rng) >> 4);
    else
        sg_buf_puts(out, "0x");
    sg_buf_printf(out, ",,%" PRIu64 ",51000,4000000,%s\n", 60000 * (i % A_BLOCK + 1),
                  call ? "0xa9059cbb,\"transfer(address to, uint256 value)\"" : "0x,");
}

static void make_table(struct sg_buf *out, uint64_t n_rows)
{
    struct sg_rng rng;
    sg_rng_init(&rng, 1);
    sg_buf_puts(out, header);
    for (uint64_t i = 0; i < n_rows; i++)
        put_row(out, &rng, i);
}

/* Time of one import into a new ledger, or 0 if it failed. */
static uint64_t ingest_ns(const char *program, const char *dir)
{
    char command[1024];
    snprintf(command, sizeof(command),
             "%s ingest --ledger %s/ledger --chain ethereum --format etherscan --account "
             "0x0000000000000000000000000000000000000001 %s/table.csv >%s/out",
             program, dir, dir, dir);
    const uint64_t start = sg_bench_now_ns();
    const int status = system(command);
    return status == 0 ? sg_bench_now_ns() - start : 0;
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/sillage-bench-XXXXXX";
    char path[512];
    struct sg_buf table = SG_BUF_INIT((size_t)8 << 30);
    struct sg_err err;
    const char *rows = getenv("SG_BENCH_ROWS");
    (void)argc;
    const uint64_t n_rows = rows ? strtoull(rows, NULL, 10) : 500000;
    make_table(&table, n_rows);
    snprintf(path, sizeof(path), "%s/table.csv", mkdtemp(dir) ? dir : "/nowhere");
    if (sg_buf_check(&table, &err) != SG_OK ||
        sg_file_write(path, table.data, table.size, &err) != SG_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    char program[512];
    snprintf(path, sizeof(path), "%s", argv[0]);
    snprintf(program, sizeof(program), "%s/sillage", dirname(path));
    const struct sg_bench_figure split = sg_bench_split(3, table.data, table.size);
    const uint64_t cpu = sg_bench_cpu_ns();
    const uint64_t ns = ingest_ns(program, dir);
    sg_bench_print_cpu("ingest/processor", sg_bench_cpu_ns() - cpu, n_rows);
    snprintf(path, sizeof(path), "rm -r %s", dir);
    const bool cleaned = system(path) == 0;
    if (ns)
        sg_bench_print(&(struct sg_bench_figure){"ingest/txlist-csv", "MB", table.size, ns},
                       &split);
    sg_buf_clear(&table);
    return ns && cleaned ? 0 : 1;
}
