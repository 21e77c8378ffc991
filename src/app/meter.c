#include "app/meter.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DRAW_EVERY_MS 100

static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

/* SA_RESETHAND: the second signal finds the default action, and ends the program. */
static void catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    action.sa_flags = (int)SA_RESETHAND;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sg_bar_text(char *text, size_t size, const struct sg_bar *bar, uint64_t done, uint64_t total,
                 int64_t elapsed_ms)
{
    const uint64_t unit = bar->in_bytes ? 1000000 : 1;
    const char *name = bar->in_bytes ? "MB" : "rows";
    const uint64_t tenths = elapsed_ms > 0 ? done * 10 / unit * 1000 / (uint64_t)elapsed_ms : 0;
    int n = snprintf(text, size, "%s %" PRIu64, bar->what, done / unit);
    if (total && n > 0 && (size_t)n < size)
        n += snprintf(text + n, size - (size_t)n, " of %" PRIu64, total / unit);
    if (n > 0 && (size_t)n < size)
        n += snprintf(text + n, size - (size_t)n, " %s", name);
    if (total && n > 0 && (size_t)n < size)
        n += snprintf(text + n, size - (size_t)n, ", %" PRIu64 " %%",
                      done < total ? done / (total / 100 + 1) : 100);
    if (n > 0 && (size_t)n < size)
        n += snprintf(text + n, size - (size_t)n, ", %" PRIu64 ".%" PRIu64 " %s/s", tenths / 10,
                      tenths % 10, name);
    if (total > done && done && n > 0 && (size_t)n < size)
        snprintf(text + n, size - (size_t)n, ", %" PRIu64 " s left",
                 (total - done) / unit * (uint64_t)elapsed_ms / 1000 / (done / unit + 1));
}

static bool step(void *ctx, uint64_t done, uint64_t total)
{
    struct sg_bar *bar = ctx;
    char text[128];
    if (stop_asked)
        return false;
    if (!bar->shown)
        return true;
    const int64_t now = now_ms();
    if (now - bar->last_ms < DRAW_EVERY_MS)
        return true;
    bar->last_ms = now;
    bar->drawn = true;
    sg_bar_text(text, sizeof(text), bar, done, total, now - bar->begin_ms);
    fprintf(stderr, "\r\033[K%s", text);
    fflush(stderr);
    return true;
}

void sg_bar_begin(struct sg_bar *bar, const char *what, bool in_bytes)
{
    catch_signals();
    *bar = (struct sg_bar){.progress = {step, bar},
                           .what = what,
                           .in_bytes = in_bytes,
                           .shown = isatty(STDERR_FILENO)};
    bar->begin_ms = bar->last_ms = now_ms();
}

void sg_bar_end(struct sg_bar *bar)
{
    if (bar->drawn)
        fputs("\r\033[K", stderr);
    bar->drawn = false;
}
