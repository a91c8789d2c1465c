/*
 * What happened in a run. LCMAPS 1.6.6 does not have this header.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_REPORT_H
#define LCMAPS_REPORT_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Tells what happened in the calling thread's last run as a JSON object (man page lcmaps(3)).
 *
 * Returns:
 * 0, or 1 if this thread has not run anything since the last term, or memory runs out.
 *
 * Requires:
 * - `json`: writable; receives a string that the caller frees with `free()`. Untouched on failure.
 */
typedef int lcmaps_get_run_report_t(char **json);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_get_run_report_t lcmaps_get_run_report;
#endif

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_REPORT_H */
