/*
 * The request, and the VOMS attributes of a user.
 *
 * Generated from the Rust sources by `cargo xtask headers`; do not edit.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef LCMAPS_TYPES_H
#define LCMAPS_TYPES_H

#include <sys/types.h>
#include <pwd.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A job request as RSL text; passed on to modules, never interpreted. */
typedef char *lcmaps_request_t;

/** An FQAN with the ids it maps to. */
typedef struct lcmaps_fqan_unix_s {
    /** The FQAN. */
    char *fqan;
    /** User id, -1 when unset. */
    uid_t uid;
    /** Group id, -1 when unset. */
    gid_t gid;
} lcmaps_fqan_unix_t;

/** A VOMS generic attribute. */
typedef struct lcmaps_voms_generic_attr_s {
    /** Name. */
    char *name;
    /** Value. */
    char *value;
    /** Qualifier (a group). */
    char *qualifier;
} lcmaps_voms_generic_attr_t;

/** One attribute certificate. */
typedef struct lcmaps_voms_s {
    /** Subject of the holder. */
    char *user_dn;
    /** Issuer of the holder's certificate. */
    char *user_ca;
    /** Subject of the VOMS server. */
    char *voms_issuer_dn;
    /** Issuer of the VOMS server's certificate. */
    char *voms_issuer_ca;
    /** `host:port` of the VOMS server. */
    char *uri;
    /** Start of validity, `YYYYMMDDHHMMSSZ`. */
    char *date1;
    /** End of validity, `YYYYMMDDHHMMSSZ`. */
    char *date2;
    /** VO. */
    char *voname;
    /** FQANs in order. */
    struct lcmaps_fqan_unix_s *fqan_unix;
    /** Number of FQANs. */
    int nfqan;
    /** Generic attributes. */
    struct lcmaps_voms_generic_attr_s *attr_list;
    /** Number of generic attributes. */
    int nattr;
} lcmaps_voms_t;

/** All attribute certificates of a user. */
typedef struct lcmaps_vomsdata_s {
    /** Attribute certificates. */
    struct lcmaps_voms_s *voms;
    /** Number of attribute certificates. */
    int nvoms;
    /** Unused by known callers. */
    char *workvo;
    /** Unused by known callers. */
    char *extra_data;
} lcmaps_vomsdata_t;

#ifdef __cplusplus
}
#endif

#endif /* LCMAPS_TYPES_H */
