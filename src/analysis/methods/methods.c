#include "analysis/methods/methods.h"

#include <string.h>

static const struct sg_method methods[] = {
    {"backward", 2}, {"decoys", 1}, {"exposure", 1},  {"fifo", 1},
    {"haircut", 1},  {"libr", 1},   {"lifo", 1},      {"outputs", 1},
    {"path", 1},     {"poison", 1}, {"programme", 1}, {"programme-association", 1},
    {"taint", 1},    {"tiho", 1},
};

const struct sg_method *sg_methods(size_t *n_methods)
{
    *n_methods = sizeof(methods) / sizeof(methods[0]);
    return methods;
}

unsigned sg_method_version(const char *name)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].version;
    return 0;
}
