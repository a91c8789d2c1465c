/*
 * The version of the interface. A program may define other numbers beforehand.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef _LCMAPS_VERSION_H
#define _LCMAPS_VERSION_H

/** First number of the version of the interface. */
#ifndef LCMAPS_API_MAJOR_VERSION
#define LCMAPS_API_MAJOR_VERSION 1
#endif

/** Second number of the version of the interface. */
#ifndef LCMAPS_API_MINOR_VERSION
#define LCMAPS_API_MINOR_VERSION 6
#endif

/** Third number of the version of the interface. */
#ifndef LCMAPS_API_PATCH_VERSION
#define LCMAPS_API_PATCH_VERSION 6
#endif

#endif /* _LCMAPS_VERSION_H */
