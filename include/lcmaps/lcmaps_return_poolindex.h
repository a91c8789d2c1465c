/*
 * GSS context or credential in, lease name out, in one call: liblcmaps_return_poolindex.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_RETURN_POOLINDEX_H
#define LCMAPS_RETURN_POOLINDEX_H

#include "lcmaps_account.h"
#include "lcmaps_globus.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Maps the peer of a GSS context to a pool account and gives its lease name: starts LCMAPS, runs the policies that
 * `$LCMAPS_POLICY_NAME` lists, separated by `:` (all if it is unset or empty), and ends LCMAPS.
 *
 * Returns:
 * 0 if a policy succeeded with exactly one user id, at least one primary group id, and a lease whose name
 * fits; else 1.
 *
 * Requires:
 * - `context_handle`: NULL (refused) or an established `gss_ctx_id_t` of Globus; borrowed.
 * - `poolindex_buffer`: NULL (refused) or room for `buffer_length` bytes, the closing NUL included; written
 *   on success only.
 */
typedef int lcmaps_return_poolindex_t(gss_ctx_id_t context_handle,
                                      char *poolindex_buffer,
                                      unsigned int buffer_length);

/**
 * `lcmaps_return_poolindex` for a GSS credential.
 *
 * Returns:
 * 0 if a policy succeeded and a lease was registered whose name fits; else 1.
 *
 * Requires:
 * - `credential_handle`: NULL (refused) or a `gss_cred_id_t` of Globus; borrowed.
 * - `poolindex_buffer`: as for `lcmaps_return_poolindex`.
 */
typedef int lcmaps_return_poolindex_from_gss_cred_t(gss_cred_id_t credential_handle,
                                                    char *poolindex_buffer,
                                                    unsigned int buffer_length);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_return_poolindex_t lcmaps_return_poolindex;
lcmaps_return_poolindex_from_gss_cred_t lcmaps_return_poolindex_from_gss_cred;
#endif

#ifdef __cplusplus
}
#endif

#include "_lcmaps_return_poolindex.h"

/** The companion, loaded by the program. */
typedef _lcmaps_handle_return_poolindex_t LCMAPS_HANDLE_RETURN_POOLINDEX;

/** Declares a handle and initialises it. */
#define LCMAPS_DECL_HANDLE_RETURN_POOLINDEX(l) _LCMAPS_DECL_HANDLE_RETURN_POOLINDEX(l)
/** Initialises the handle that `l` points to; always true. */
#define LCMAPS_INIT_HANDLE_RETURN_POOLINDEX(l) _LCMAPS_INIT_HANDLE_RETURN_POOLINDEX(l)
/** Loads the companion; false if it cannot, and LCMAPS_ERRMSG says why. */
#define LCMAPS_LOAD_RETURN_POOLINDEX(l) _LCMAPS_LOAD_RETURN_POOLINDEX(l)
/** Closes the companion; the handle has to be initialised before it is used again. */
#define LCMAPS_CLOSE_HANDLE_RETURN_POOLINDEX(l) LCMAPS_CLOSE_HANDLE(l)

#endif /* LCMAPS_RETURN_POOLINDEX_H */
