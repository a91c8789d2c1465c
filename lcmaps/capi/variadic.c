/*
 * The printf-like log functions. Rust 1.95 cannot define C-variadic functions (c_variadic is
 * unstable); when it can, this file and the trampolines in lcmaps_log.rs go.
 *
 * The functions are hidden: lcmaps_log.rs exports the public names, which jump here.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Longest message plus the byte that shows that a message was longer, plus NUL. */
#define LCMAPS_SHIM_BUFFER (2047 + 2)

/* In lcmaps_log.rs. */
#pragma GCC visibility push(hidden)
extern int lcmaps_shim_enabled(int priority);
extern int lcmaps_shim_write(int priority, const char *text, size_t length);
extern int lcmaps_shim_log(int priority, const char *format, ...);
extern int lcmaps_shim_log_debug(int level, const char *format, ...);
#pragma GCC visibility pop

static int write_formatted(int priority, const char *format, va_list arguments)
{
    char buffer[LCMAPS_SHIM_BUFFER];
    int length;

    if (!lcmaps_shim_enabled(priority))
        return 1;
    if (format == NULL)
        return lcmaps_shim_write(priority, "(no message)\n", strlen("(no message)\n"));
    length = vsnprintf(buffer, sizeof buffer, format, arguments);
    if (length < 0)
        return lcmaps_shim_write(priority, "(unprintable message)\n", strlen("(unprintable message)\n"));
    if ((size_t)length >= sizeof buffer)
        length = (int)sizeof buffer - 1;
    return lcmaps_shim_write(priority, buffer, (size_t)length);
}

int lcmaps_shim_log(int priority, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = write_formatted(priority, format, arguments);
    va_end(arguments);
    return result;
}

/* The level is ignored, as in the original: everything is LOG_DEBUG (7). */
int lcmaps_shim_log_debug(int level, const char *format, ...)
{
    va_list arguments;
    int result;

    (void)level;
    va_start(arguments, format);
    result = write_formatted(7, format, arguments);
    va_end(arguments);
    return result;
}
