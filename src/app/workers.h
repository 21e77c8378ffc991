/** `sillage workers`: its subcommands, one workers_<name>.c each, listed in cmd_workers.c. */
#ifndef SG_APP_WORKERS_H
#define SG_APP_WORKERS_H

#include <stddef.h>

struct sg_workers_action {
    const char *name;
    int (*run)(int argc,
               char **argv); /**< like main; argv[0] is the action; returns the exit status */
    const char *summary;     /**< one line for `sillage workers --help` */
    const char *example;     /**< a command that works as it stands */
};

/** What the subcommands hand to sg_usage as their verb: "workers link" and so on. */
#define SG_WORKERS_VERB(name) "workers " name

/* Each in src/app/workers_<name>.c. */
int sg_workers_generate(int argc, char **argv);
int sg_workers_link(int argc, char **argv);
int sg_workers_check(int argc, char **argv);
int sg_workers_audit(int argc, char **argv);
int sg_workers_forget(int argc, char **argv);
int sg_workers_payroll(int argc, char **argv);

#endif
