#ifdef LCMAPS_USE_DLOPEN

#define LCMAPS_LIB_RETURN_ACCOUNT_FROM_PEM "liblcmaps_return_account_from_pem" LIBSUFF

/** The companion, loaded, and its functions. */
typedef struct _lcmaps_handle_return_account_from_pem_s {
    LCMAPS_HANDLE_LIBRARY_MEMBERS;
    lcmaps_init_t *lcmaps_init;
    lcmaps_account_info_init_t *lcmaps_account_info_init;
    lcmaps_return_account_from_pem_t *lcmaps_return_account_from_pem;
    lcmaps_term_t *lcmaps_term;
    lcmaps_account_info_clean_t *lcmaps_account_info_clean;
    LCMAPS_HANDLE_VERSION_MEMBERS;
    LCMAPS_HANDLE_VOMS_MEMBERS;
} _lcmaps_handle_return_account_from_pem_t;

#define _LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) \
    _lcmaps_handle_return_account_from_pem_t l = { \
        LCMAPS_LIB_RETURN_ACCOUNT_FROM_PEM, LCMAPS_FIXVOMSHACKSO, \
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \
        _LCMAPS_NO_VERSION, _LCMAPS_NO_VOMS \
    };
#define _LCMAPS_INIT_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) _LCMAPS_INIT_HANDLE(l, LCMAPS_LIB_RETURN_ACCOUNT_FROM_PEM)
#define _LCMAPS_LOAD_RETURN_ACCOUNT_FROM_PEM(l) \
    (_LCMAPS_LOAD_INTERFACE_WITH_FIX(l) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_init) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_account_info_init) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_return_account_from_pem) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_term) \
     && LCMAPS_LOAD_FUNC(l, lcmaps_account_info_clean))

#else

typedef void *_lcmaps_handle_return_account_from_pem_t;

#define _LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) _lcmaps_handle_return_account_from_pem_t l = NULL;
#define _LCMAPS_INIT_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) (*(l) = NULL, 1)
#define _LCMAPS_LOAD_RETURN_ACCOUNT_FROM_PEM(l) (1)

#endif
