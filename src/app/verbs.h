/** The verbs of the command line: one cmd_<verb>.c each, listed in verbs.c. */
#ifndef SG_APP_VERBS_H
#define SG_APP_VERBS_H

#include <stddef.h>

struct sg_verb {
    const char *name;
    int (*run)(int argc,
               char **argv); /**< like main; argv[0] is the verb; returns the exit status */
    const char *summary;     /**< one line for `sillage --help` */
};

/** The table, in the order that --help shows it. */
const struct sg_verb *sg_verbs(size_t *n_verbs);

/* Each in src/app/cmd_<verb>.c. */
int sg_cmd_programme(int argc, char **argv);
int sg_cmd_case(int argc, char **argv);
int sg_cmd_show(int argc, char **argv);
int sg_cmd_ingest(int argc, char **argv);
int sg_cmd_ledger(int argc, char **argv);
int sg_cmd_trace(int argc, char **argv);
int sg_cmd_path(int argc, char **argv);
int sg_cmd_demix(int argc, char **argv);
int sg_cmd_commits(int argc, char **argv);
int sg_cmd_labels(int argc, char **argv);
int sg_cmd_address(int argc, char **argv);
int sg_cmd_screen(int argc, char **argv);
int sg_cmd_coinjoin(int argc, char **argv);
int sg_cmd_exposure(int argc, char **argv);
int sg_cmd_export(int argc, char **argv);
int sg_cmd_cluster(int argc, char **argv);
int sg_cmd_why(int argc, char **argv);
int sg_cmd_peel(int argc, char **argv);
int sg_cmd_verify(int argc, char **argv);
int sg_cmd_workers(int argc, char **argv);
int sg_cmd_simulate(int argc, char **argv);
int sg_cmd_reach(int argc, char **argv);

#endif
