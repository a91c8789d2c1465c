/*
 * A program that uses the companions of the library as the headers mean it:
 *
 *     companions FUNCTION LIBRARY-DIRECTORY [ARGUMENT...]
 *
 * With LCMAPS_USE_DLOPEN it loads them from the directory by way of handles, else it is linked to them.
 * It compiles with our headers and with the original's.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define LIBSUFF ".so.0"
#include <lcmaps/lcmaps_gss_assist_gridmap.h>
#include <lcmaps/lcmaps_return_account_from_pem.h>
#include <lcmaps/lcmaps_return_poolindex_without_gsi.h>
#include <lcmaps/lcmaps_verify_account_from_pem.h>

static const char *directory;
static char path[4096];

static const char *companion(const char *name)
{
    snprintf(path, sizeof path, "%s/lib%s.so.0", directory, name);
    return path;
}

/* The text of a file; NULL for "-". */
static char *text(const char *file)
{
    static char buffer[65536];
    FILE *stream;
    size_t length;
    if (!strcmp(file, "-"))
        return NULL;
    stream = fopen(file, "r");
    if (!stream) {
        perror(file);
        exit(3);
    }
    length = fread(buffer, 1, sizeof buffer - 1, stream);
    buffer[length] = 0;
    fclose(stream);
    return buffer;
}

static void print_list(const char *name, gid_t *list, int count)
{
    int i;
    printf(" %s", name);
    for (i = 0; i < count; i++)
        printf(" %u", (unsigned)list[i]);
}

static void print_account(int rc, lcmaps_account_info_t *account)
{
    printf("rc %d uid %d", rc, (int)account->uid);
    print_list("primary", account->pgid_list, account->npgid);
    print_list("secondary", account->sgid_list, account->nsgid);
    printf(" lease %s\n", account->poolindex ? account->poolindex : "none");
}

/* PEM-FILE MAPCOUNTER: twice, because a session must not stay behind. */
static int account_from_pem(char **arguments)
{
    LCMAPS_DECL_HANDLE_RETURN_ACCOUNT_FROM_PEM(handle)
    char *pem = text(arguments[0]);
    LCMAPS_HANDLE_RETURN_ACCOUNT_FROM_PEM *l = &handle;
    int i;
    if (!LCMAPS_INIT_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) && sizeof handle > sizeof(void *))
        return 4;
    (void)LCMAPS_SET_LIBFILE_PATH(l, companion("lcmaps_return_account_from_pem"));
    if (!LCMAPS_LOAD_RETURN_ACCOUNT_FROM_PEM(l)) {
        fprintf(stderr, "%s\n", LCMAPS_ERRMSG(l));
        return 3;
    }
    printf("version %d.%d.%d\n", LCMAPS_MAJOR_VERSION(l), LCMAPS_MINOR_VERSION(l),
           LCMAPS_PATCH_VERSION(l));
    if (!LCMAPS_REQUIRE_FUNC(l, lcmaps_disable_voms_attributes_verification))
        return 4;
    LCMAPS_CALL(l, lcmaps_disable_voms_attributes_verification)();
    for (i = 0; i < 2; i++) {
        lcmaps_account_info_t account;
        int rc;
        LCMAPS_CALL(l, lcmaps_account_info_init)(&account);
        rc = LCMAPS_CALL(l, lcmaps_return_account_from_pem)(pem, atoi(arguments[1]), &account);
        print_account(rc, &account);
        LCMAPS_CALL(l, lcmaps_account_info_clean)(&account);
    }
    return LCMAPS_CLOSE_HANDLE_RETURN_ACCOUNT_FROM_PEM(l) ? 0 : 5;
}

#ifdef LCMAPS_USE_DLOPEN

static void *open_companion(const char *name)
{
    void *library = dlopen(companion(name), RTLD_NOW | RTLD_GLOBAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(3);
    }
    return library;
}

