/* Tracing the Ronin theft once the ledger is open: a policy is to take a millisecond. A whole trace
 * is measured: the case resolved, rows read from the ledger, the figures made. Then the report of
 * all policies: the list of what it says, the pictures, the page. */
#include "yardstick.h"

#include "analysis/trace/trace.h"
#include "app/casework/casework.h"
#include "app/report/report.h"
#include "app/verbs.h"
#include "base/mem.h"
#include "store/casefile/casefile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TARGET_NS        UINT64_C(1000000)
#define REPORT_TARGET_NS UINT64_C(200000000)

struct work {
    struct sg_casefile file;
    struct sg_ledger ledger;
    const struct sg_ledger *list[1];
    struct sg_trace_input input;
};

static void stop(const char *what, const struct sg_err *err)
{
    fprintf(stderr, "bench_taint: %s: %s\n", what, err->text);
    exit(1);
}

static void run_trace(void *ctx)
{
    struct work *work = ctx;
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_trace trace;
    struct sg_err err;
    if (sg_trace_run(&trace, &arena, &work->input, &err) != SG_OK)
        stop("trace", &err);
    sg_arena_clear(&arena);
}

static void run_report(void *ctx)
{
    struct sg_buf out = SG_BUF_INIT(SG_REPORT_BYTES_MAX);
    struct sg_err err;
    if (sg_casework_report(&out, ctx, &err) != SG_OK)
        stop("report", &err);
    sg_buf_clear(&out);
}

static void bench_report(const char *dir, const char *folder)
{
    struct sg_casework report;
    struct sg_err err;
    char path[4096];
    snprintf(path, sizeof(path), "%s/case.yaml", folder);
    const struct sg_casework_options options = {.case_file = {path, NULL},
                                                .ledger = {dir, NULL},
                                                .main = SG_POLICY_FIFO,
                                                .policies = (1u << SG_POLICY_COUNT) - 1,
                                                .until_unix_s = INT64_MAX};
    if (sg_casework_open(&report, &options, &err) != SG_OK)
        stop("report", &err);
    sg_bench_print_target("report/ronin", sg_bench_best_ns(10, run_report, &report),
                          REPORT_TARGET_NS);
    sg_casework_close(&report);
}

static void ingest(char *dir, char *folder)
{
    static char verb[] = "ingest", l[] = "--ledger", c[] = "--chain", e[] = "ethereum",
                f[] = "--format", t[] = "transfers", a[] = "--account", k[] = "--cover",
                n[] = "native";
    char accounts[4096], transfers[4096];
    snprintf(accounts, sizeof(accounts), "%s/accounts.csv", folder);
    snprintf(transfers, sizeof(transfers), "%s/transfers.csv", folder);
    char *argv[] = {verb, l, dir, c, e, f, t, a, accounts, k, n, transfers, NULL};
    if (sg_cmd_ingest((int)SG_COUNT_OF(argv) - 1, argv) != 0)
        exit(1);
}

static void open_work(struct work *work, const char *dir, const char *folder)
{
    struct sg_err err;
    char path[4096];
    snprintf(path, sizeof(path), "%s/case.yaml", folder);
    if (sg_casefile_open(&work->file, path, &err) != SG_OK)
        stop("case", &err);
    if (sg_ledger_open(&work->ledger, dir, sg_chain_find("ethereum", 8), &err) != SG_OK)
        stop("ledger", &err);
    work->list[0] = &work->ledger;
    work->input = (struct sg_trace_input){
        .c = &work->file.c, .ledgers = work->list, .n_ledgers = 1, .until_unix_s = INT64_MAX};
}

int main(int argc, char **argv)
{
    struct work work = {0};
    char dir[] = "/tmp/sillage-bench-XXXXXX", command[4200], *folder = argc > 1 ? argv[1] : NULL;
    static char here[] = "cases/ronin-2022";
    if (!mkdtemp(dir))
        return 1;
    ingest(dir, folder ? folder : here);
    open_work(&work, dir, folder ? folder : here);
    for (size_t p = 0; p < SG_POLICY_COUNT; p++) {
        char name[64];
        work.input.policies = 1u << p;
        snprintf(name, sizeof(name), "trace/ronin/%s", sg_policy_name((enum sg_policy)p));
        sg_bench_print_target(name, sg_bench_best_ns(50, run_trace, &work), TARGET_NS);
    }
    work.input.policies = (1u << SG_POLICY_COUNT) - 1;
    sg_bench_print_target("trace/ronin/all", sg_bench_best_ns(50, run_trace, &work),
                          TARGET_NS * SG_POLICY_COUNT);
    bench_report(dir, folder ? folder : here);
    sg_ledger_close(&work.ledger);
    sg_casefile_close(&work.file);
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command);
}
