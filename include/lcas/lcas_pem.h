/*
 * One request by PEM text, from start to end.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_PEM_H
#define LCAS_PEM_H

#include "lcas_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Starts LCAS, asks whether the user with this PEM text may do what a request asks for, and ends LCAS.
 *
 * Logs to syslog and to the file in `LCAS_LOG_FILE`, else to `/var/log/lcas-suexec.log`. Sets
 * `LCAS_LOG_STRING` and `LCAS_DB_FILE` in the environment, if they are not set.
 *
 * Returns:
 * 0 if the request is granted and LCAS ended; 1 otherwise.
 *
 * Requires:
 * - `pem_string`: NULL or a string: the user's certificates, the leaf first.
 * - `request`: NULL or a string; modules get it as it is.
 * - No other thread uses the environment meanwhile.
 */
int lcas_pem(char *pem_string,
             lcas_request_t request);

#ifdef __cplusplus
}
#endif

#endif /* LCAS_PEM_H */
