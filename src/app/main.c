/* The program: finds the verb and runs it. Exit status 0 done, 1 failure, 2 usage. */
#include "app/verbs.h"
#include "app/version.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static void print_help(FILE *out)
{
    size_t n;
    const struct sg_verb *verbs = sg_verbs(&n);
    fputs(
        "usage: sillage VERB [options]\n\nFollow stolen crypto from the theft to the cash-out.\n\n",
        out);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "  %-10s %s\n", verbs[i].name, verbs[i].summary);
    fputs("\nsillage VERB --help tells more, with an example.\n", out);
}

int main(int argc, char **argv)
{
    size_t n;
    const struct sg_verb *verbs = sg_verbs(&n);
    sg_mem_keep();
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("sillage " SG_VERSION);
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    fprintf(stderr, "sillage: no verb '%s'; sillage --help lists them\n", argv[1]);
    return 2;
}
