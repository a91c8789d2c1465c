/*
 * globus_gss_assist_gridmap by way of LCMAPS: liblcmaps_gss_assist_gridmap.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_GSS_ASSIST_GRIDMAP_H
#define LCMAPS_GSS_ASSIST_GRIDMAP_H

#include "lcmaps_basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Maps a name to a user name by all policies, and says so on standard error, where LCMAPS logs to.
 *
 * Returns:
 * 0 if a policy succeeded and the first user id found has an account; else 1.
 *
 * Requires:
 * - `globusidp`: NULL (refused) or a NUL-terminated string; borrowed.
 * - `useridp`: NULL (refused) or writable; NULL after a failure, on success a name that the caller frees
 *   with `free()`.
 */
typedef int globus_gss_assist_gridmap_t(char *globusidp,
                                        char **useridp);

#ifndef LCMAPS_USE_DLOPEN
globus_gss_assist_gridmap_t globus_gss_assist_gridmap;
#endif

#ifdef __cplusplus
}
#endif

#include "_lcmaps_gss_assist_gridmap.h"

/** The companion, loaded by the program. */
typedef _lcmaps_handle_gss_assist_gridmap_t LCMAPS_HANDLE_GSS_ASSIST_GRIDMAP;

/** Declares a handle and initialises it. */
#define LCMAPS_DECL_HANDLE_GSS_ASSIST_GRIDMAP(l) _LCMAPS_DECL_HANDLE_GSS_ASSIST_GRIDMAP(l)
/** Initialises the handle that `l` points to; always true. */
#define LCMAPS_INIT_HANDLE_GSS_ASSIST_GRIDMAP(l) _LCMAPS_INIT_HANDLE_GSS_ASSIST_GRIDMAP(l)
/** Loads the companion; false if it cannot, and LCMAPS_ERRMSG says why. */
#define LCMAPS_LOAD_GSS_ASSIST_GRIDMAP(l) _LCMAPS_LOAD_GSS_ASSIST_GRIDMAP(l)
/** Closes the companion; the handle has to be initialised before it is used again. */
#define LCMAPS_CLOSE_HANDLE_GSS_ASSIST_GRIDMAP(l) LCMAPS_CLOSE_HANDLE(l)

#endif /* LCMAPS_GSS_ASSIST_GRIDMAP_H */