/* PEM-FILE UID GID */
static int verify_account(char **arguments)
{
    LCMAPS_DECL_HANDLE_VERIFY_ACCOUNT_FROM_PEM(handle)
    LCMAPS_HANDLE_VERIFY_RETURN_ACCOUNT_FROM_PEM *l = &handle;
    gid_t gid = (gid_t)atoi(arguments[2]);
    char *pem = text(arguments[0]);
    lcmaps_account_info_t account;
    int (*variadic)(int, ...);
    LCMAPS_INIT_HANDLE_VERIFY_ACCOUNT_FROM_PEM(l);
    LCMAPS_SET_LIBFILE_PATH(l, companion("lcmaps_verify_account_from_pem"));
    if (!LCMAPS_LOAD_VERIFY_ACCOUNT_FROM_PEM(l)) {
        fprintf(stderr, "%s\n", LCMAPS_ERRMSG(l));
        return 3;
    }
    LCMAPS_CALL(l, lcmaps_account_info_init)(&account);
    account.uid = (uid_t)atoi(arguments[1]);
    account.pgid_list = &gid;
    account.npgid = 1;
    printf("verify %d\n", LCMAPS_CALL(l, lcmaps_verify_account_from_pem)(pem, account));
    variadic = (int (*)(int, ...))dlsym(handle.handle, "lcmaps_verify_account_from_pem_va");
    printf("variadic %d\n", variadic ? variadic(2, pem, account) : -1);
    printf("one argument %d\n", variadic ? variadic(1, pem) : -1);
    return LCMAPS_CLOSE_HANDLE_VERIFY_ACCOUNT_FROM_PEM(l) ? 0 : 5;
}

/* LIBRARY DN */
static int gridmap(char **arguments)
{
    void *library = open_companion(arguments[0]);
    globus_gss_assist_gridmap_t *map = (globus_gss_assist_gridmap_t *)dlsym(library, "globus_gss_assist_gridmap");
    char *user = (char *)"untouched";
    int rc = map(arguments[1], &user);
    printf("rc %d user %s\n", rc, rc ? "none" : user);
    if (rc == 0)
        free(user);
    printf("without a place %d\n", map(arguments[1], NULL));
    return 0;
}

typedef __typeof__(lcmaps_return_poolindex_without_gsi) plain_t;
typedef __typeof__(lcmaps_return_poolindex_with_mapcounter) counted_t;
typedef __typeof__(lcmaps_return_account_without_gsi) account_t;

/* DN FQAN... */
static int without_gsi(char **arguments, int count)
{
    void *library = open_companion("lcmaps_return_poolindex_without_gsi");
    plain_t *plain = (plain_t *)dlsym(library, "lcmaps_return_poolindex_without_gsi");
    counted_t *counted = (counted_t *)dlsym(library, "lcmaps_return_poolindex_with_mapcounter");
    account_t *any = (account_t *)dlsym(library, "lcmaps_return_account_without_gsi");
    lcmaps_account_info_clean_t *clean = (lcmaps_account_info_clean_t *)dlsym(library, "lcmaps_account_info_clean");
    char **fqans = count > 1 ? arguments + 1 : NULL;
    int i;
    for (i = 0; i < 3; i++) {
        lcmaps_account_info_t account = { (uid_t)-1, NULL, 0, NULL, 0, NULL };
        int rc = i == 0 ? plain(arguments[0], fqans, count - 1, &account)
            : i == 1 ? counted(arguments[0], fqans, count - 1, 7, &account)
            : any(arguments[0], fqans, count - 1, 8, &account);
        print_account(rc, &account);
        clean(&account);
    }
    return 0;
}

#endif

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    directory = argv[2];
    if (!strcmp(argv[1], "account"))
        return account_from_pem(argv + 3);
#ifdef LCMAPS_USE_DLOPEN
    if (!strcmp(argv[1], "verify"))
        return verify_account(argv + 3);
    if (!strcmp(argv[1], "gridmap"))
        return gridmap(argv + 3);
    if (!strcmp(argv[1], "without_gsi"))
        return without_gsi(argv + 3, argc - 3);
#endif
    return 2;
}
