/*
 * The functions with a variable number of arguments. Rust 1.95 cannot define C-variadic functions
 * (c_variadic is unstable); when it can, this file and variadic.rs go.
 *
 * The functions are hidden: variadic.rs exports the public names, which jump here.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Longest message plus the byte that shows that a message was longer, plus NUL. */
#define LCAS_SHIM_BUFFER (2047 + 2)

/* As LCAS_ARG_... of lcas_run.h. */
enum { ARG_PEM = 0, ARG_GSS = 1, ARG_GSS_DN = 2 };

#pragma GCC visibility push(hidden)
/* In variadic.rs. */
extern int lcas_shim_write(int priority, int with_time, const char *text, size_t length);
extern int lcas_shim_level(void);
extern int lcas_shim_exists(const char *path);
extern int lcas_shim_run(int kind, void *credential, char *request);
/* Here. */
extern int lcas_shim_log(int priority, const char *format, ...);
extern int lcas_shim_log_debug(int level, const char *format, ...);
extern int lcas_shim_log_time(int priority, const char *format, ...);
extern char *lcas_shim_getfexist(int count, ...);
extern int lcas_shim_run_va(int kind, ...);
#pragma GCC visibility pop

static int write_formatted(int priority, int with_time, const char *format, va_list arguments)
{
    char buffer[LCAS_SHIM_BUFFER];
    int length;

    if (format == NULL)
        return lcas_shim_write(priority, with_time, "(no message)\n", strlen("(no message)\n"));
    length = vsnprintf(buffer, sizeof buffer, format, arguments);
    if (length < 0)
        return lcas_shim_write(priority, with_time, "(unprintable message)\n", strlen("(unprintable message)\n"));
    if ((size_t)length >= sizeof buffer)
        length = (int)sizeof buffer - 1;
    return lcas_shim_write(priority, with_time, buffer, (size_t)length);
}

int lcas_shim_log(int priority, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = write_formatted(priority, 0, format, arguments);
    va_end(arguments);
    return result;
}

int lcas_shim_log_debug(int level, const char *format, ...)
{
    va_list arguments;
    int result;

    if (level > lcas_shim_level())
        return 1;
    va_start(arguments, format);
    result = write_formatted(1, 0, format, arguments);
    va_end(arguments);
    return result;
}

int lcas_shim_log_time(int priority, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = write_formatted(priority, 1, format, arguments);
    va_end(arguments);
    return result;
}

char *lcas_shim_getfexist(int count, ...)
{
    va_list arguments;
    char *found = NULL;

    va_start(arguments, count);
    for (; count > 0 && found == NULL; count--) {
        char *path = va_arg(arguments, char *);
        if (lcas_shim_exists(path))
            found = path;
    }
    va_end(arguments);
    return found;
}

int lcas_shim_run_va(int kind, ...)
{
    va_list arguments;
    void *credential = NULL;
    char *request = NULL;

    va_start(arguments, kind);
    if (kind == ARG_GSS_DN)
        (void)va_arg(arguments, char *); /* A DN: the credential says who it is. */
    if (kind == ARG_PEM || kind == ARG_GSS || kind == ARG_GSS_DN) {
        credential = va_arg(arguments, void *);
        request = va_arg(arguments, char *);
    }
    va_end(arguments);
    return lcas_shim_run(kind, credential, request);
}
