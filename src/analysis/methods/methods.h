/** The methods that results rest on, with their versions, for manifests. A version goes up when a
 *  change of rule can change a figure; docs/methods/<name>.md tells what changed.
 */
#ifndef SG_ANALYSIS_METHODS_H
#define SG_ANALYSIS_METHODS_H

#include <stddef.h>

struct sg_method {
    const char *name; /**< of the page in docs/methods/ */
    unsigned version;
};

/** The table, by name. Static storage. */
const struct sg_method *sg_methods(size_t *n_methods);

/** Version of a method by name; 0 if there is none. */
unsigned sg_method_version(const char *name);

#endif
