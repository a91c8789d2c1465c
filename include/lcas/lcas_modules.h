/*
 * Everything a module needs: the functions that a module defines, and the headers with
 * those that it may call.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_MODULES_H
#define LCAS_MODULES_H

#ifndef NOGLOBUS
#include <gssapi.h>
#endif
#include <openssl/x509.h>
#include "lcas_utils.h"
#include "lcas_log.h"
#include "lcas_types.h"
#include "lcas_defines.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Prepares the module. Called once for each entry of the database that names the module.
 *
 * `argv[0]` is the path of the module, `argv[1]` to `argv[argc - 1]` are its arguments from the
 * database, and `argv[argc]` is NULL. The vector and the strings belong to the library and stay
 * valid until `plugin_terminate()` returns. Returns 0 on success; any other value makes the
 * initialisation of the library fail, and `plugin_terminate()` is still called.
 */
int plugin_initialize(int argc, char **argv);

/**
 * Says whether a user may do what the request asks for. Returns 0 if so; any other value
 * refuses, and no further module is asked.
 *
 * `request` is NULL or any text. The credential and its texts are valid during the call.
 */
int plugin_confirm_authorization(lcas_request_t request, lcas_cred_id_t lcas_cred);

/**
 * The same with the certificates of the user. Optional; if it is there, it is called and the
 * other one is not. The other one is mandatory all the same.
 *
 * `cert` is the first certificate that the user sent. `chain` has all of them if the user came
 * with PEM text, and all but the first if with a GSS credential; it may be empty.
 */
int plugin_confirm_authorization_from_x509(lcas_request_t request,
                                           lcas_cred_id_t lcas_cred,
                                           X509 *cert,
                                           STACK_OF(X509) *chain);

/**
 * Releases what the module holds. Called once for each call of `plugin_initialize()`, in
 * the same order. Returns 0 on success; any other value is logged, and `lcas_term()` fails.
 */
int plugin_terminate(void);

/**
 * Says which of several initialisations of the module the next call in this thread is for.
 * Optional; LCAS 1.3.19 does not know it.
 *
 * `argv` is the vector that `plugin_initialize()` was given; only its address counts. The next
 * call of `plugin_confirm_authorization()`, `plugin_confirm_authorization_from_x509()` or
 * `plugin_terminate()` in the same thread is for that initialisation. Returns 0 on success; any
 * other value refuses the request.
 */
int plugin_select_instance(char **argv);

#ifdef __cplusplus
}
#endif

#endif /* LCAS_MODULES_H */
