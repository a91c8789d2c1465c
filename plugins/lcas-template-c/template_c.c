/*
 * lcas_template_c: the smallest useful LCAS module in C. Copy it and start from here.
 *
 * Grants every request of a user whose DN begins with a prefix, and refuses all others:
 *
 *     pluginname=lcas_template_c.mod, pluginargs="-prefix /O=Example/"
 *
 * Build it with make, see Makefile and README.md. docs/module-writers.md explains the interface.
 */
#include <stdlib.h>
#include <string.h>

#include <lcas/lcas_modules.h>

#define MODULE "lcas_template_c"

/*
 * Everything but the plugin_* functions is static: modules share one process, and a name that is
 * visible outside can be somebody else's as well.
 */

/*
 * A database may name a module several times, and all entries share these variables. So each entry has
 * an instance, known by its argument vector, which stays where it is until plugin_terminate.
 */
enum { MOST_INSTANCES = 250 };

static struct instance {
    char **argv;
    const char *prefix;
} instances[MOST_INSTANCES];

/* The instance that the next call in this thread is for; NULL means all. */
static __thread char **selected = NULL;

static char message[] = MODULE "-plugin_confirm_authorization(): \"%s\" does not begin with \"%s\"\n";
static char no_prefix[] = MODULE "-plugin_initialize(): option -prefix is missing\n";
static char unknown[] = MODULE "-plugin_initialize(): unknown option or option without value \"%s\"; "
                        "known options: -prefix DN\n";

/* Called when the library reads its database, for each entry. argv[0] is the path of this module. */
int plugin_initialize(int argc, char **argv)
{
    const char *prefix = NULL;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-prefix") == 0 && i + 1 < argc) {
            prefix = argv[++i];
        } else {
            /* Say what is wrong and what would be right. Text from outside is never the format. */
            lcas_log(LOG_ERR, unknown, argv[i]);
            return LCAS_MOD_FAIL;
        }
    }
    if (prefix == NULL) {
        lcas_log(LOG_ERR, no_prefix);
        return LCAS_MOD_FAIL;
    }
    for (i = 0; i < MOST_INSTANCES; i++) {
        if (instances[i].argv == NULL) {
            instances[i].argv = argv;
            instances[i].prefix = prefix;
            return LCAS_MOD_SUCCESS;
        }
    }
    return LCAS_MOD_FAIL;
}

/* Optional: this library says which entry the next call in this thread is for. LCAS 1.3.19 does not. */
int plugin_select_instance(char **argv)
{
    int i;

    selected = NULL;
    for (i = 0; i < MOST_INSTANCES; i++) {
        if (argv != NULL && instances[i].argv == argv) {
            selected = argv;
            return LCAS_MOD_SUCCESS;
        }
    }
    return LCAS_MOD_FAIL;
}

/*
 * Decides about a request: 0 grants, everything else refuses. The request is NULL or any text; this
 * module does not look at it. Without a selection every instance has to grant.
 */
int plugin_confirm_authorization(lcas_request_t request, lcas_cred_id_t credential)
{
    char **only = selected;
    char *dn = lcas_get_dn(credential);
    int i, asked = 0;

    (void)request;
    selected = NULL;
    for (i = 0; i < MOST_INSTANCES; i++) {
        if (instances[i].argv == NULL || (only != NULL && instances[i].argv != only))
            continue;
        asked++;
        if (dn == NULL || strncmp(dn, instances[i].prefix, strlen(instances[i].prefix)) != 0) {
            lcas_log(LOG_NOTICE, message, dn != NULL ? dn : "", instances[i].prefix);
            return LCAS_MOD_FAIL;
        }
    }
    /* Nobody asked, nobody granted. */
    return asked > 0 ? LCAS_MOD_SUCCESS : LCAS_MOD_FAIL;
}

/* Called once for each plugin_initialize, also after one that failed: ends the selected instance, or the first. */
int plugin_terminate(void)
{
    char **only = selected;
    int i;

    selected = NULL;
    for (i = 0; i < MOST_INSTANCES; i++) {
        if (instances[i].argv != NULL && (only == NULL || instances[i].argv == only)) {
            /* The others move up, so that the first stays the oldest. */
            memmove(&instances[i], &instances[i + 1], (size_t)(MOST_INSTANCES - i - 1) * sizeof instances[0]);
            memset(&instances[MOST_INSTANCES - 1], 0, sizeof instances[0]);
            break;
        }
    }
    return LCAS_MOD_SUCCESS;
}
