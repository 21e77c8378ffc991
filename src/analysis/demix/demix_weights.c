#include "analysis/demix/demix.h"
const struct sg_demix_model *sg_demix_model(void)
{
    static const struct sg_demix_model m;
    return &m;
}
