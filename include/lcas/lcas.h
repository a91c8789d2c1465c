/*
 * The interface for programs: starting, ending, requests by GSS credential.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_H
#define LCAS_H

#include <stdio.h>
#ifndef NOGLOBUS
#include <gssapi.h>
#endif
#include "lcas_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Starts LCAS; logs to a stream, or to syslog if there is none.
 *
 * Returns:
 * 0 on success, also if LCAS was started before; 1 on failure.
 *
 * Requires:
 * - `fp`: NULL or an open stream, which stays open until the next call of one of these functions.
 */
int lcas_init(FILE *fp);

/**
 * Starts LCAS.
 *
 * Returns:
 * 0 on success, also if LCAS was started before; 1 on failure.
 *
 * Requires:
 * As for `lcas_init_and_logfile()`.
 */
int lcas_init_and_log(FILE *fp, unsigned short logtype);

/**
 * Starts LCAS: sets up logging, reads the database, loads and initialises its modules.
 *
 * `logtype` is a sum of 1 (log to `fp`, or to the end of the file `logfile` if `fp` is NULL) and 2 (log
 * to syslog); 0 logs nowhere.
 *
 * Returns:
 * 0 on success, also if LCAS was started before, when nothing changes; 1 on failure, when no module
 * is left loaded.
 *
 * Requires:
 * - `logfile`: NULL or a string; copied.
 * - `fp`: NULL or an open stream, which stays open until the next call of one of these functions.
 */
int lcas_init_and_logfile(char *logfile,
                          FILE *fp,
                          unsigned short logtype);

/**
 * Ends LCAS: terminates and unloads the modules in their order.
 *
 * Returns:
 * 0 on success, also if LCAS was not started. 1 if a module says that it did not end: it and the
 * modules behind it stay, and the next call goes on with it. Until then LCAS counts as started, and
 * refuses every request if modules before it have ended.
 */
int lcas_term(void);

/**
 * Asks whether a user may do what a request asks for.
 *
 * Returns:
 * 0 if all modules grant it; 5 if one refuses; 4 if the request cannot be evaluated, which refuses
 * it as well.
 *
 * Requires:
 * - `user_dn_tmp`: ignored; the credential says who it is.
 * - `user_cred`: NULL, which is refused, or a `gss_cred_id_t` of Globus.
 * - `request`: NULL or a string; modules get it as it is.
 */
int lcas_get_fabric_authorization(char *user_dn_tmp, gss_cred_id_t user_cred, lcas_request_t request);

/**
 * First number of the version; not known.
 *
 * Returns:
 * -1, as LCAS 1.3.19.
 */
int getMajorVersionNumber(void);

/**
 * Second number of the version; not known.
 *
 * Returns:
 * -1, as LCAS 1.3.19.
 */
int getMinorVersionNumber(void);

/**
 * Third number of the version; not known.
 *
 * Returns:
 * -1, as LCAS 1.3.19.
 */
int getPatchVersionNumber(void);

#ifdef __cplusplus
}
#endif

#endif /* LCAS_H */
