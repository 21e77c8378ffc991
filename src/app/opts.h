/** Options of a verb: one table gives the parser and the --help page. */
#ifndef SG_APP_OPTS_H
#define SG_APP_OPTS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A repeatable option: SG_LIST_MAX values at most. */
#define SG_LIST_MAX 256
struct sg_opt_list {
    const char *items[SG_LIST_MAX];
    size_t count;
};

/** One long option. Exactly one destination is set; it says what the option takes. */
struct sg_opt {
    const char *name; /**< without the dashes */
    const char *arg;  /**< name of its value in --help, NULL for a flag */
    const char *help; /**< one line */
    bool *flag;
    const char **text;
    uint64_t *number; /**< decimal */
    uint64_t *bytes;  /**< with K, M, G for powers of 1024 */
    struct sg_opt_list *list;
};

struct sg_usage {
    const char *verb;
    const char *args;    /**< of the usage line: "CASE.yaml --ledger DIR [options]" */
    const char *summary; /**< what it does, a few lines */
    const char *example; /**< commands that work as they stand, one a line */
    const struct sg_opt *opts;
    size_t n_opts;
    size_t args_min, args_max; /**< positional arguments */
};

/** What the caller should do after parsing. */
enum sg_opts_result {
    SG_OPTS_RUN,
    SG_OPTS_HELP, /**< the page was printed: exit 0 */
    SG_OPTS_BAD   /**< the sentence was printed: exit 2 */
};

/** Parse argv[1..]; argv[0] is the verb.
 *  Out: args, n_args   positional arguments, borrowed from argv.
 *  Every verb has --help without saying so. */
enum sg_opts_result sg_opts_parse(char ***args, size_t *n_args, const struct sg_usage *usage,
                                  int argc, char **argv);

/** The end of what a person named by a date: a bare day ends with its last second (UTC). Without a
 *  text it is INT64_MAX. In: option   for the sentence, "--as-of". Errors: SG_EUSAGE. */
SG_MUST_CHECK enum sg_status sg_opts_day(int64_t *end_unix_s, const char *option, const char *text,
                                         struct sg_err *err);

/** Print "sillage VERB: SENTENCE", with file position where the error has one, on stderr and give
 * the exit status: 2 for SG_EUSAGE, 1 for every other failure. */
int sg_app_fail(const char *verb, const struct sg_err *err);

#endif
