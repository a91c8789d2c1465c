#ifdef LCMAPS_USE_DLOPEN

/*
 * The program loads a companion of the library itself, by way of a handle. It defines LIBSUFF, the end of the
 * names of libraries (".so.0"), before it includes a header of a companion.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/** A function of a library that very old versions of LCMAPS need. */
typedef int getMajorVersion_t(void);

/* Where to look for it: no present version needs the library. */
#ifdef LCMAPS_UGLY_VERSION_BUG_HACK
#define LCMAPS_FIXVOMSHACKSO "liblcas" LIBSUFF
#else
#define LCMAPS_FIXVOMSHACKSO "libvomsfix" LIBSUFF
#endif

/** How every handle begins: what to load, what was loaded, and what went wrong. */
#define LCMAPS_HANDLE_LIBRARY_MEMBERS \
    const char *libfilename; \
    const char *helpername; \
    void *handle; \
    void *helper; \
    char *errmsg

/** In the middle of every handle: the version of the library. */
#define LCMAPS_HANDLE_VERSION_MEMBERS \
    getMajorVersion_t *getMajorVersion; \
    lcmaps_get_major_version_t *lcmaps_get_major_version; \
    lcmaps_get_minor_version_t *lcmaps_get_minor_version; \
    lcmaps_get_patch_version_t *lcmaps_get_patch_version; \
    int majorversion; \
    int minorversion; \
    int patchversion

/** How every handle ends: functions that LCMAPS_REQUIRE_FUNC looks up. */
#define LCMAPS_HANDLE_VOMS_MEMBERS \
    lcmaps_disable_voms_attributes_verification_t *lcmaps_disable_voms_attributes_verification; \
    lcmaps_enable_voms_attributes_verification_t *lcmaps_enable_voms_attributes_verification; \
    lcmaps_is_set_to_verify_voms_attributes_t *lcmaps_is_set_to_verify_voms_attributes; \
    lcmaps_set_voms_attributes_verification_t *lcmaps_set_voms_attributes_verification; \
    lcmaps_get_voms_attributes_verification_t *lcmaps_get_voms_attributes_verification; \
    lcmaps_set_voms_verification_time_t *lcmaps_set_voms_verification_time; \
    lcmaps_get_voms_verification_time_t *lcmaps_get_voms_verification_time

/* The same two as initial values. */
#define _LCMAPS_NO_VERSION NULL, NULL, NULL, NULL, -1, -1, -1
#define _LCMAPS_NO_VOMS NULL, NULL, NULL, NULL, NULL, NULL, NULL

#define _LCMAPS_MAJOR_VERSION(l) ((l)->majorversion)
#define _LCMAPS_MINOR_VERSION(l) ((l)->minorversion)
#define _LCMAPS_PATCH_VERSION(l) ((l)->patchversion)
#define _LCMAPS_SET_LIBFILE_PATH(l, path) ((l)->libfilename = (path))
#define _LCMAPS_SET_HELPER_PATH(l, path) ((l)->helpername = (path))
#define _LCMAPS_REQUIRE_FUNC(l, function) LCMAPS_LOAD_FUNC(l, function)
#define _LCMAPS_CALL(l, function) ((l)->function)
#define _LCMAPS_ERRMSG(l) ((l)->errmsg)

#define _LCMAPS_INIT_HANDLE(l, library) \
    (memset((l), 0, sizeof *(l)), \
     (l)->libfilename = (library), \
     (l)->helpername = LCMAPS_FIXVOMSHACKSO, \
     (l)->majorversion = (l)->minorversion = (l)->patchversion = -1, \
     1)

#define _LCMAPS_OPEN(l) (((l)->handle = dlopen((l)->libfilename, RTLD_NOW | RTLD_GLOBAL)) != NULL)

/* With the second library the first may open that did not without. In the end the message is that of the first. */
#define _LCMAPS_LOAD_INTERFACE_WITH_FIX(l) \
    ((_LCMAPS_OPEN(l) \
      || ((l)->helper = dlopen((l)->helpername, RTLD_NOW | RTLD_GLOBAL), _LCMAPS_OPEN(l)) \
      || ((l)->errmsg = dlerror(), 0)) \
     && (_LCMAPS_READ_VERSION(l, major), _LCMAPS_READ_VERSION(l, minor), _LCMAPS_READ_VERSION(l, patch), 1))

#define _LCMAPS_READ_VERSION(l, part) \
    ((l)->part##version = \
         LCMAPS_LOAD_FUNC(l, lcmaps_get_##part##_version) ? (l)->lcmaps_get_##part##_version() : 0)

/** Looks up a function; true if the library has it. */
#define LCMAPS_LOAD_FUNC(l, function) \
    (dlerror(), \
     (l)->function = (function##_t *)dlsym((l)->handle, #function), \
     ((l)->errmsg = dlerror()) == NULL)

/** Closes what a handle has opened; true if that went well. */
#define LCMAPS_CLOSE_HANDLE(l) \
    (dlerror(), \
     (l)->handle ? dlclose((l)->handle) : 0, \
     (l)->helper ? dlclose((l)->helper) : 0, \
     (l)->handle = (l)->helper = NULL, \
     ((l)->errmsg = dlerror()) == NULL)

#else

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
