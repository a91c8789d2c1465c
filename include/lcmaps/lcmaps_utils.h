/*
 * File names, words, groups of an account.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_UTILS_H
#define LCMAPS_UTILS_H

#include <grp.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Builds a file name: `path`, behind `prefix` if it is relative, with `suffix` as a further part.
 *
 * NULL counts as an empty string. A slash is put between two parts where neither brings one.
 *
 * Returns:
 * The name, to be released with `free()`; NULL if memory ran out.
 *
 * Requires:
 * - `prefix`, `path`, `suffix`: NULL or a string; only read.
 */
char *lcmaps_genfilename(const char *prefix, const char *path, const char *suffix);

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
int lcmaps_tokenize(const char *cmd, char **args, int *n, const char *sep);

/**
 * Finds the groups of an account, its primary group included.
 *
 * Returns:
 * 0 on success; 1 if there is no such account, the groups cannot be read or an argument is NULL;
 * -1 if memory ran out. Nothing is stored after a failure.
 *
 * Requires:
 * - `username`: NULL or a string; only read.
 * - `ngroups`: NULL or a place for the number of groups.
 * - `group_list`: NULL or a place for the list, which the caller releases with `free()`.
 */
int lcmaps_get_gidlist(const char *username, int *ngroups, gid_t **group_list);

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_UTILS_H */
