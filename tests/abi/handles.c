/*
 * The handles by which programs load companions, and the macros on them, for both sets of headers.
 */
#define LCMAPS_USE_DLOPEN
#define LIBSUFF ".so.0"
#include <stddef.h>
#include <lcmaps/lcmaps_gss_assist_gridmap.h>
#include <lcmaps/lcmaps_return_account_from_pem.h>
#include <lcmaps/lcmaps_verify_account_from_pem.h>
#ifdef LCMAPS_GSI_MODE
#include <lcmaps/lcmaps_return_poolindex.h>
#endif

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), "size of " #type)
#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), "offset of " #type "." #field)
/* All have the same beginning, and the same end behind their functions. */
#define HANDLE(type, functions) \
    SIZE(type, 144 + 8 * (functions)); \
    AT(type, libfilename, 0); \
    AT(type, helpername, 8); \
    AT(type, handle, 16); \
    AT(type, helper, 24); \
    AT(type, errmsg, 32); \
    AT(type, lcmaps_init, 40); \
    AT(type, getMajorVersion, 40 + 8 * (functions)); \
    AT(type, lcmaps_get_patch_version, 64 + 8 * (functions)); \
    AT(type, majorversion, 72 + 8 * (functions)); \
    AT(type, patchversion, 80 + 8 * (functions)); \
    AT(type, lcmaps_disable_voms_attributes_verification, 88 + 8 * (functions)); \
    AT(type, lcmaps_get_voms_verification_time, 136 + 8 * (functions))

HANDLE(LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM, 5);
AT(LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM, lcmaps_account_info_init, 48);
AT(LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM, lcmaps_return_account_from_pem, 56);
AT(LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM, lcmaps_term, 64);
AT(LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM, lcmaps_account_info_clean, 72);

HANDLE(LCMAPS_HANDLE_VERIFY_RETURN_ACCOUNT_FROM_PEM, 5);
AT(LCMAPS_HANDLE_VERIFY_RETURN_ACCOUNT_FROM_PEM, lcmaps_verify_account_from_pem, 56);
AT(LCMAPS_HANDLE_VERIFY_RETURN_ACCOUNT_FROM_PEM, lcmaps_account_info_clean, 72);

HANDLE(LCMAPS_HANDLE_GSS_ASSIST_GRIDMAP, 3);
AT(LCMAPS_HANDLE_GSS_ASSIST_GRIDMAP, globus_gss_assist_gridmap, 48);
AT(LCMAPS_HANDLE_GSS_ASSIST_GRIDMAP, lcmaps_term, 56);

#ifdef LCMAPS_GSI_MODE
HANDLE(LCMAPS_HANDLE_RETURN_POOLINDEX, 6);
AT(LCMAPS_HANDLE_RETURN_POOLINDEX, lcmaps_return_poolindex, 56);
AT(LCMAPS_HANDLE_RETURN_POOLINDEX, lcmaps_return_poolindex_from_gss_cred, 64);
#endif

LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(declared_account)
LCMAPS_DECL_HANDLE_VERIFY_ACCOUNT_FROM_PEM(declared_verification)
LCMAPS_DECL_HANDLE_GSS_ASSIST_GRIDMAP(declared_gridmap)
