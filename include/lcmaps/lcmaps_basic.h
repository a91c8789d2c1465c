/*
 * Starting, ending, and mapping by DN, by FQANs and by PEM text.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_BASIC_H
#define LCMAPS_BASIC_H

#include <stdio.h>
#include <time.h>
#include <sys/types.h>
#include "lcmaps_version.h"
#include "lcmaps_types.h"
#include "lcmaps_if.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Starts LCMAPS; logs to a stream, or to syslog if there is none.
 *
 * Returns:
 * 0, also if it is started already (nothing happens then); 1 on failure.
 *
 * Requires:
 * - `fp`: NULL or an open stream that stays open until `lcmaps_term`; the caller closes it.
 */
typedef int lcmaps_init_t(FILE *fp);

/**
 * Starts LCMAPS; `logtype` says where to log: `DO_USRLOG` (1), `DO_SYSLOG` (2), both or neither.
 *
 * Returns:
 * As `lcmaps_init`.
 *
 * Requires:
 * - `fp`: as for `lcmaps_init`.
 */
typedef int lcmaps_init_and_log_t(FILE *fp, unsigned short logtype);

/**
 * Starts LCMAPS; logs to `fp`, else to the file `logfile`, else to `$LCMAPS_LOG_FILE`, else to syslog.
 *
 * Returns:
 * As `lcmaps_init`.
 *
 * Requires:
 * - `logfile`: NULL or a NUL-terminated string; borrowed for the call.
 * - `fp`: as for `lcmaps_init`.
 */
typedef int lcmaps_init_and_logfile_t(char *logfile,
                                      FILE *fp,
                                      unsigned short logtype);

/**
 * Ends LCMAPS: terminates modules, drops credential data, forgets the log target, restores SIGPIPE.
 *
 * Returns:
 * 0, also if it is not started.
 */
typedef int lcmaps_term_t(void);

/**
 * Maps a name to a user name.
 *
 * Returns:
 * 0 if a policy succeeded and the first user id found has an account; else 1.
 *
 * Requires:
 * - `user_dn_tmp`: NULL (refused) or a NUL-terminated string; borrowed.
 * - `request`: passed on to modules; borrowed.
 * - `usernamep`: NULL (refused) or writable; set NULL at once, on success to a name that the caller
 *   frees with `free()`.
 * - `policynames`: `npols` strings, or NULL with 0; borrowed.
 */
typedef int lcmaps_run_without_credentials_and_return_username_t(char *user_dn_tmp,
                                                                 lcmaps_request_t request,
                                                                 char **usernamep,
                                                                 int npols,
                                                                 char **policynames);

/**
 * Maps a name with FQANs to an account, with a lease of its own for each map counter.
 *
 * Returns:
 * 0 if a policy succeeded with exactly one user id and at least one primary group id; else 1.
 *
 * Requires:
 * - `user_dn`: NULL (refused) or a NUL-terminated string; borrowed.
 * - `fqan_list`: `nfqan` strings, or NULL for none; borrowed.
 * - `request`: passed on to modules; borrowed.
 * - `policynames`: `npols` strings, or NULL with 0; borrowed.
 * - `puid`, `ppgid_list`, `pnpgid`, `psgid_list`, `pnsgid`, `poolindexp`: writable (NULL is refused).
 *   Lists and lease name belong to the library and are valid until this thread's next run or term.
 *   `*psgid_list`, `*pnsgid`, `*poolindexp` stay untouched if there is nothing for them.
 */
