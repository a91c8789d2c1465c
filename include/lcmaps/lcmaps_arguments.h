/*
 * Run arguments of a module.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_ARGUMENTS_H
#define LCMAPS_ARGUMENTS_H

#ifdef __cplusplus
extern "C" {
#endif

/** One run argument of a module. A list ends with an element whose `argName` is NULL. */
typedef struct lcmaps_argument_s {
    /** Name, compared exactly. */
    const char *argName;
    /** Type as text, compared exactly. */
    const char *argType;
    /** Not interpreted by the framework. */
    int argInOut;
    /** Address of the variable that holds the value; written by the framework before each run. */
    void *value;
} lcmaps_argument_t;

/**
 * Number of elements of a list in front of the one without a name.
 *
 * Returns:
 * The number; 0 for NULL.
 *
 * Requires:
 * - `argvx`: NULL, or a list that ends with an element whose `argName` is NULL.
 */
int lcmaps_cntArgs(lcmaps_argument_t *argvx);

/**
 * Index of the first element with this name.
 *
 * Returns:
 * The index, or -1 if there is none or an argument is NULL.
 *
 * Requires:
 * - `argName`: NULL or a string; only read.
 * - `argvx`: NULL, or a list of `argcx` elements; one without a name ends it earlier. Only read.
 */
int lcmaps_findArgName(const char *argName, int argcx, lcmaps_argument_t *argvx);

/**
 * Index of the first element with this name and this type.
 *
 * Returns:
 * The index, or -1 if there is none or an argument is NULL.
 *
 * Requires:
 * - `argName`, `argType`: NULL or a string; only read.
 * - `argvx`: NULL, or a list of `argcx` elements; one without a name ends it earlier. Only read.
 */
int lcmaps_findArgNameAndType(const char *argName,
                              const char *argType,
                              int argcx,
                              lcmaps_argument_t *argvx);

/**
 * Value of the first element with this name and this type.
 *
 * Returns:
 * The element's value pointer, which belongs to the list; NULL if there is no such element.
 *
 * Requires:
 * - `argName`, `argType`: NULL or a string; only read.
 * - `argvx`: NULL, or a list of `argcx` elements; one without a name ends it earlier. Only read.
 */
void *lcmaps_getArgValue(const char *argName,
                         const char *argType,
                         int argcx,
                         lcmaps_argument_t *argvx);

/**
 * Sets the value of the first element with this name and this type.
 *
 * Returns:
 * 0, or -1 if there is no such element or an argument is NULL.
 *
 * Requires:
 * - `argName`, `argType`: NULL or a string; only read.
 * - `value`: stored as it is; must stay valid as long as the list is used.
 * - `argvx`: NULL, or a pointer to a list of `argcx` elements or to NULL; one without a name ends
 *   the list earlier.
 */
int lcmaps_setArgValue(const char *argName,
                       const char *argType,
                       void *value,
                       int argcx,
                       lcmaps_argument_t **argvx);

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_ARGUMENTS_H */
