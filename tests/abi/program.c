/*
 * A program as sites have them: linked to the library, one session, a mapping in every way that needs
 * no certificate. Prints what it got.
 */
#include <stdio.h>
#include <stdlib.h>
#include <lcmaps/lcmaps.h>
#include <lcmaps/lcmaps_account.h>
#include <lcmaps/lcmaps_cred_data.h>
#include <lcmaps/lcmaps_vo_data.h>

static char *dn = (char *)"/O=Test/CN=ABI";

static int by_name(void)
{
    char *name = NULL;
    int rc = LCMAPS_CALL(NULL, lcmaps_run_without_credentials_and_return_username)(dn, NULL, &name, 0, NULL);
    printf("by name: %d %s\n", rc, name ? name : "(none)");
    free(name);
    return rc;
}

static int by_fqans(void)
{
    char *fqans[] = { (char *)"/vo/group", (char *)"/vo/Role=admin" };
    char *policies[] = { (char *)"main" };
    lcmaps_account_info_t account;
    uid_t uid = (uid_t)-1;
    gid_t *primary = NULL, *secondary = NULL;
    int primaries = 0, secondaries = 0, i, rc;
    char *pool_index = NULL;
    if (lcmaps_account_info_init(&account))
        return 1;
    rc = lcmaps_run_with_fqans_and_return_account(dn, fqans, 2, NULL, 1, policies, &uid, &primary, &primaries,
                                                  &secondary, &secondaries, &pool_index);
    if (rc == 0)
        rc = lcmaps_account_info_fill(&uid, &primary, &primaries, &secondary, &secondaries, &pool_index, &account);
    printf("by fqans: %d uid %d", rc, (int)account.uid);
    for (i = 0; i < account.npgid; i++)
        printf(" primary %d", (int)account.pgid_list[i]);
    for (i = 0; i < account.nsgid; i++)
        printf(" secondary %d", (int)account.sgid_list[i]);
    printf(" lease %s\n", account.poolindex ? account.poolindex : "(none)");
    lcmaps_account_info_clean(&account);
    return rc;
}

static void results(void)
{
    int count = 0, i;
    uid_t *uids = (uid_t *)getCredentialData(UID, &count);
    char **strings;
    lcmaps_vo_mapping_t *mappings;
    for (i = 0; i < count; i++)
        printf("result uid %d\n", (int)uids[i]);
    strings = (char **)getCredentialData(LCMAPS_VO_CRED_STRING, &count);
    for (i = 0; i < count; i++)
        printf("result string %s\n", strings[i]);
    mappings = (lcmaps_vo_mapping_t *)getCredentialData(LCMAPS_VO_CRED_MAPPING, &count);
    for (i = 0; i < count; i++)
        printf("result mapping %s to %s (%d)\n", mappings[i].vostring, mappings[i].groupname, (int)mappings[i].gid);
}

int main(int argc, char **argv)
{
    FILE *log = argc > 1 ? fopen(argv[1], "a") : NULL;
    int failures;
    if (!log)
        return 2;
    printf("interface %d.%d.%d library %d.%d.%d\n", LCMAPS_API_MAJOR_VERSION, LCMAPS_API_MINOR_VERSION,
           LCMAPS_API_PATCH_VERSION, LCMAPS_MAJOR_VERSION(NULL), LCMAPS_MINOR_VERSION(NULL),
           LCMAPS_PATCH_VERSION(NULL));
    if (lcmaps_init(log)) {
        printf("no session\n");
        return 1;
    }
    failures = by_name() + by_fqans();
    results();
    failures += lcmaps_term();
    fclose(log);
    return failures;
}
