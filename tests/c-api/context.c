/*
 * A service of Globus that asks for the lease of its client:
 *
 *     context LIBRARY CREDENTIAL-FILE
 *
 * Client and service are this program; both have the credential of the file.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gssapi.h>
#define LIBSUFF ".so.0"
#define LCMAPS_USE_DLOPEN
#include <lcmaps/lcmaps_account.h>
#include <lcmaps/lcmaps_return_poolindex.h>

extern globus_module_descriptor_t globus_i_gsi_gssapi_module;
#define GSSAPI (&globus_i_gsi_gssapi_module)

static gss_cred_id_t import(const char *file)
{
    char token[4096];
    gss_buffer_desc buffer;
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 minor;
    snprintf(token, sizeof token, "X509_USER_PROXY=%s", file);
    buffer.value = token;
    buffer.length = strlen(token) + 1;
    if (gss_import_cred(&minor, &credential, GSS_C_NO_OID, 1, &buffer, 0, NULL) != GSS_S_COMPLETE) {
        fprintf(stderr, "no credential\n");
        exit(3);
    }
    return credential;
}

static gss_ctx_id_t establish(gss_cred_id_t credential)
{
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, service = GSS_C_NO_CONTEXT;
    OM_uint32 major = GSS_S_CONTINUE_NEEDED, accepted = GSS_S_CONTINUE_NEEDED, minor;
    gss_buffer_desc to_service = GSS_C_EMPTY_BUFFER, to_client = GSS_C_EMPTY_BUFFER;
    int rounds;
    for (rounds = 0; rounds < 50 && (major == GSS_S_CONTINUE_NEEDED || accepted == GSS_S_CONTINUE_NEEDED); rounds++) {
        if (major == GSS_S_CONTINUE_NEEDED)
            major = gss_init_sec_context(&minor, credential, &client, GSS_C_NO_NAME, GSS_C_NO_OID, 0, 0, NULL,
                                         &to_client, NULL, &to_service, NULL, NULL);
        to_client.length = 0;
        if (to_service.length && accepted == GSS_S_CONTINUE_NEEDED)
            accepted = gss_accept_sec_context(&minor, &service, credential, &to_service, NULL, NULL, NULL, &to_client,
                                              NULL, NULL, NULL);
        to_service.length = 0;
    }
    if (major != GSS_S_COMPLETE || accepted != GSS_S_COMPLETE) {
        fprintf(stderr, "no context: %#x %#x\n", major, accepted);
        exit(3);
    }
    return service;
}

int main(int argc, char **argv)
{
    /* The original's LCMAPS_DECL_HANDLE_RETURN_POOLINDEX has one initial value too few. */
    LCMAPS_HANDLE_RETURN_POOLINDEX handle, *l = &handle;
    gss_cred_id_t credential;
    gss_ctx_id_t context;
    char name[32] = "untouched", tight[11] = "untouched";
    if (argc != 3)
        return 2;
    if (globus_module_activate(GSSAPI) != 0)
        return 3;
    credential = import(argv[2]);
    context = establish(credential);
    LCMAPS_INIT_HANDLE_RETURN_POOLINDEX(l);
    LCMAPS_SET_LIBFILE_PATH(l, argv[1]);
    if (!LCMAPS_LOAD_RETURN_POOLINDEX(l)) {
        fprintf(stderr, "%s\n", LCMAPS_ERRMSG(l));
        return 3;
    }
    printf("credential %d", LCMAPS_CALL(l, lcmaps_return_poolindex_from_gss_cred)(credential, name, sizeof name));
    printf(" %s\n", name);
    strcpy(name, "untouched");
    printf("context %d", LCMAPS_CALL(l, lcmaps_return_poolindex)(context, name, sizeof name));
    printf(" %s\n", name);
    /* lease%3dname takes 13 bytes. */
    printf("no room %d", LCMAPS_CALL(l, lcmaps_return_poolindex_from_gss_cred)(credential, tight, sizeof tight));
    printf(" %s\n", tight);
    fflush(stdout);
    /* The original's libraries do not survive being unloaded. */
    _Exit(0);
}
