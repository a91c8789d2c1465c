#include "_lcmaps_return_account_from_pem.h"

/** The companion, loaded by the program. */
typedef _lcmaps_handle_return_account_from_pem_t LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM;

/** Declares a handle and initialises it. */
#define LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) _LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(l)
/** Initialises the handle that `l` points to; always true. */
#define LCMAPS_INIT_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) _LCMAPS_INIT_HANDLE_RETURN_ACCOUNT_FROM_PEM(l)
/** Loads the companion; false if it cannot, and LCMAPS_ERRMSG says why. */
#define LCMAPS_LOAD_RETURN_ACCOUNT_FROM_PEM(l) _LCMAPS_LOAD_RETURN_ACCOUNT_FROM_PEM(l)
/** Closes the companion; the handle has to be initialised before it is used again. */
#define LCMAPS_CLOSE_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) LCMAPS_CLOSE_HANDLE(l)
