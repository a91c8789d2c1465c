/*
 * Mapping by GSS credential.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_GLOBUS_H
#define LCMAPS_GLOBUS_H

#include <stdio.h>
#include <gssapi.h>
#include "_lcmaps.h"
#include "lcmaps_types.h"
#include "lcmaps_openssl.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Runs all policies for a GSS credential. What modules register can be read with `getCredentialData`.
 *
 * Returns:
 * 0 if a policy succeeded, else 1.
 *
 * Requires:
 * - `user_dn_tmp`: ignored; the name is that of the chain's end entity.
 * - `user_cred`: NULL (refused) or a `gss_cred_id_t` of Globus; borrowed.
 * - `request`: passed on to modules; borrowed.
 */
typedef int lcmaps_run_t(char *user_dn_tmp,
                         gss_cred_id_t user_cred,
                         lcmaps_request_t request);

/**
 * Maps a GSS credential to a user name.
 *
 * Returns:
 * 0 if a policy succeeded and the first user id found has an account; else 1.
 *
 * Requires:
 * - `user_dn_tmp`, `user_cred`, `request`: as for `lcmaps_run`.
 * - `usernamep`: NULL (refused) or writable. Going in, `*usernamep` is NULL or the user name that is asked
 *   for (borrowed); coming out, NULL or a name that the caller frees with `free()`.
 * - `policynames`: `npols` strings, or NULL with 0; borrowed.
 */
typedef int lcmaps_run_and_return_username_t(char *user_dn_tmp,
                                             gss_cred_id_t user_cred,
                                             lcmaps_request_t request,
                                             char **usernamep,
                                             int npols,
                                             char **policynames);

/**
 * Maps a GSS credential to a lease name.
 *
 * Returns:
 * 0 if a policy succeeded and a lease was registered; else 1.
 *
 * Requires:
 * - `user_dn_tmp`, `user_cred`, `request`: as for `lcmaps_run`.
 * - `poolindexp`: NULL (refused) or writable; on success a string that the caller frees with `free()`.
 * - `policynames`: `npols` strings, or NULL with 0; borrowed.
 */
typedef int lcmaps_run_and_return_poolindex_t(char *user_dn_tmp,
                                              gss_cred_id_t user_cred,
                                              lcmaps_request_t request,
                                              char **poolindexp,
                                              int npols,
                                              char **policynames);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_run_t lcmaps_run;
lcmaps_run_and_return_username_t lcmaps_run_and_return_username;
lcmaps_run_and_return_poolindex_t lcmaps_run_and_return_poolindex;
#endif

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_GLOBUS_H */
