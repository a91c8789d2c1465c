/*
 * Logging for modules. Messages end with a newline; priorities are those of syslog.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_LOG_H
#define LCAS_LOG_H

#include <syslog.h>

#ifdef __GNUC__
#define LCAS_FORMAT_(text, values) __attribute__((format(printf, text, values)))
#else
#define LCAS_FORMAT_(text, values)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Logs a message with a syslog priority.
 *
 * `fmt` and what follows are as for `printf()`; the message ends with a newline of its own.
 * It is cut at 2047 bytes.
 *
 * Returns:
 * 0 if the message was taken, 1 if it could not be written.
 */
int lcas_log(int prty, char *fmt, ...)
    LCAS_FORMAT_(2, 3);

/**
 * Logs a message with priority 1 if the debug level is `debug_lvl` or more.
 *
 * Returns:
 * 0 if the message was taken, 1 if the debug level is less or it could not be written.
 */
int lcas_log_debug(int debug_lvl, char *fmt, ...)
    LCAS_FORMAT_(2, 3);

/**
 * Logs a message with a syslog priority, and the time in front of it.
 *
 * Returns:
 * As `lcas_log()`.
 */
int lcas_log_time(int prty, char *fmt, ...)
    LCAS_FORMAT_(2, 3);

/**
 * Logs a message made of a format with one string.
 *
 * Only the first `%s` and `%%` are understood; every other conversion is written as it stands, so
 * that a format which comes from outside can do no harm.
 *
 * Returns:
 * 0 if the message was taken, 1 if not.
 *
 * Requires:
 * - `fmt`, `the_string`: NULL or NUL-terminated strings; borrowed for the call.
 */
int lcas_log_a_string(int prty, char *fmt, char *the_string)
    LCAS_FORMAT_(2, 0);

/**
 * The same as `lcas_log_a_string()` with priority 1, if the debug level is `debug_lvl` or more.
 *
 * Returns:
 * 0 if the message was taken, 1 if not.
 *
 * Requires:
 * As for `lcas_log_a_string()`.
 */
int lcas_log_a_string_debug(int debug_lvl, char *fmt, char *the_string)
    LCAS_FORMAT_(2, 0);

/**
 * How much is logged.
 *
 * Returns:
 * The number in `LCAS_DEBUG_LEVEL` when LCAS was started, 0 before.
 */
int lcas_get_debug_level(void);

#ifdef __cplusplus
}
#endif

#undef LCAS_FORMAT_

#endif /* LCAS_LOG_H */
