/*
 * Macros for programs that can be built both with and without a link to the library.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_IF_H
#define LCMAPS_IF_H

#include "_lcmaps.h"

/** What went wrong with the last of the other macros. */
#define LCMAPS_ERRMSG(handle) _LCMAPS_ERRMSG(handle)

/** Looks up a function that older versions do not have; true if it is there. */
#define LCMAPS_REQUIRE_FUNC(handle, function) _LCMAPS_REQUIRE_FUNC(handle, function)

/** First number of the version of the library, 0 if unknown. */
#define LCMAPS_MAJOR_VERSION(handle) _LCMAPS_MAJOR_VERSION(handle)
/** Second number of the version of the library, 0 if unknown. */
#define LCMAPS_MINOR_VERSION(handle) _LCMAPS_MINOR_VERSION(handle)
/** Third number of the version of the library, 0 if unknown. */
#define LCMAPS_PATCH_VERSION(handle) _LCMAPS_PATCH_VERSION(handle)

/** Names the library to load. The name is not copied. */
#define LCMAPS_SET_LIBFILE_PATH(handle, path) _LCMAPS_SET_LIBFILE_PATH(handle, path)
/** Names a library to load beside very old versions. The name is not copied. */
#define LCMAPS_SET_HELPER_PATH(handle, path) _LCMAPS_SET_HELPER_PATH(handle, path)

/** A function of the library: `LCMAPS_CALL(handle, lcmaps_term)()`. */
#define LCMAPS_CALL(handle, function) _LCMAPS_CALL(handle, function)

#endif /* LCMAPS_IF_H */
