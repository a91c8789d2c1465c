/*
 * Whether PEM text maps to an account, in one call: liblcmaps_verify_account_from_pem.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_VERIFY_ACCOUNT_FROM_PEM_H
#define LCMAPS_VERIFY_ACCOUNT_FROM_PEM_H

#include "lcmaps_account.h"
#include "lcmaps_basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Confirms that the end entity of a PEM chain (leaf first) has the given account: starts LCMAPS, runs the
 * policies that `$LCMAPS_POLICY_NAME` lists, separated by `:` (all if it is unset or empty), in verification
 * mode, and ends LCMAPS.
 *
 * Returns:
 * 0 if a policy succeeded with exactly one user id, at least one primary group id, and what
 * `$LCMAPS_VERIFY_TYPE` asks for equals what was given; else 1.
 *
 * Requires:
 * - `pem_string`: NULL (refused) or a NUL-terminated string; borrowed.
 * - `lcmaps_account`: the account; its lists have as many ids as it says, or are NULL with 0; borrowed.
 */
typedef int lcmaps_verify_account_from_pem_t(char *pem_string,
                                             lcmaps_account_info_t lcmaps_account);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_verify_account_from_pem_t lcmaps_verify_account_from_pem;
#endif

#ifdef __cplusplus
}
#endif

#include "_lcmaps_verify_account_from_pem.h"

/** The companion, loaded by the program. */
typedef _lcmaps_handle_verify_account_from_pem_t LCMAPS_HANDLE_VERIFY_RETURN_ACCOUNT_FROM_PEM;

/** Declares a handle and initialises it. */
#define LCMAPS_DECL_HANDLE_VERIFY_ACCOUNT_FROM_PEM(l) _LCMAPS_DECL_HANDLE_VERIFY_ACCOUNT_FROM_PEM(l)
/** Initialises the handle that `l` points to; always true. */
#define LCMAPS_INIT_HANDLE_VERIFY_ACCOUNT_FROM_PEM(l) _LCMAPS_INIT_HANDLE_VERIFY_ACCOUNT_FROM_PEM(l)
/** Loads the companion; false if it cannot, and LCMAPS_ERRMSG says why. */
#define LCMAPS_LOAD_VERIFY_ACCOUNT_FROM_PEM(l) _LCMAPS_LOAD_VERIFY_ACCOUNT_FROM_PEM(l)
/** Closes the companion; the handle has to be initialised before it is used again. */
#define LCMAPS_CLOSE_HANDLE_VERIFY_ACCOUNT_FROM_PEM(l) LCMAPS_CLOSE_HANDLE(l)

#endif /* LCMAPS_VERIFY_ACCOUNT_FROM_PEM_H */
