/*
 * What lcmaps_if.h is made of; include that one.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef _LCMAPS_H
#define _LCMAPS_H

#ifdef __cplusplus
extern "C" {
#endif

/** First number of the LCMAPS version whose interface the library has. */
typedef int lcmaps_get_major_version_t(void);

/** Second number of the LCMAPS version whose interface the library has. */
typedef int lcmaps_get_minor_version_t(void);

/** Third number of the LCMAPS version whose interface the library has. */
typedef int lcmaps_get_patch_version_t(void);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_get_major_version_t lcmaps_get_major_version;
lcmaps_get_minor_version_t lcmaps_get_minor_version;
lcmaps_get_patch_version_t lcmaps_get_patch_version;
#endif

#ifdef __cplusplus
}
#endif

#ifndef LCMAPS_USE_DLOPEN

/* The program is linked to the library: nothing to load, and calls are plain calls. */
#define _LCMAPS_MAJOR_VERSION(handle) (lcmaps_get_major_version())
#define _LCMAPS_MINOR_VERSION(handle) (lcmaps_get_minor_version())
#define _LCMAPS_PATCH_VERSION(handle) (lcmaps_get_patch_version())
#define _LCMAPS_SET_LIBFILE_PATH(handle, path) (1)
#define _LCMAPS_SET_HELPER_PATH(handle, path) (1)
#define _LCMAPS_REQUIRE_FUNC(handle, function) (1)
#define _LCMAPS_CALL(handle, function) (function)
#define _LCMAPS_ERRMSG(handle) "the program is linked to the library, nothing was loaded"
#define LCMAPS_LOAD_FUNC(handle, function) (1)
#define LCMAPS_CLOSE_HANDLE(handle) (1)

#endif

#endif /* _LCMAPS_H */
