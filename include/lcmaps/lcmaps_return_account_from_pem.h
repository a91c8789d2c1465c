/*
 * PEM text in, account out, in one call: liblcmaps_return_account_from_pem.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_RETURN_ACCOUNT_FROM_PEM_H
#define LCMAPS_RETURN_ACCOUNT_FROM_PEM_H

#include "lcmaps_account.h"
#include "lcmaps_basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Maps the end entity of a PEM chain (leaf first) to an account: starts LCMAPS, runs the policies that
 * `$LCMAPS_POLICY_NAME` lists, separated by `:` (all if it is unset or empty), and ends LCMAPS.
 *
 * Returns:
 * 0 if a policy succeeded with exactly one user id and at least one primary group id; else 1.
 *
 * Requires:
 * - `pem_string`: NULL (refused) or a NUL-terminated string; borrowed.
 * - `mapcounter`: a lease of its own for each number from 0; -1 for the plain one.
 * - `plcmaps_account`: NULL (refused) or a structure to overwrite on success; the caller releases its
 *   lists with `lcmaps_account_info_clean()`.
 */
typedef int lcmaps_return_account_from_pem_t(char *pem_string,
                                             int mapcounter,
                                             lcmaps_account_info_t *plcmaps_account);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_return_account_from_pem_t lcmaps_return_account_from_pem;
#endif

#ifdef __cplusplus
}
#endif

#include "_lcmaps_return_account_from_pem.h"

/** The companion, loaded by the program. */
typedef _lcmaps_handle_return_account_from_pem_t LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM;

/** Declares a handle and initialises it. */
#define LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) _LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(l)
/** Initialises the handle that `l` points to; always true. */
#define LCMAPS_INIT_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) _LCMAPS_INIT_HANDLE_RETURN_ACCOUNT_FROM_PEM(l)
/** Loads the companion; false if it cannot, and LCMAPS_ERRMSG says why. */
#define LCMAPS_LOAD_RETURN_ACCOUNT_FROM_PEM(l) _LCMAPS_LOAD_RETURN_ACCOUNT_FROM_PEM(l)
/** Closes the companion; the handle has to be initialised before it is used again. */
#define LCMAPS_CLOSE_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) LCMAPS_CLOSE_HANDLE(l)

#endif /* LCMAPS_RETURN_ACCOUNT_FROM_PEM_H */
