/*
 * Credentials and file names.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_UTILS_H
#define LCAS_UTILS_H

#ifndef NOGLOBUS
#include <gssapi.h>
#endif
#include "lcas_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Picks the first existing file of `n` paths.
 *
 * Returns:
 * One of the pointers that were passed, or NULL if none of the files exists.
 */
char *lcas_getfexist(int n, ...);

/**
 * The DN of a credential.
 *
 * Returns:
 * The DN, which belongs to the credential; NULL if it has none.
 */
char *lcas_get_dn(lcas_cred_id_t lcas_credential);

/**
 * The GSS credential of a credential.
 *
 * Returns:
 * A `gss_cred_id_t`, which belongs to the credential; NULL if it has none.
 */
gss_cred_id_t lcas_get_gss_cred(lcas_cred_id_t lcas_credential);

/**
 * Builds a file name: `pathp`, behind `prefixp` if it is relative, with `suffixp` as a further part.
 *
 * NULL counts as an empty string. A slash is put between two parts where neither brings one.
 *
 * Returns:
 * The name, to be released with `free()`; NULL if memory ran out.
 *
 * Requires:
 * - `prefixp`, `pathp`, `suffixp`: NULL or a string; only read.
 */
char *lcas_genfilename(char *prefixp,
                       char *pathp,
                       char *suffixp);

/**
 * Finds a configuration file: an absolute name as it is, a relative one in LCAS's directory.
 *
 * Returns:
 * The path, to be released with `free()`; NULL if there is no such file.
 *
 * Requires:
 * - `name`: NULL or a string; only read.
 */
char *lcas_findfile(char *name);

/**
 * The same as `lcas_findfile()`.
 *
 * Returns:
 * The path, to be released with `free()`; NULL if there is no such file.
 *
 * Requires:
 * - `name`: NULL or a string; only read.
 */
char *lcas_finddbfile(char *name);

/**
 * Finds a module: an absolute name as it is, a relative one in `LCAS_MODULES_DIR`, then in LCAS's
 * directory for modules.
 *
 * Returns:
 * The path, to be released with `free()`; NULL if there is no such file.
 *
 * Requires:
 * - `name`: NULL or a string; only read.
 */
char *lcas_findplugin(char *name);

#ifdef __cplusplus
}
#endif

#endif /* LCAS_UTILS_H */