typedef int lcmaps_run_with_fqans_mapcounter_and_return_account_t(char *user_dn,
                                                                  char **fqan_list,
                                                                  int nfqan,
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

/**
 * `lcmaps_run_with_fqans_mapcounter_and_return_account` without a map counter.
 *
 * Returns:
 * As there.
 *
 * Requires:
 * As there.
 */
typedef int lcmaps_run_with_fqans_and_return_account_t(char *user_dn,
                                                       char **fqan_list,
                                                       int nfqan,
                                                       lcmaps_request_t request,
                                                       int npols,
                                                       char **policynames,
                                                       uid_t *puid,
                                                       gid_t **ppgid_list,
                                                       int *pnpgid,
                                                       gid_t **psgid_list,
                                                       int *pnsgid,
                                                       char **poolindexp);

/**
 * Maps the end entity of a PEM chain (leaf first) to an account.
 *
 * Returns:
 * As `lcmaps_run_with_fqans_mapcounter_and_return_account`.
 *
 * Requires:
 * - `user_dn`: ignored; the name is that of the chain's end entity.
 * - `pem_string`: NULL (refused) or a NUL-terminated string, unchanged during the call; borrowed. Modules
 *   see this very string; a private key in it is neither read nor copied by the library.
 * - the rest as for `lcmaps_run_with_fqans_mapcounter_and_return_account`, but `*poolindexp` is the
 *   caller's to `free()`.
 */
typedef int lcmaps_run_with_pem_and_return_account_t(char *user_dn,
                                                     char *pem_string,
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

/**
 * Confirms that the end entity of a PEM chain (leaf first) has the given account. Changes nothing.
 *
 * Returns:
 * 0 if a policy succeeded in verification mode, with exactly one user id, at least one primary group
 * id, and what `$LCMAPS_VERIFY_TYPE` asks for equals what was given; else 1.
 *
 * Requires:
 * - `user_dn`: ignored.
 * - `pem_string`: as for `lcmaps_run_with_pem_and_return_account`.
 * - `pgid_list`, `sgid_list`: `npgid` and `nsgid` ids, or NULL with 0; borrowed.
 * - `poolindex`: NULL or a NUL-terminated string; borrowed.
 * - `request`: passed on to modules; borrowed.
 * - `policynames`: `npols` strings, or NULL with 0; borrowed.
 */
typedef int lcmaps_run_and_verify_account_from_pem_t(char *user_dn,
                                                     char *pem_string,
                                                     uid_t uid,
                                                     gid_t *pgid_list,
                                                     int npgid,
                                                     gid_t *sgid_list,
                                                     int nsgid,
                                                     char *poolindex,
                                                     lcmaps_request_t request,
                                                     int npols,
                                                     char **policynames);

/** Switches every check of VOMS attributes off. */
typedef void lcmaps_disable_voms_attributes_verification_t(void);

/** Switches every check of VOMS attributes on, which is the default. */
typedef void lcmaps_enable_voms_attributes_verification_t(void);

/**
 * Whether every check of VOMS attributes is on.
 *
 * Returns:
 * 1 or 0.
 */
typedef int lcmaps_is_set_to_verify_voms_attributes_t(void);

/** Sets the flag word of VOMS attribute verification. */
typedef void lcmaps_set_voms_attributes_verification_t(unsigned int verify_flags);

/** The flag word of VOMS attribute verification. */
typedef unsigned int lcmaps_get_voms_attributes_verification_t(void);

/**
 * Sets the time at which VOMS attributes have to be valid: absolute (`flags` 0), relative to notBefore
 * (1) or to notAfter (2) of the leaf certificate. 0 with flags 0 is now.
 */
typedef void lcmaps_set_voms_verification_time_t(time_t verify_time,
                                                 int flags);

/**
 * Reads what `lcmaps_set_voms_verification_time` set.
 *
 * Returns:
 * 0, or -1 with errno EINVAL for a NULL pointer.
 *
 * Requires:
 * - `verify_time`, `flags`: NULL or writable.
 */
typedef int lcmaps_get_voms_verification_time_t(time_t *verify_time, int *flags);

#ifndef LCMAPS_USE_DLOPEN
lcmaps_init_t lcmaps_init;
lcmaps_init_and_log_t lcmaps_init_and_log;
lcmaps_init_and_logfile_t lcmaps_init_and_logfile;
lcmaps_term_t lcmaps_term;
lcmaps_run_without_credentials_and_return_username_t lcmaps_run_without_credentials_and_return_username;
lcmaps_run_with_fqans_mapcounter_and_return_account_t lcmaps_run_with_fqans_mapcounter_and_return_account;
lcmaps_run_with_fqans_and_return_account_t lcmaps_run_with_fqans_and_return_account;
lcmaps_run_with_pem_and_return_account_t lcmaps_run_with_pem_and_return_account;
lcmaps_run_and_verify_account_from_pem_t lcmaps_run_and_verify_account_from_pem;
lcmaps_disable_voms_attributes_verification_t lcmaps_disable_voms_attributes_verification;
lcmaps_enable_voms_attributes_verification_t lcmaps_enable_voms_attributes_verification;
lcmaps_is_set_to_verify_voms_attributes_t lcmaps_is_set_to_verify_voms_attributes;
lcmaps_set_voms_attributes_verification_t lcmaps_set_voms_attributes_verification;
lcmaps_get_voms_attributes_verification_t lcmaps_get_voms_attributes_verification;
lcmaps_set_voms_verification_time_t lcmaps_set_voms_verification_time;
lcmaps_get_voms_verification_time_t lcmaps_get_voms_verification_time;
#endif

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_BASIC_H */
