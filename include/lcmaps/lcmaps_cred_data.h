/*
 * The results of modules.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_CRED_DATA_H
#define LCMAPS_CRED_DATA_H

#include <pwd.h>
#include <sys/types.h>
#include <stdio.h>
#include "lcmaps_vo_data.h"

/** Distinguished name; data is `char **`. */
#define DN 5

/** User id; data is `uid_t *`. */
#define UID 10

/** Primary group id; data is `gid_t *`. */
#define PRI_GID 20

/** Secondary group id; data is `gid_t *`. */
#define SEC_GID 30

/** VO attribute; data is `lcmaps_vo_data_t *`. */
#define LCMAPS_VO_CRED 90

/** VO attribute as text; data is `char **`. */
#define LCMAPS_VO_CRED_STRING 100

/** VO attribute with the group it was mapped to; data is `lcmaps_vo_mapping_t *`. */
#define LCMAPS_VO_CRED_MAPPING 110

/** Encoded lease name; data is `char **`. */
#define POOL_INDEX 200

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Everything modules can register, as one structure. Published for compatibility; no function passes it.
 */
typedef struct cred_data_s {
    /** Distinguished name. */
    char *dn;
    /** User ids. */
    uid_t *uid;
    /** Primary group ids. */
    gid_t *priGid;
    /** Secondary group ids. */
    gid_t *secGid;
    /** VO attributes. */
    lcmaps_vo_data_t *VoCred;
    /** VO attributes as text. */
    char **VoCredString;
    /** VO attributes with their groups. */
    lcmaps_vo_mapping_t *VoCredMapping;
    /** Number of user ids. */
    int cntUid;
    /** Number of primary group ids. */
    int cntPriGid;
    /** Number of secondary group ids. */
    int cntSecGid;
    /** Number of VO attributes. */
    int cntVoCred;
    /** Number of VO attribute texts. */
    int cntVoCredString;
    /** Number of VO mappings. */
    int cntVoCredMapping;
    /** Encoded lease name. */
    char *pool_index;
} cred_data_t;

/**
 * Registers credential data of the run that the caller belongs to; without a run, of the process.
 *
 * Returns:
 * 0 (also for a NULL `data`, which adds nothing), -1 for an unknown type.
 *
 * Requires:
 * - `data`: NULL or what `datatype` says (`char **`, `uid_t *`, `gid_t *`, `lcmaps_vo_data_t *`,
 *   `lcmaps_vo_mapping_t *`); copied.
 */
int addCredentialData(int datatype, void *data);

/**
 * Reads registered credential data.
 *
 * Returns:
 * For DN and POOL_INDEX the address of the string pointer (never NULL; the string itself may be), for
 * the other types the first element or NULL. NULL for an unknown type, with `*count` untouched. The
 * data belongs to the library and is valid until the next addition of that type, run or term.
 *
 * Requires:
 * - `count`: NULL or writable; receives the number of elements.
 */
void *getCredentialData(int datatype,
                        int *count);

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_CRED_DATA_H */
