/*
 * Requests by any kind of credential, logging, words. LCAS 1.3.19 exports these
 * functions and does not declare them.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCAS_RUN_H
#define LCAS_RUN_H

#include <stdio.h>
#include "lcas_types.h"

/** `logtype` bit: write to the given stream or file. */
#define LCAS_LOG_TO_FILE 1

/** `logtype` bit: write to syslog. */
#define LCAS_LOG_TO_SYSLOG 2

/** `lcas_run_va()`: the arguments are a PEM text and a request. */
#define LCAS_ARG_PEM 0

/** `lcas_run_va()`: the arguments are a GSS credential and a request. */
#define LCAS_ARG_GSS 1

/** `lcas_run_va()`: the arguments are a DN, which is ignored, a GSS credential and a request. */
#define LCAS_ARG_GSS_DN 2

/** `lcas_run_va()`: granted. */
#define LCAS_RUN_GRANTED 0

/** `lcas_run_va()`: refused, because the request could not be evaluated. */
#define LCAS_RUN_NOT_EVALUATED 4

/** `lcas_run_va()`: refused by a module. */
#define LCAS_RUN_REFUSED 5

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Asks whether a user may do what a request asks for.
 *
 * Behind `arg_type` stand: for `LCAS_ARG_PEM` a PEM text (`char *`) and a request
 * (`lcas_request_t`); for `LCAS_ARG_GSS` a GSS credential (`gss_cred_id_t`) and a request; for
 * `LCAS_ARG_GSS_DN` a DN (`char *`), which is ignored, a GSS credential and a request.
 *
 * Returns:
 * `LCAS_RUN_GRANTED` if all modules grant it, `LCAS_RUN_REFUSED` if one refuses,
 * `LCAS_RUN_NOT_EVALUATED` if it cannot be evaluated, which refuses it as well.
 */
int lcas_run_va(int arg_type, ...);

/**
 * Sets up logging as `lcas_init_and_logfile()` does, which calls this.
 *
 * Returns:
 * 0 on success; 1 if there is nowhere to log although `logtype` asks for it, or if `LCAS_DEBUG_LEVEL`
 * is no number.
 *
 * Requires:
 * - `path`: NULL or a string; copied.
 * - `fp`: NULL or an open stream, which stays open until logging is set up anew.
 */
int lcas_log_open(char *path,
                  FILE *fp,
                  unsigned short logtype);

/**
 * Forgets the text in front of log lines.
 *
 * Returns:
 * 0.
 */
int lcas_log_close(void);

/**
 * Splits a string into words.
 *
 * A double quote at the start of a word protects separators up to the next double quote; text
 * directly behind it starts another word. A quote inside a word is an ordinary character.
 *
 * Returns:
 * 0 on success: `args` holds `*n` words and a closing NULL. Otherwise `args` holds `*n` words
 * without the NULL, and the result is -1 (memory ran out), -2 (more words than fit), -3 (a quote
 * is not closed) or -4 (`args`, `n` or `sep` is NULL; nothing is stored).
 *
 * Requires:
 * - `cmd`: NULL (no words) or a string; only read.
 * - `args`: NULL or space for `*n` pointers, the closing NULL included. Each word stored is
 *   released by the caller with `free()`, after a failure too.
 * - `n`: NULL, or the size of `args`; receives the number of words.
 * - `sep`: NULL or a string of the bytes that separate words; only read.
 */
int lcas_tokenize(const char *cmd, char **args, int *n, char *sep);

#ifdef __cplusplus
}
#endif

#endif /* LCAS_RUN_H */
