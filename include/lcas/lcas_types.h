/*
 * The request and the credential. A module that has no Globus defines NOGLOBUS; the
 * credential stays as it is, since the library has both members.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_TYPES_H
#define LCAS_TYPES_H

#ifdef NOGLOBUS
typedef void *gss_cred_id_t;
#else
#include <gssapi.h>
#endif
#include <openssl/x509.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A request, RSL text as a rule; passed on to modules, never interpreted. */
typedef char *lcas_request_t;

/** Who asks. Functions take it by value; read it with `lcas_get_dn()` and `lcas_get_gss_cred()`. */
typedef struct lcas_cred_id_s {
    /** A Globus `gss_cred_id_t`, NULL if the user came with PEM text. */
    gss_cred_id_t cred;
    /** The DN of the user, that of the end entity. */
    char *dn;
} lcas_cred_id_t;

#ifdef __cplusplus
}
#endif

#endif /* LCAS_TYPES_H */
