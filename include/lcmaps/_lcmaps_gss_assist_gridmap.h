/*
 * What lcmaps_gss_assist_gridmap.h is made of; include that one.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef _LCMAPS_GSS_ASSIST_GRIDMAP_H
#define _LCMAPS_GSS_ASSIST_GRIDMAP_H

#include <stdio.h>
#include "_lcmaps.h"

#ifdef LCMAPS_USE_DLOPEN

#define LCMAPS_LIB_GSS_ASSIST_GRIDMAP "liblcmaps_gss_assist_gridmap" LIBSUFF

/** The companion, loaded, and its functions. */
typedef struct _lcmaps_handle_gss_assist_gridmap_s {
    LCMAPS_HANDLE_LIBRARY_MEMBERS;
    lcmaps_init_t *lcmaps_init;
    globus_gss_assist_gridmap_t *globus_gss_assist_gridmap;
    lcmaps_term_t *lcmaps_term;
    LCMAPS_HANDLE_VERSION_MEMBERS;
    LCMAPS_HANDLE_VOMS_MEMBERS;
} _lcmaps_handle_gss_assist_gridmap_t;

#define _LCMAPS_DECL_HANDLE_GSS_ASSIST_GRIDMAP(l) \
    _lcmaps_handle_gss_assist_gridmap_t l = { \
        LCMAPS_LIB_GSS_ASSIST_GRIDMAP, LCMAPS_FIXVOMSHACKSO, \
        NULL, NULL, NULL, NULL, NULL, NULL, \
        _LCMAPS_NO_VERSION, _LCMAPS_NO_VOMS \
    };
#define _LCMAPS_INIT_HANDLE_GSS_ASSIST_GRIDMAP(l) _LCMAPS_INIT_HANDLE(l, LCMAPS_LIB_GSS_ASSIST_GRIDMAP)
#define _LCMAPS_LOAD_GSS_ASSIST_GRIDMAP(l) \
    (_LCMAPS_LOAD_INTERFACE_WITH_FIX(l) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_init) \
     && LCMAPS_LOAD_FUNC(l, globus_gss_assist_gridmap) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_term))

#else

typedef void *_lcmaps_handle_gss_assist_gridmap_t;

#define _LCMAPS_DECL_HANDLE_GSS_ASSIST_GRIDMAP(l) _lcmaps_handle_gss_assist_gridmap_t l = NULL;
#define _LCMAPS_INIT_HANDLE_GSS_ASSIST_GRIDMAP(l) (*(l) = NULL, 1)
#define _LCMAPS_LOAD_GSS_ASSIST_GRIDMAP(l) (1)

#endif

#endif /* _LCMAPS_GSS_ASSIST_GRIDMAP_H */
