/*
 * A program as sites have them: linked to the library, with all that the headers declare. Prints what
 * it got. Arguments: log file, PEM file.
 */
#define ALLOW_EMPTY_CREDENTIALS 1
#include <stdio.h>
#include <stdlib.h>
#include <gssapi.h>
#include <lcas/lcas.h>
#include <lcas/lcas_pem.h>
#include <lcas/lcas_log.h>
#include <lcas/lcas_utils.h>

/* Exported, and in no header of the original. */
extern int lcas_run_va(int arg_type, ...);

static char *const TEXT = (char *)"%s %d\n";

int main(int argc, char **argv)
{
    static char pem[1 << 16];
    FILE *log = argc > 2 ? fopen(argv[1], "w") : NULL;
    FILE *file = argc > 2 ? fopen(argv[2], "r") : NULL;
    lcas_cred_id_t credential = { NULL, (char *)"/CN=x" };
    char *name;
    if (!log || !file || fread(pem, 1, sizeof pem - 1, file) == 0)
        return 2;
    fclose(file);
    printf("before: %d\n", lcas_run_va(0, pem, "R"));
    printf("init: %d\n", lcas_init_and_log(log, 1));
    printf("again: %d\n", lcas_init(NULL));
    printf("nobody: %d\n", lcas_get_fabric_authorization((char *)"/CN=x", GSS_C_NO_CREDENTIAL, (char *)"R"));
    /* The original cannot bear a bad request after a good one. */
    printf("pem: %d\n", lcas_run_va(0, pem, "R"));
    printf("log: %d", lcas_log(2, TEXT, "one", 1));
    printf(" %d", lcas_log_debug(5, TEXT, "two", 2));
    printf(" %d", lcas_log_a_string(2, (char *)"%s\n", (char *)"three"));
    printf(" %d", lcas_log_a_string_debug(5, (char *)"%s\n", (char *)"four"));
    printf(" level %d\n", lcas_get_debug_level());
    name = lcas_genfilename((char *)"/a", (char *)"b", (char *)"c");
    printf("file: %s %s\n", name, lcas_getfexist(3, "", "/nowhere", "/etc"));
    free(name);
    name = lcas_findfile((char *)"/etc/passwd");
    printf("found: %s", name);
    free(name);
    name = lcas_findplugin((char *)"no-such.mod");
    printf(" %s\n", name ? name : "nothing");
    printf("credential: %s %d\n", lcas_get_dn(credential), lcas_get_gss_cred(credential) == GSS_C_NO_CREDENTIAL);
    printf("version: %d.%d.%d\n", getMajorVersionNumber(), getMinorVersionNumber(), getPatchVersionNumber());
    printf("term: %d\n", lcas_term());
    printf("lcas_pem: %d\n", lcas_pem(pem, (char *)"R"));
    printf("term: %d\n", lcas_term());
    return 0;
}
