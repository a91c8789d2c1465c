/*
 * Logging for modules. Messages end with a newline; priorities are those of syslog.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_LOG_H
#define LCMAPS_LOG_H

#include <syslog.h>

#ifdef __GNUC__
#define LCMAPS_FORMAT_(text, values) __attribute__((format(printf, text, values)))
#define LCMAPS_DEPRECATED_ __attribute__((deprecated))
#else
#define LCMAPS_FORMAT_(text, values)
#define LCMAPS_DEPRECATED_
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Logs a message with a syslog priority.
 *
 * `fmt` and what follows are as for `printf()`; the message ends with a newline of its own.
 * It is cut at 2047 bytes, and bytes that cannot be printed become `?`.
 *
 * Returns:
 * 0 if the message was taken, 1 if it is filtered by the level that is set.
 */
int lcmaps_log(int prty, const char *fmt, ...)
    LCMAPS_FORMAT_(2, 3);

/**
 * Logs a message at debug level; `debug_lvl` is ignored.
 *
 * Returns:
 * As `lcmaps_log()`.
 */
int lcmaps_log_debug(int debug_lvl, const char *fmt, ...)
    LCMAPS_FORMAT_(2, 3);

/** The same as `lcmaps_log()`. */
int lcmaps_log_time(int prty, const char *fmt, ...)
    LCMAPS_FORMAT_(2, 3);

/**
 * Logs a message made of a format with one string.
 *
 * Only the first `%s` and `%%` are understood; every other conversion is written as it stands, so
 * that a format which comes from outside can do no harm.
 *
 * Returns:
 * 0 written, 1 filtered.
 *
 * Requires:
 * - `fmt`, `the_string`: NULL or NUL-terminated strings; borrowed for the call.
 */
int lcmaps_log_a_string(int prty, const char *fmt, const char *the_string)
    LCMAPS_DEPRECATED_ LCMAPS_FORMAT_(2, 0);

/**
 * The same as `lcmaps_log_a_string` at debug level; `debug_lvl` is ignored.
 *
 * Returns:
 * 0 written, 1 filtered.
 *
 * Requires:
 * As for `lcmaps_log_a_string`.
 */
int lcmaps_log_a_string_debug(int debug_lvl, const char *fmt, const char *the_string)
    LCMAPS_DEPRECATED_ LCMAPS_FORMAT_(2, 0);

#ifdef __cplusplus
}
#endif

#undef LCMAPS_FORMAT_
#undef LCMAPS_DEPRECATED_

#endif /* LCMAPS_LOG_H */
