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
