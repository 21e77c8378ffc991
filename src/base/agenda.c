#include "base/agenda.h"

#include "base/vec.h"

#include <string.h>

static uint8_t *at(const struct sg_agenda *agenda, size_t i)
{
    return (uint8_t *)agenda->items + i * agenda->width;
}

static struct sg_due due_of(const uint8_t *item)
{
    struct sg_due due;
    memcpy(&due, item, sizeof(due));
    return due;
}

static bool before(const uint8_t *a, const uint8_t *b)
{
    const struct sg_due x = due_of(a), y = due_of(b);
    return x.time_unix_s != y.time_unix_s ? x.time_unix_s < y.time_unix_s : x.order < y.order;
}

bool sg_agenda_add(struct sg_agenda *agenda, const void *item)
{
    if (!sg_vec_reserve(&agenda->items, &agenda->capacity, agenda->n, 2, agenda->width))
        return false;
    /* The slot behind the last holds the new thing until its place is found. */
    uint8_t *own = at(agenda, agenda->n + 1);
    struct sg_due due = due_of(item);
    due.order = agenda->order++;
    memcpy(own, item, agenda->width);
    memcpy(own, &due, sizeof(due));
    size_t i = agenda->n++;
    for (; i > 0 && before(own, at(agenda, (i - 1) / 2)); i = (i - 1) / 2)
        memcpy(at(agenda, i), at(agenda, (i - 1) / 2), agenda->width);
    memcpy(at(agenda, i), own, agenda->width);
    return true;
}

bool sg_agenda_take(void *item, struct sg_agenda *agenda, int64_t now_unix_s)
{
    if (!agenda->n || due_of(at(agenda, 0)).time_unix_s > now_unix_s)
        return false;
    memcpy(item, at(agenda, 0), agenda->width);
    const uint8_t *last = at(agenda, --agenda->n);
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < agenda->n && before(at(agenda, child + 1), at(agenda, child)))
            child++;
        if (child >= agenda->n || !before(at(agenda, child), last))
            break;
        memcpy(at(agenda, i), at(agenda, child), agenda->width);
        i = child;
    }
    if (i != agenda->n)
        memcpy(at(agenda, i), last, agenda->width);
    return true;
}
