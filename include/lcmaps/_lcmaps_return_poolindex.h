/*
 * What lcmaps_return_poolindex.h is made of; include that one.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef _LCMAPS_RETURN_POOLINDEX_H
#define _LCMAPS_RETURN_POOLINDEX_H

#include <stdio.h>
#include "_lcmaps.h"

#ifdef LCMAPS_USE_DLOPEN

#define LCMAPS_LIB_RETURN_POOLINDEX "liblcmaps_return_poolindex" LIBSUFF

/** The companion, loaded, and its functions. */
typedef struct _lcmaps_handle_return_poolindex_s {
    LCMAPS_HANDLE_LIBRARY_MEMBERS;
    lcmaps_init_t *lcmaps_init;
    lcmaps_account_info_init_t *lcmaps_account_info_init;
    lcmaps_return_poolindex_t *lcmaps_return_poolindex;
    lcmaps_return_poolindex_from_gss_cred_t *lcmaps_return_poolindex_from_gss_cred;
    lcmaps_term_t *lcmaps_term;
    lcmaps_account_info_clean_t *lcmaps_account_info_clean;
    LCMAPS_HANDLE_VERSION_MEMBERS;
    LCMAPS_HANDLE_VOMS_MEMBERS;
} _lcmaps_handle_return_poolindex_t;

#define _LCMAPS_DECL_HANDLE_RETURN_POOLINDEX(l) \
    _lcmaps_handle_return_poolindex_t l = { \
        LCMAPS_LIB_RETURN_POOLINDEX, LCMAPS_FIXVOMSHACKSO, \
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        _LCMAPS_NO_VERSION, _LCMAPS_NO_VOMS \
    };
#define _LCMAPS_INIT_HANDLE_RETURN_POOLINDEX(l) _LCMAPS_INIT_HANDLE(l, LCMAPS_LIB_RETURN_POOLINDEX)
#define _LCMAPS_LOAD_RETURN_POOLINDEX(l) \
    (_LCMAPS_LOAD_INTERFACE_WITH_FIX(l) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_init) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_account_info_init) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_return_poolindex) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_return_poolindex_from_gss_cred) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_term) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_account_info_clean))

#else

typedef void *_lcmaps_handle_return_poolindex_t;

#define _LCMAPS_DECL_HANDLE_RETURN_POOLINDEX(l) _lcmaps_handle_return_poolindex_t l = NULL;
#define _LCMAPS_INIT_HANDLE_RETURN_POOLINDEX(l) (*(l) = NULL, 1)
#define _LCMAPS_LOAD_RETURN_POOLINDEX(l) (1)

#endif

#endif /* _LCMAPS_RETURN_POOLINDEX_H */
