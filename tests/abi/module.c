/*
 * A module as sites have them: asks for arguments, adds results of every kind. Without a user and a
 * group id among its arguments it does nothing.
 */
#include <stdlib.h>
#include <string.h>
#include <lcmaps/lcmaps_arguments.h>
#include <lcmaps/lcmaps_cred_data.h>
#include <lcmaps/lcmaps_modules.h>
#include <lcmaps/lcmaps_vo_data.h>

static lcmaps_argument_t arguments[] = {
    { "user_dn", "char *", 0, NULL },
    { "nfqan", "int", 0, NULL },
    { "fqan_list", "char **", 0, NULL },
    { NULL, NULL, -1, NULL },
};
static uid_t uid;
static gid_t gid;
static int idle;

int plugin_initialize(int argc, char **argv)
{
    idle = argc == 1;
    if (idle)
        return LCMAPS_MOD_SUCCESS;
    if (argc != 3)
        return LCMAPS_MOD_FAIL;
    uid = (uid_t)atoi(argv[1]);
    gid = (gid_t)atoi(argv[2]);
    return LCMAPS_MOD_SUCCESS;
}

int plugin_introspect(int *argc, lcmaps_argument_t **argv)
{
    *argv = arguments;
    *argc = lcmaps_cntArgs(arguments);
    return LCMAPS_MOD_SUCCESS;
}

int plugin_run(int argc, lcmaps_argument_t *argv)
{
    char **dn = (char **)lcmaps_getArgValue("user_dn", "char *", argc, argv);
    int *count = (int *)lcmaps_getArgValue("nfqan", "int", argc, argv);
    char ***fqans = (char ***)lcmaps_getArgValue("fqan_list", "char **", argc, argv);
    gid_t other = gid + 1;
    char *lease = NULL;
    int i;
    if (idle)
        return LCMAPS_MOD_SUCCESS;
    if (!dn || !*dn || !count || !fqans)
        return LCMAPS_MOD_FAIL;
    lease = strdup("lease");
    if (addCredentialData(DN, dn) || addCredentialData(UID, &uid) || addCredentialData(PRI_GID, &gid)
        || addCredentialData(SEC_GID, &other) || addCredentialData(POOL_INDEX, &lease))
        return LCMAPS_MOD_FAIL;
    free(lease);
    for (i = 0; i < *count; i++) {
        lcmaps_vo_mapping_t *mapping = lcmaps_createVoMapping((*fqans)[i], "group", gid);
        if (addCredentialData(LCMAPS_VO_CRED_STRING, &(*fqans)[i])
            || addCredentialData(LCMAPS_VO_CRED_MAPPING, mapping) || lcmaps_deleteVoMapping(&mapping))
            return LCMAPS_MOD_FAIL;
    }
    lcmaps_log(LOG_INFO, "%s: %s with %d attributes\n", "module", *dn, *count);
    return LCMAPS_MOD_SUCCESS;
}

int plugin_verify(int argc, lcmaps_argument_t *argv)
{
    return plugin_run(argc, argv);
}

int plugin_terminate(void)
{
    return LCMAPS_MOD_SUCCESS;
}
