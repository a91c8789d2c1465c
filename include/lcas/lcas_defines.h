/*
 * Results of modules.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_DEFINES_H
#define LCAS_DEFINES_H

/** A module succeeded, or grants. */
#define LCAS_MOD_SUCCESS ((int)0)

/** A module failed, or refuses. The framework treats every value but 0 alike. */
#define LCAS_MOD_FAIL ((int)1)

/** A module misses a file. */
#define LCAS_MOD_NOFILE ((int)2)

/** A module found an entry. */
#define LCAS_MOD_ENTRY ((int)3)

/** A module found no entry. */
#define LCAS_MOD_NOENTRY ((int)4)

#endif /* LCAS_DEFINES_H */
