/*
 * An entry of the list of modules. No function passes it.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_DB_READ_H
#define LCMAPS_DB_READ_H

#include "lcmaps_defines.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A module of the policy file and its arguments. */
typedef struct lcmaps_db_entry_s {
    /** Name of the module, closed by NUL. */
    char pluginname[501];
    /** Its arguments as one text, closed by NUL. */
    char pluginargs[2001];
    /** The next entry, or NULL. */
    struct lcmaps_db_entry_s *next;
} lcmaps_db_entry_t;

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_DB_READ_H */
