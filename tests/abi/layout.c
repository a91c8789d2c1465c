/*
 * Sizes, offsets and constants of LCMAPS 1.6.6 on 64-bit Linux, for both sets of headers.
 */
#include <stddef.h>
#include <sys/types.h>
#include <lcmaps/lcmaps_account.h>
#include <lcmaps/lcmaps_arguments.h>
#include <lcmaps/lcmaps_cred_data.h>
#include <lcmaps/lcmaps_db_read.h>
#include <lcmaps/lcmaps_defines.h>
#include <lcmaps/lcmaps_types.h>
#include <lcmaps/lcmaps_version.h>
#include <lcmaps/lcmaps_vo_data.h>

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), "size of " #type)
#define AT(type, field, offset, size) \
    _Static_assert(offsetof(type, field) == (offset), "offset of " #type "." #field); \
    _Static_assert(sizeof(((type *)0)->field) == (size), "size of " #type "." #field)
#define IS(constant, value) _Static_assert((constant) == (value), #constant)
#define TYPE(expression, type) _Static_assert(_Generic((expression), type: 1, default: 0), #expression)

SIZE(lcmaps_request_t, 8);

SIZE(lcmaps_argument_t, 32);
AT(lcmaps_argument_t, argName, 0, 8);
AT(lcmaps_argument_t, argType, 8, 8);
AT(lcmaps_argument_t, argInOut, 16, 4);
AT(lcmaps_argument_t, value, 24, 8);

SIZE(lcmaps_vo_data_t, 40);
AT(lcmaps_vo_data_t, vo, 0, 8);
AT(lcmaps_vo_data_t, group, 8, 8);
AT(lcmaps_vo_data_t, subgroup, 16, 8);
AT(lcmaps_vo_data_t, role, 24, 8);
AT(lcmaps_vo_data_t, capability, 32, 8);

SIZE(lcmaps_vo_mapping_t, 24);
AT(lcmaps_vo_mapping_t, vostring, 0, 8);
AT(lcmaps_vo_mapping_t, groupname, 8, 8);
AT(lcmaps_vo_mapping_t, gid, 16, 4);

SIZE(lcmaps_account_info_t, 48);
AT(lcmaps_account_info_t, uid, 0, 4);
AT(lcmaps_account_info_t, pgid_list, 8, 8);
AT(lcmaps_account_info_t, npgid, 16, 4);
AT(lcmaps_account_info_t, sgid_list, 24, 8);
AT(lcmaps_account_info_t, nsgid, 32, 4);
AT(lcmaps_account_info_t, poolindex, 40, 8);

SIZE(lcmaps_fqan_unix_t, 16);
AT(lcmaps_fqan_unix_t, fqan, 0, 8);
AT(lcmaps_fqan_unix_t, uid, 8, 4);
AT(lcmaps_fqan_unix_t, gid, 12, 4);

SIZE(lcmaps_voms_generic_attr_t, 24);
AT(lcmaps_voms_generic_attr_t, name, 0, 8);
AT(lcmaps_voms_generic_attr_t, value, 8, 8);
AT(lcmaps_voms_generic_attr_t, qualifier, 16, 8);

SIZE(lcmaps_voms_t, 96);
AT(lcmaps_voms_t, user_dn, 0, 8);
AT(lcmaps_voms_t, user_ca, 8, 8);
AT(lcmaps_voms_t, voms_issuer_dn, 16, 8);
AT(lcmaps_voms_t, voms_issuer_ca, 24, 8);
AT(lcmaps_voms_t, uri, 32, 8);
AT(lcmaps_voms_t, date1, 40, 8);
AT(lcmaps_voms_t, date2, 48, 8);
AT(lcmaps_voms_t, voname, 56, 8);
AT(lcmaps_voms_t, fqan_unix, 64, 8);
AT(lcmaps_voms_t, nfqan, 72, 4);
AT(lcmaps_voms_t, attr_list, 80, 8);
AT(lcmaps_voms_t, nattr, 88, 4);

SIZE(lcmaps_vomsdata_t, 32);
AT(lcmaps_vomsdata_t, voms, 0, 8);
AT(lcmaps_vomsdata_t, nvoms, 8, 4);
AT(lcmaps_vomsdata_t, workvo, 16, 8);
AT(lcmaps_vomsdata_t, extra_data, 24, 8);

SIZE(cred_data_t, 88);
AT(cred_data_t, dn, 0, 8);
AT(cred_data_t, uid, 8, 8);
AT(cred_data_t, priGid, 16, 8);
AT(cred_data_t, secGid, 24, 8);
AT(cred_data_t, VoCred, 32, 8);
AT(cred_data_t, VoCredString, 40, 8);
AT(cred_data_t, VoCredMapping, 48, 8);
AT(cred_data_t, cntUid, 56, 4);
AT(cred_data_t, cntPriGid, 60, 4);
AT(cred_data_t, cntSecGid, 64, 4);
AT(cred_data_t, cntVoCred, 68, 4);
AT(cred_data_t, cntVoCredString, 72, 4);
AT(cred_data_t, cntVoCredMapping, 76, 4);
AT(cred_data_t, pool_index, 80, 8);

SIZE(lcmaps_db_entry_t, 2512);
AT(lcmaps_db_entry_t, pluginname, 0, 501);
AT(lcmaps_db_entry_t, pluginargs, 501, 2001);
AT(lcmaps_db_entry_t, next, 2504, 8);

/* The tags of the structures are names that programs use as well. */
TYPE((struct lcmaps_argument_s *)0, lcmaps_argument_t *);
TYPE((struct lcmaps_vo_data_s *)0, lcmaps_vo_data_t *);
TYPE((struct lcmaps_vo_mapping_s *)0, lcmaps_vo_mapping_t *);
TYPE((struct lcmaps_account_info_s *)0, lcmaps_account_info_t *);
TYPE((struct lcmaps_fqan_unix_s *)0, lcmaps_fqan_unix_t *);
TYPE((struct lcmaps_voms_generic_attr_s *)0, lcmaps_voms_generic_attr_t *);
TYPE((struct lcmaps_voms_s *)0, lcmaps_voms_t *);
TYPE((struct lcmaps_vomsdata_s *)0, lcmaps_vomsdata_t *);
TYPE((struct cred_data_s *)0, cred_data_t *);
TYPE((struct lcmaps_db_entry_s *)0, lcmaps_db_entry_t *);

IS(LCMAPS_MOD_SUCCESS, 0);
IS(LCMAPS_MOD_FAIL, 1);
IS(LCMAPS_MOD_NOFILE, 2);
IS(LCMAPS_MOD_ENTRY, 3);
IS(LCMAPS_MOD_NOENTRY, 4);
IS(LCMAPS_MAXPATHLEN, 500);
IS(LCMAPS_MAXARGSTRING, 2000);
IS(LCMAPS_MAXARGS, 51);
IS(DN, 5);
IS(UID, 10);
IS(PRI_GID, 20);
IS(SEC_GID, 30);
IS(LCMAPS_VO_CRED, 90);
IS(LCMAPS_VO_CRED_STRING, 100);
IS(LCMAPS_VO_CRED_MAPPING, 110);
IS(POOL_INDEX, 200);
IS(LCMAPS_NO_GID, 4294967295u);
IS(LCMAPS_API_MAJOR_VERSION, 1);
IS(LCMAPS_API_MINOR_VERSION, 6);
IS(LCMAPS_API_PATCH_VERSION, 6);

/* Types matter where programs print constants. */
TYPE(LCMAPS_MOD_SUCCESS, int);
TYPE(LCMAPS_MAXPATHLEN, size_t);
TYPE(LCMAPS_MAXARGSTRING, size_t);
TYPE(LCMAPS_MAXARGS, int);
TYPE(LCMAPS_NO_GID, gid_t);
