#include "_lcmaps_gss_assist_gridmap.h"

/** The companion, loaded by the program. */
typedef _lcmaps_handle_gss_assist_gridmap_t LCMAPS_HANDLE_GSS_ASSIST_GRIDMAP;

/** Declares a handle and initialises it. */
#define LCMAPS_DECL_HANDLE_GSS_ASSIST_GRIDMAP(l) _LCMAPS_DECL_HANDLE_GSS_ASSIST_GRIDMAP(l)
/** Initialises the handle that `l` points to; always true. */
#define LCMAPS_INIT_HANDLE_GSS_ASSIST_GRIDMAP(l) _LCMAPS_INIT_HANDLE_GSS_ASSIST_GRIDMAP(l)
/** Loads the companion; false if it cannot, and LCMAPS_ERRMSG says why. */
#define LCMAPS_LOAD_GSS_ASSIST_GRIDMAP(l) _LCMAPS_LOAD_GSS_ASSIST_GRIDMAP(l)
/** Closes the companion; the handle has to be initialised before it is used again. */
#define LCMAPS_CLOSE_HANDLE_GSS_ASSIST_GRIDMAP(l) LCMAPS_CLOSE_HANDLE(l)
