/*
 * The account that a mapping yields.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_ACCOUNT_H
#define LCMAPS_ACCOUNT_H

#include <stdlib.h>
#include <sys/types.h>
#include <pwd.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A mapped account. Filled and cleaned by `lcmaps_account_info_*`; the lists belong to the structure.
 */
typedef struct lcmaps_account_info_s {
    /** User id, `(uid_t)-1` when unset. */
    uid_t uid;
    /** Primary group ids, `npgid` elements, or NULL. */
    gid_t *pgid_list;
    /** Number of primary group ids. */
    int npgid;
    /** Secondary group ids, `nsgid` elements, or NULL. */
    gid_t *sgid_list;
    /** Number of secondary group ids. */
    int nsgid;
    /** Encoded lease name, or NULL. */
    char *poolindex;
} lcmaps_account_info_t;

/**
 * Prepares an account structure: uid -1, no group ids, no pool index.
 *
 * Returns:
 * 0, also for NULL.
 *
 * Requires:
 * - `plcmaps_account`: NULL or a structure to overwrite; what it held is not freed.
 */
typedef int lcmaps_account_info_init_t(lcmaps_account_info_t *plcmaps_account);
lcmaps_account_info_init_t lcmaps_account_info_init;

/**
 * Fills an account structure with copies of what the other arguments point to.
 *
 * Release the copies with `lcmaps_account_info_clean()`.
 *
 * Returns:
 * 0 on success; 1 if an argument in front of the structure is NULL; -1 if the structure is NULL, a
 * count is negative or has no list, or memory ran out. After a failure the structure is as
 * `lcmaps_account_info_init()` leaves it.
 *
 * Requires:
 * - `puid`: NULL or a user id.
 * - `ppgid_list`, `pnpgid`: NULL, or the list of primary group ids and its length; copied.
 * - `psgid_list`, `pnsgid`: the same for the secondary group ids; copied.
 * - `ppoolindex`: NULL, or a pointer to a string or to NULL; copied.
 * - `plcmaps_account`: NULL or a structure to overwrite; what it held is not freed.
 */
int lcmaps_account_info_fill(uid_t *puid,
                             gid_t **ppgid_list,
                             int *pnpgid,
                             gid_t **psgid_list,
                             int *pnsgid,
                             char **ppoolindex,
                             lcmaps_account_info_t *plcmaps_account);

/**
 * Frees the lists and the pool index of an account structure and leaves it empty.
 *
 * The structure itself is not freed. Cleaning twice is harmless.
 *
 * Returns:
 * 0, also for NULL.
 *
 * Requires:
 * - `plcmaps_account`: NULL, or a structure that `lcmaps_account_info_init()` or
 *   `lcmaps_account_info_fill()` prepared and whose pointers came from `malloc()`.
 */
typedef int lcmaps_account_info_clean_t(lcmaps_account_info_t *plcmaps_account);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_account_info_clean_t lcmaps_account_info_clean;
#endif

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_ACCOUNT_H */
