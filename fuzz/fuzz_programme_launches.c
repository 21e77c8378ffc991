/* Any bytes as a table of launches, in whichever of its three forms they look like. */
#include "formats/programme/programme.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sg_arena arena = SG_ARENA_INIT;
    struct sg_programme_notes notes = {0};
    struct sg_launches launches;
    struct sg_err err;
    if (size > 4096)
        return 0;
    const enum sg_status st =
        sg_launches_read(&launches, &notes, &arena, (const char *)data, size, &err);
    assert(st == SG_OK || st == SG_EPARSE || st == SG_ELIMIT);
    for (size_t i = 0; st == SG_OK && i < launches.count; i++) {
        const struct sg_launch *launch = &launches.items[i];
        char text[SG_PROGRAMME_DATE_MAX];
        assert(launch->date.month >= 1 && launch->date.month <= 12 && launch->date.day <= 31);
        assert(strlen(sg_programme_date_format(text, launch->date)) == (launch->date.day ? 10 : 7));
        assert(launch->type[0] != '\0' && launch->missile != NULL);
        assert(sg_programme_month(launch->date) / 12 == launch->date.year);
    }
    sg_arena_clear(&arena);
    return 0;
}
