/*
 * VO attributes, and the groups they map to.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_VO_DATA_H
#define LCMAPS_VO_DATA_H

#include <grp.h>
#include <sys/types.h>

/** The group id that stands for "none". */
#define LCMAPS_NO_GID ((gid_t)4294967295)

#ifdef __cplusplus
extern "C" {
#endif

/** A VO attribute in parts. Made by `lcmaps_createVoData`, freed by `lcmaps_deleteVoData`. */
typedef struct lcmaps_vo_data_s {
    /** VO. */
    char *vo;
    /** Group. */
    char *group;
    /** Subgroup. */
    char *subgroup;
    /** Role. */
    char *role;
    /** Capability. */
    char *capability;
} lcmaps_vo_data_t;

/** A VO attribute and the group it maps to. Made by `lcmaps_createVoMapping`. */
typedef struct lcmaps_vo_mapping_s {
    /** The VO attribute as text. */
    char *vostring;
    /** Name of the group. */
    char *groupname;
    /** Group id or `LCMAPS_NO_GID`. */
    gid_t gid;
} lcmaps_vo_mapping_t;

/**
 * Makes a VO attribute from its parts.
 *
 * Returns:
 * A new structure with copies; free it with `lcmaps_deleteVoData()`. NULL if memory ran out.
 *
 * Requires:
 * - `vo`, `group`, `subgroup`, `role`, `capability`: NULL or a string; copied.
 */
lcmaps_vo_data_t *lcmaps_createVoData(const char *vo,
                                      const char *group,
                                      const char *subgroup,
                                      const char *role,
                                      const char *capability);

/**
 * Frees a VO attribute and sets the caller's pointer NULL.
 *
 * Returns:
 * 0, also if there is nothing to free; -1 if `vo_data` is NULL.
 *
 * Requires:
 * - `vo_data`: NULL, or a pointer to NULL or to a structure from `lcmaps_createVoData()`.
 */
int lcmaps_deleteVoData(lcmaps_vo_data_t **vo_data);

/**
 * Frees the parts of a VO attribute and sets them NULL. The structure itself is not freed.
 *
 * Returns:
 * 0, or -1 if `vo_data` is NULL.
 *
 * Requires:
 * - `vo_data`: NULL, or a structure whose parts are NULL or came from `malloc()`.
 */
int lcmaps_cleanVoData(lcmaps_vo_data_t *vo_data);

/**
 * Copies a VO attribute with all its parts into a structure of the caller.
 *
 * Returns:
 * 0, or -1 if an argument is NULL or memory ran out; the target is not touched then.
 *
 * Requires:
 * - `dst_vo_data`: NULL or a structure to overwrite; what it held is not freed. Release the copies
 *   with `lcmaps_cleanVoData()`.
 * - `src_vo_data`: NULL or a structure; only read.
 */
int lcmaps_copyVoData(lcmaps_vo_data_t *dst_vo_data,
                      const lcmaps_vo_data_t *src_vo_data);

/**
 * Logs a VO attribute, one line for each part.
 *
 * Returns:
 * 0.
 *
 * Requires:
 * - `vo_data`: NULL (nothing is logged) or a structure; only read.
 */
int lcmaps_printVoData(int debug_level, const lcmaps_vo_data_t *vo_data);

/**
 * Writes a VO attribute as text: `/VO=v/GROUP=g[/ROLE=r][/CAPABILITY=c]`.
 *
 * Blanks and tabs in front of a part are skipped. A part that is empty or begins with `NULL`
 * counts as missing. The subgroup is never written.
 *
 * Returns:
 * 0, or -1 if VO or group is missing, the buffer is too small, or a pointer is NULL; the buffer
 * then holds an empty string, if it has room for one.
 *
 * Requires:
 * - `vo_data`: NULL or a structure; only read.
 * - `buffer`: NULL or space for `nchars` bytes, the closing NUL included.
 */
int lcmaps_stringVoData(const lcmaps_vo_data_t *vo_data, char *buffer, int nchars);

/**
 * Makes a VO mapping: a VO attribute as text, and the group it maps to.
 *
 * Without a text the name of the group is not kept either. Group id 0 is not stored:
 * `LCMAPS_NO_GID` takes its place.
 *
 * Returns:
 * A new structure with copies; free it with `lcmaps_deleteVoMapping()`. NULL if memory ran out.
 *
 * Requires:
 * - `vo_data_string`, `groupname`: NULL or a string; copied.
 */
lcmaps_vo_mapping_t *lcmaps_createVoMapping(const char *vo_data_string,
                                            const char *groupname,
                                            gid_t gid);

/**
 * Frees a VO mapping and sets the caller's pointer NULL.
 *
 * Returns:
 * 0, also if there is nothing to free; -1 if `vo_mapping` is NULL.
 *
 * Requires:
 * - `vo_mapping`: NULL, or a pointer to NULL or to a structure from `lcmaps_createVoMapping()`.
 */
int lcmaps_deleteVoMapping(lcmaps_vo_mapping_t **vo_mapping);

/**
 * Frees the strings of a VO mapping and sets them NULL. The group id stays, and the structure itself is
 * not freed.
 *
 * Returns:
 * 0, or -1 if `vo_mapping` is NULL.
 *
 * Requires:
 * - `vo_mapping`: NULL, or a structure whose strings are NULL or came from `malloc()`.
 */
int lcmaps_cleanVoMapping(lcmaps_vo_mapping_t *vo_mapping);

/**
 * Copies a VO mapping with its strings into a structure of the caller.
 *
 * Returns:
 * 0, or -1 if an argument is NULL or memory ran out; the target is not touched then.
 *
 * Requires:
 * - `dst_vo_mapping`: NULL or a structure to overwrite; what it held is not freed. Release the
 *   copies with `lcmaps_cleanVoMapping()`.
 * - `src_vo_mapping`: NULL or a structure; only read.
 */
int lcmaps_copyVoMapping(lcmaps_vo_mapping_t *dst_vo_mapping,
                         const lcmaps_vo_mapping_t *src_vo_mapping);

/**
 * Logs a VO mapping.
 *
 * Returns:
 * 0.
 *
 * Requires:
 * - `vo_mapping`: NULL (nothing is logged) or a structure; only read.
 */
int lcmaps_printVoMapping(int debug_level, const lcmaps_vo_mapping_t *vo_mapping);

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_VO_DATA_H */
