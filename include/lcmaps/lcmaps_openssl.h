/*
 * Mapping by a stack of certificates.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_X509_H
#define LCMAPS_X509_H

#include <sys/types.h>
#include <openssl/x509.h>
#include "lcmaps_basic.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Maps the end entity of a chain of parsed certificates (leaf first) to an account.
 *
 * Returns:
 * As `lcmaps_run_with_fqans_mapcounter_and_return_account`.
 *
 * Requires:
 * - `cert_chain`: NULL (refused) or a `STACK_OF(X509) *` of the OpenSSL that the process uses; remains the
 *   caller's.
 * - the rest as for `lcmaps_run_with_fqans_mapcounter_and_return_account`, but both lists are the
 *   caller's to `free()`, and the lease name belongs to the library.
 */
typedef int lcmaps_run_with_stack_of_x509_and_return_account_t(STACK_OF(X509) *cert_chain,
                                                               int mapcounter,
                                                               lcmaps_request_t request,
                                                               int npols,
                                                               char **policynames,
                                                               uid_t *puid,
                                                               gid_t **ppgid_list,
                                                               int *pnpgid,
                                                               gid_t **psgid_list,
                                                               int *pnsgid,
                                                               char **poolindexp);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_run_with_stack_of_x509_and_return_account_t lcmaps_run_with_stack_of_x509_and_return_account;
#endif

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_X509_H */
