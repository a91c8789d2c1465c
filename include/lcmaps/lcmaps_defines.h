/*
 * Results of modules, and limits.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_DEFINES_H
#define LCMAPS_DEFINES_H

#include <stddef.h>

/** A module succeeded. */
#define LCMAPS_MOD_SUCCESS 0

/** A module failed. The framework treats every value but 0 alike. */
#define LCMAPS_MOD_FAIL 1

/** A module misses a file. */
#define LCMAPS_MOD_NOFILE 2

/** A module found an entry. */
#define LCMAPS_MOD_ENTRY 3

/** A module found no entry. */
#define LCMAPS_MOD_NOENTRY 4

/** Longest path of a module, in bytes. */
#define LCMAPS_MAXPATHLEN ((size_t)500)

/** Longest argument string of a module, in bytes. */
#define LCMAPS_MAXARGSTRING ((size_t)2000)

/** Size of a module's argument vector, with argv[0] and the closing NULL. */
#define LCMAPS_MAXARGS 51

#endif /* LCMAPS_DEFINES_H */
