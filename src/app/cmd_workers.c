/* sillage workers: records, events and payrolls of people, each question a subcommand. */
#include "app/verbs.h"
#include "app/workers.h"

#include <stdio.h>
#include <string.h>

static const struct sg_workers_action actions[] = {
    {"generate", sg_workers_generate, "write a made-up world of people and events with its truth",
     "sillage workers generate --out world --seed 1 --people 20000"},
    {"link", sg_workers_link, "find the records of a table that are about one person",
     "sillage workers link --id record_id people.csv --clusters clusters.csv"},
    {"check", sg_workers_check, "signs that records are one operator, with their rows and weights",
     "sillage workers check --people world/people.csv --events world/events.csv"},
    {"forget", sg_workers_forget, "delete people from the files that hold them",
     "sillage workers forget r0000012 --people world/people.csv --events world/events.csv"},
    {"audit", sg_workers_audit, "who looked at whom, and whether that log is whole",
     "sillage workers audit looks.log --key looks.key"},
    {"payroll", sg_workers_payroll, "salaries on a chain, and where those of several gather",
     "sillage workers payroll --ledger L"},
    {NULL, NULL, NULL, NULL},
};

#define N_ACTIONS (sizeof(actions) / sizeof(actions[0]) - 1)

static void print_help(FILE *out)
{
    fputs(
        "usage: sillage workers ACTION [options]\n\n"
        "Finds the personas that are one operator, on evidence alone. It decides about nobody.\n\n",
        out);
    for (size_t i = 0; i < N_ACTIONS; i++)
        fprintf(out, "  %-10s %s\n", actions[i].name, actions[i].summary);
    fputs("\nsillage workers ACTION --help tells more.\n\nexample:\n", out);
    for (size_t i = 0; i < N_ACTIONS; i++)
        fprintf(out, "  %s\n", actions[i].example);
}

int sg_cmd_workers(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return 0;
    }
    for (size_t i = 0; i < N_ACTIONS; i++)
        if (strcmp(argv[1], actions[i].name) == 0)
            return actions[i].run(argc - 1, argv + 1);
    fprintf(stderr, "sillage workers: no action '%s'; sillage workers --help lists them\n",
            argv[1]);
    return 2;
}
