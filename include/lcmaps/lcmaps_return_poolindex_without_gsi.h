/*
 * Name and FQANs in, account out, in one call: liblcmaps_return_poolindex_without_gsi.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_RETURN_POOLINDEX_WITHOUT_GSI_H
#define LCMAPS_RETURN_POOLINDEX_WITHOUT_GSI_H

#include "lcmaps_account.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Maps a name with FQANs to a pool account: starts LCMAPS, runs the policies that `$LCMAPS_POLICY_NAME` lists,
 * separated by `:` (all if it is unset or empty), and ends LCMAPS.
 *
 * Returns:
 * 0 if a policy succeeded with exactly one user id, at least one primary group id and a lease; else 1.
 *
 * Requires:
 * - `user_dn`: NULL (refused) or a NUL-terminated string; borrowed.
 * - `fqan_list`: `nfqan` strings, or NULL for none; borrowed.
 * - `plcmaps_account`: NULL (refused) or a structure to overwrite on success; the caller releases its
 *   lists with `lcmaps_account_info_clean()`.
 */
int lcmaps_return_poolindex_without_gsi(char *user_dn,
                                        char **fqan_list,
                                        int nfqan,
                                        lcmaps_account_info_t *plcmaps_account);

/**
 * `lcmaps_return_poolindex_without_gsi` with a lease of its own for each map counter from 0.
 *
 * Returns:
 * As there.
 *
 * Requires:
 * As there.
 */
int lcmaps_return_poolindex_with_mapcounter(char *user_dn,
                                            char **fqan_list,
                                            int nfqan,
                                            int mapcounter,
                                            lcmaps_account_info_t *plcmaps_account);

/**
 * `lcmaps_return_poolindex_with_mapcounter` for accounts of every kind: a lease is not needed.
 *
 * Returns:
 * 0 if a policy succeeded with exactly one user id and at least one primary group id; else 1.
 *
 * Requires:
 * As there.
 */
int lcmaps_return_account_without_gsi(char *user_dn,
                                      char **fqan_list,
                                      int nfqan,
                                      int mapcounter,
                                      lcmaps_account_info_t *plcmaps_account);

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_RETURN_POOLINDEX_WITHOUT_GSI_H */
