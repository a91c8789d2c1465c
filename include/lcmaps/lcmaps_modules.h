/*
 * Everything a module needs but the results (lcmaps_cred_data.h): the functions that a
 * module defines, and the headers with those that it may call.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_MODULES_H
#define LCMAPS_MODULES_H

#include "lcmaps_utils.h"
#include "lcmaps_log.h"
#include "lcmaps_types.h"
#include "lcmaps_defines.h"
#include "lcmaps_arguments.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Prepares the module. Called once, before anything else.
 *
 * `argv[0]` is the path of the module, `argv[1]` to `argv[argc - 1]` are its arguments from the
 * policy file, and `argv[argc]` is NULL. The strings belong to the library and stay valid until
 * `plugin_terminate()` returns. Returns 0 on success; any other value makes the
 * initialisation of the library fail, and `plugin_terminate()` is still called.
 */
int plugin_initialize(int argc, char **argv);

/**
 * Says which run arguments the module wants.
 *
 * `*argc` and `*argv` receive length and address of an array that belongs to the module and
 * stays in place until `plugin_terminate()`. The library writes the `value` of each element
 * before every run: the address of the variable that holds the value. Returns 0 on success.
 */
int plugin_introspect(int *argc, lcmaps_argument_t **argv);

/**
 * Does the module's work in a mapping; results are added with `addCredentialData()`.
 *
 * `argv` is the array of `plugin_introspect()`. Returns 0 on success; any other value is a failure,
 * and the policy goes on at the state for failures.
 */
int plugin_run(int argc, lcmaps_argument_t *argv);

/**
 * Does the module's work when an existing mapping is verified. Optional, but without it the
 * module cannot be used for verification. Arguments and result as for `plugin_run()`.
 */
int plugin_verify(int argc, lcmaps_argument_t *argv);

/**
 * Releases what the module holds. Called once, at the end of the session. Returns 0 on
 * success; any other value is logged.
 */
int plugin_terminate(void);

/**
 * Says that one module can serve several sets of arguments at a time. Optional.
 *
 * The result 1 allows a policy file to name the module with different arguments. The module is
 * then initialised, introspected and terminated once for each set, in the same order; runs tell
 * the sets apart by the array of `plugin_introspect()`. Any other result forbids it.
 */
int plugin_multi_instance(void);

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_MODULES_H */
