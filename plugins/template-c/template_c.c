/*
 * lcmaps_template_c: the smallest useful LCMAPS module in C. Copy it and start from here.
 *
 * Maps every user whose DN begins with a prefix to one account:
 *
 *     all = "lcmaps_template_c.mod -account guest -prefix /O=Example/"
 *
 * Build it with make, see Makefile and README.md. docs/module-writers.md explains the interface.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lcmaps/lcmaps_modules.h>
#include <lcmaps/lcmaps_arguments.h>
#include <lcmaps/lcmaps_cred_data.h>

#define MODULE "lcmaps_template_c"

/*
 * Everything but the plugin_* functions is static: modules share one process, and a name that is
 * visible outside can be somebody else's as well.
 */

/* The configuration. The words of the policy file stay where they are until plugin_terminate. */
static const char *account = NULL;
static const char *prefix = "";

/*
 * What this module asks for in a run: name and type, letter by letter as in the table of
 * docs/module-writers.md, and an element without a name at the end. The library writes the last
 * member before each run: the address of the variable that holds the value.
 */
static lcmaps_argument_t arguments[] = {
    { "user_dn", "char *", 0, NULL },
    { NULL, NULL, -1, NULL }
};

/* Called when the library reads its policy file. argv[0] is the path of this module. */
int plugin_initialize(int argc, char **argv)
{
    int i;

    account = NULL;
    prefix = "";
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-account") == 0 && i + 1 < argc) {
            account = argv[++i];
        } else if (strcmp(argv[i], "-prefix") == 0 && i + 1 < argc) {
            prefix = argv[++i];
        } else {
            /* Say what is wrong and what would be right. Text from outside is never the format. */
            lcmaps_log(LOG_ERR, MODULE "-plugin_initialize(): unknown option or option without value \"%s\"; "
                       "known options: -account NAME, -prefix DN\n", argv[i]);
            return LCMAPS_MOD_FAIL;
        }
    }
    if (account == NULL) {
        lcmaps_log(LOG_ERR, MODULE "-plugin_initialize(): option -account is missing\n");
        return LCMAPS_MOD_FAIL;
    }
    return LCMAPS_MOD_SUCCESS;
}

/* Tells the library what this module asks for. The array stays this module's. */
int plugin_introspect(int *argc, lcmaps_argument_t **argv)
{
    *argc = lcmaps_cntArgs(arguments);
    *argv = arguments;
    return LCMAPS_MOD_SUCCESS;
}

/* Looks the account up; 0 when that succeeds. getpwnam is not for threads, getpwnam_r is. */
static int look_up(const char *name, uid_t *uid, gid_t *gid)
{
    size_t size = 1024;
    char *buffer = NULL, *bigger;
    struct passwd entry, *found = NULL;
    int rc;

    do {
        size *= 4;
        if ((bigger = realloc(buffer, size)) == NULL) {
            rc = ENOMEM;
            break;
        }
        buffer = bigger;
        rc = getpwnam_r(name, &entry, buffer, size, &found);
    } while (rc == ERANGE && size < (1 << 20));

    if (rc != 0) {
        lcmaps_log(LOG_ERR, MODULE "-plugin_run(): cannot look up account %s: %s\n", name, strerror(rc));
    } else if (found == NULL) {
        lcmaps_log(LOG_ERR, MODULE "-plugin_run(): there is no account %s\n", name);
        rc = ENOENT;
    } else if (entry.pw_uid == 0) {
        lcmaps_log(LOG_ERR, MODULE "-plugin_run(): account %s has uid 0, and nobody is mapped to root\n", name);
        rc = EPERM;
    } else {
        *uid = entry.pw_uid;
        *gid = entry.pw_gid;
    }
    free(buffer);
    return rc;
}

/* Decides about a user: 0 is yes, everything else is no. */
int plugin_run(int argc, lcmaps_argument_t *argv)
{
    char **place = lcmaps_getArgValue("user_dn", "char *", argc, argv);
    char *dn = place != NULL ? *place : NULL;
    uid_t uid;
    gid_t gid;

    if (dn == NULL || strncmp(dn, prefix, strlen(prefix)) != 0) {
        lcmaps_log(LOG_NOTICE, MODULE "-plugin_run(): \"%s\" does not begin with \"%s\"\n", dn != NULL ? dn : "", prefix);
        return LCMAPS_MOD_FAIL;
    }
    if (look_up(account, &uid, &gid) != 0)
        return LCMAPS_MOD_FAIL;

    /*
     * The results. The library copies what the pointers point to; for texts that is a char *.
     * What is added stays even if the module fails afterwards, so this comes last.
     */
    if (addCredentialData(DN, &dn) != 0 || addCredentialData(UID, &uid) != 0 || addCredentialData(PRI_GID, &gid) != 0)
        return LCMAPS_MOD_FAIL;
    lcmaps_log(LOG_INFO, MODULE "-plugin_run(): template_c plugin succeeded\n");
    return LCMAPS_MOD_SUCCESS;
}

/*
 * Checks that a user is entitled to an account. The application compares uid and gids with what it
 * wants to verify; a module that changes nothing on the machine can do the same as in a run.
 */
int plugin_verify(int argc, lcmaps_argument_t *argv)
{
    return plugin_run(argc, argv);
}

/* Called at the end, also after a plugin_initialize that failed. */
int plugin_terminate(void)
{
    account = NULL;
    prefix = "";
    return LCMAPS_MOD_SUCCESS;
}
