/*
 * Hosts that do odd things to the library, one per run of this program:
 *
 *     scenarios NAME LIBRARY DIRECTORY
 *
 * DIRECTORY has a policy file lcmaps.db that maps /CN=mapped to the user nobody. The program ends with
 * status 0 if everything was as expected; what was not is on standard error.
 */
#define _GNU_SOURCE
#define LCMAPS_USE_DLOPEN
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <lcmaps/lcmaps.h>
#include <lcmaps/lcmaps_account.h>
#include <lcmaps/lcmaps_arguments.h>
#include <lcmaps/lcmaps_cred_data.h>
#include <lcmaps/lcmaps_report.h>
#include <lcmaps/lcmaps_utils.h>
#include <lcmaps/lcmaps_vo_data.h>

#define EXPECT(condition) \
    ((condition) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #condition), (void)failures++))

static int failures;
static const char *path;      /* of the library */
static const char *directory; /* with lcmaps.db */
static void *library;

static char *MAPPED = (char *)"/CN=mapped";
static char *UNMAPPED = (char *)"/CN=unmapped";

static void open_library(int flags)
{
    library = dlopen(path, RTLD_NOW | flags);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(3);
    }
}

static void *symbol(const char *name)
{
    void *found = dlsym(library, name);
    if (!found) {
        fprintf(stderr, "%s\n", dlerror());
        exit(3);
    }
    return found;
}
#define CALL(name) (*(name##_t *)symbol(#name))

/* Functions without a type in the headers. */
typedef int lcmaps_log_t(int, const char *, ...);
typedef int addCredentialData_t(int, void *);
typedef void *getCredentialData_t(int, int *);

static FILE *new_log(const char *name)
{
    char file[4096];
    FILE *stream;
    snprintf(file, sizeof file, "%s/%s", directory, name);
    stream = fopen(file, "a");
    if (!stream) {
        perror(file);
        exit(3);
    }
    return stream;
}

/* Number of lines of a log that have the text. */
static int lines_with(const char *name, const char *text)
{
    char file[4096], line[4096];
    int count = 0;
    FILE *stream;
    snprintf(file, sizeof file, "%s/%s", directory, name);
    stream = fopen(file, "r");
    while (stream && fgets(line, sizeof line, stream))
        count += strstr(line, text) != NULL;
    if (stream)
        fclose(stream);
    return count;
}

/* Results of the functions that map; all start from the same values. */
struct account {
    uid_t uid;
    gid_t *primary, *secondary;
    int primaries, secondaries;
    char *lease;
};
static struct account blank(void)
{
    struct account account = { 4242, NULL, NULL, -4, -4, NULL };
    return account;
}
#define PLACES(a) &(a).uid, &(a).primary, &(a).primaries, &(a).secondary, &(a).secondaries, &(a).lease

/* 1 if the DN maps to nobody, 0 if it does not map and the result is NULL. */
static int maps(char *dn)
{
    char *name = (char *)"untouched";
    int rc = CALL(lcmaps_run_without_credentials_and_return_username)(dn, NULL, &name, 0, NULL);
    if (rc == 0) {
        int right = name && !strcmp(name, "nobody");
        EXPECT(right);
        free(name);
        return right;
    }
    EXPECT(rc == 1);
    EXPECT(name == NULL);
    return 0;
}

/* All functions that map fail and leave the results alone. */
static void nothing_maps(void)
{
    struct account a = blank();
    char *fqans[] = { (char *)"/vo" };
    char *lease = NULL, *name = NULL, *json = NULL;
    EXPECT(!maps(MAPPED));
    EXPECT(CALL(lcmaps_run_with_fqans_and_return_account)(MAPPED, fqans, 1, NULL, 0, NULL, PLACES(a)) == 1);
    EXPECT(CALL(lcmaps_run_with_fqans_mapcounter_and_return_account)(MAPPED, fqans, 1, 1, NULL, 0, NULL, PLACES(a)) == 1);
    EXPECT(CALL(lcmaps_run_with_pem_and_return_account)(NULL, (char *)"text", -1, NULL, 0, NULL, PLACES(a)) == 1);
    EXPECT(CALL(lcmaps_run_and_verify_account_from_pem)(NULL, (char *)"text", 1, NULL, 0, NULL, 0, NULL, NULL, 0, NULL) == 1);
    EXPECT((*(int (*)(void *, int, char *, int, char **, uid_t *, gid_t **, int *, gid_t **, int *, char **))symbol(
               "lcmaps_run_with_stack_of_x509_and_return_account"))(NULL, -1, NULL, 0, NULL, PLACES(a)) == 1);
    EXPECT((*(int (*)(char *, void *, char *))symbol("lcmaps_run"))(MAPPED, NULL, NULL) == 1);
    EXPECT((*(int (*)(char *, void *, char *, char **, int, char **))symbol("lcmaps_run_and_return_username"))(
               MAPPED, NULL, NULL, &name, 0, NULL) == 1);
    EXPECT((*(int (*)(char *, void *, char *, char **, int, char **))symbol("lcmaps_run_and_return_poolindex"))(
               MAPPED, NULL, NULL, &lease, 0, NULL) == 1);
    EXPECT(a.uid == 4242 && !a.primary && !a.secondary && a.primaries == -4 && a.secondaries == -4 && !a.lease);
    EXPECT(!name && !lease && !json);
}

static void run_before_init(void)
{
    open_library(RTLD_GLOBAL);
    nothing_maps();
    EXPECT(CALL(lcmaps_init)(new_log("log")) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
}

static void run_after_term(void)
{
    FILE *log = new_log("log");
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    nothing_maps();
    nothing_maps();
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
}

static void everything_twice(void)
{
    FILE *log = new_log("log");
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(!maps(UNMAPPED));
    EXPECT(maps(MAPPED));
    EXPECT(!maps(UNMAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(CALL(lcmaps_term)() == 0);
    nothing_maps();
}

static void null_results(void)
{
    struct account a = blank();
    char *fqans[] = { (char *)"/vo", NULL };
    char *policies[] = { NULL, (char *)"main", NULL };
    char *name = NULL;
    /* no place for the result */
    EXPECT(CALL(lcmaps_run_without_credentials_and_return_username)(MAPPED, NULL, NULL, 0, NULL) == 1);
    EXPECT(CALL(lcmaps_run_with_fqans_and_return_account)(MAPPED, fqans, 1, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL) == 1);
    EXPECT(CALL(lcmaps_run_with_pem_and_return_account)(NULL, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL) == 1);
    EXPECT((*(int (*)(char *, void *, char *, char **, int, char **))symbol("lcmaps_run_and_return_username"))(
               NULL, NULL, NULL, NULL, 0, NULL) == 1);
    EXPECT((*(int (*)(char *, void *, char *, char **, int, char **))symbol("lcmaps_run_and_return_poolindex"))(
               NULL, NULL, NULL, NULL, 0, NULL) == 1);
    EXPECT((*(lcmaps_get_run_report_t *)symbol("lcmaps_get_run_report"))(NULL) == 1);
    /* no input */
    EXPECT(!maps(NULL));
    EXPECT(CALL(lcmaps_run_with_fqans_and_return_account)(NULL, NULL, 0, NULL, 0, NULL, PLACES(a)) == 1);
    EXPECT(CALL(lcmaps_run_with_pem_and_return_account)(NULL, NULL, 0, NULL, 0, NULL, PLACES(a)) == 1);
    EXPECT(CALL(lcmaps_run_and_verify_account_from_pem)(NULL, NULL, 0, NULL, 3, NULL, 3, NULL, NULL, 3, NULL) == 1);
    /* lists that are not there, or have holes */
    CALL(lcmaps_run_with_fqans_and_return_account)(MAPPED, NULL, 3, NULL, 0, NULL, PLACES(a));
    CALL(lcmaps_run_with_fqans_and_return_account)(MAPPED, fqans, 2, NULL, 0, NULL, PLACES(a));
    CALL(lcmaps_run_with_fqans_and_return_account)(MAPPED, fqans, -7, NULL, 0, NULL, PLACES(a));
    CALL(lcmaps_run_without_credentials_and_return_username)(MAPPED, NULL, &name, 3, NULL);
    CALL(lcmaps_run_without_credentials_and_return_username)(MAPPED, NULL, &name, 3, policies);
    CALL(lcmaps_run_without_credentials_and_return_username)(MAPPED, NULL, &name, -1, policies);
}

static void nulls_everywhere(void)
{
    int count = 7;
    time_t time = 0;
    open_library(RTLD_GLOBAL);
    null_results();
    EXPECT(CALL(lcmaps_init_and_logfile)(NULL, new_log("log"), 1) == 0);
    null_results();
    EXPECT(maps(MAPPED));
    null_results();
    EXPECT(maps(MAPPED));
    /* a type that is not known, data that is not there */
    EXPECT(CALL(addCredentialData)(UID, NULL) == 0);
    EXPECT(CALL(addCredentialData)(77, NULL) == 0 || CALL(addCredentialData)(77, NULL) == -1);
    CALL(getCredentialData)(UID, NULL);
    EXPECT(CALL(getCredentialData)(77, &count) == NULL && count == 7);
    EXPECT(CALL(getCredentialData)(77, NULL) == NULL);
    /* switches */
    errno = 0;
    EXPECT(CALL(lcmaps_get_voms_verification_time)(NULL, &count) == -1 && errno == EINVAL);
    errno = 0;
    EXPECT(CALL(lcmaps_get_voms_verification_time)(&time, NULL) == -1 && errno == EINVAL);
    /* log */
    CALL(lcmaps_log)(3, NULL);
    CALL(lcmaps_log)(3, "%s\n", (char *)NULL);
    (*(int (*)(int, const char *, const char *))symbol("lcmaps_log_a_string"))(3, NULL, NULL);
    (*(int (*)(int, const char *, const char *))symbol("lcmaps_log_a_string_debug"))(3, NULL, NULL);
    EXPECT(CALL(lcmaps_term)() == 0);
    null_results();
}

static void helpers_take_nulls(void)
{
    lcmaps_argument_t list[] = { { "a", "int", 0, NULL }, { "b", NULL, 0, NULL }, { NULL, NULL, -1, NULL } };
    lcmaps_argument_t *nothing = NULL, *listed = list;
    lcmaps_vo_data_t *data, other;
    lcmaps_vo_mapping_t *mapping, another;
    lcmaps_account_info_t account;
    uid_t uid = 1;
    gid_t ids[] = { 1, 2 }, *some = ids, *none = NULL;
    int two = 2, minus = -2, zero = 0, n = 9;
    char *text = NULL, buffer[8] = "before", *words[4];
    open_library(RTLD_GLOBAL);
#define FN(result, name, arguments) (*(result (*)arguments)symbol(#name))
    /* arguments */
    EXPECT(FN(int, lcmaps_cntArgs, (lcmaps_argument_t *))(NULL) == 0);
    EXPECT(FN(int, lcmaps_findArgName, (const char *, int, lcmaps_argument_t *))(NULL, 3, list) == -1);
    EXPECT(FN(int, lcmaps_findArgName, (const char *, int, lcmaps_argument_t *))("a", 3, NULL) == -1);
    EXPECT(FN(int, lcmaps_findArgName, (const char *, int, lcmaps_argument_t *))("a", -3, list) == -1);
    EXPECT(FN(int, lcmaps_findArgName, (const char *, int, lcmaps_argument_t *))("z", 9, list) == -1);
    EXPECT(FN(int, lcmaps_findArgNameAndType, (const char *, const char *, int, lcmaps_argument_t *))("a", NULL, 3, list) == -1);
    EXPECT(FN(int, lcmaps_findArgNameAndType, (const char *, const char *, int, lcmaps_argument_t *))("b", "int", 3, list) == -1);
    EXPECT(FN(void *, lcmaps_getArgValue, (const char *, const char *, int, lcmaps_argument_t *))(NULL, NULL, 3, NULL) == NULL);
    EXPECT(FN(int, lcmaps_setArgValue, (const char *, const char *, void *, int, lcmaps_argument_t **))("a", "int", &n, 3, NULL) == -1);
    EXPECT(FN(int, lcmaps_setArgValue, (const char *, const char *, void *, int, lcmaps_argument_t **))("a", "int", &n, 3, &nothing) == -1);
    EXPECT(FN(int, lcmaps_setArgValue, (const char *, const char *, void *, int, lcmaps_argument_t **))("a", "int", &n, 3, &listed) == 0);
    EXPECT(list[0].value == &n);
    /* VO data */
    data = FN(lcmaps_vo_data_t *, lcmaps_createVoData, (const char *, const char *, const char *, const char *, const char *))(NULL, NULL, NULL, NULL, NULL);
    EXPECT(data && !data->vo && !data->capability);
    EXPECT(FN(int, lcmaps_stringVoData, (const lcmaps_vo_data_t *, char *, int))(data, buffer, 8) == -1 && !*buffer);
    EXPECT(FN(int, lcmaps_stringVoData, (const lcmaps_vo_data_t *, char *, int))(NULL, buffer, 8) == -1);
    EXPECT(FN(int, lcmaps_stringVoData, (const lcmaps_vo_data_t *, char *, int))(data, NULL, 8) == -1);
    EXPECT(FN(int, lcmaps_stringVoData, (const lcmaps_vo_data_t *, char *, int))(data, buffer, -8) == -1);
    EXPECT(FN(int, lcmaps_printVoData, (int, const lcmaps_vo_data_t *))(5, data) == 0);
    EXPECT(FN(int, lcmaps_printVoData, (int, const lcmaps_vo_data_t *))(5, NULL) == 0);
    EXPECT(FN(int, lcmaps_copyVoData, (lcmaps_vo_data_t *, const lcmaps_vo_data_t *))(&other, data) == 0 && !other.vo);
    EXPECT(FN(int, lcmaps_copyVoData, (lcmaps_vo_data_t *, const lcmaps_vo_data_t *))(NULL, data) == -1);
    EXPECT(FN(int, lcmaps_copyVoData, (lcmaps_vo_data_t *, const lcmaps_vo_data_t *))(&other, NULL) == -1);
    EXPECT(FN(int, lcmaps_cleanVoData, (lcmaps_vo_data_t *))(&other) == 0);
    EXPECT(FN(int, lcmaps_cleanVoData, (lcmaps_vo_data_t *))(NULL) == -1);
    EXPECT(FN(int, lcmaps_deleteVoData, (lcmaps_vo_data_t **))(&data) == 0 && !data);
    EXPECT(FN(int, lcmaps_deleteVoData, (lcmaps_vo_data_t **))(&data) == 0);
    EXPECT(FN(int, lcmaps_deleteVoData, (lcmaps_vo_data_t **))(NULL) == -1);
    /* VO mappings */
    mapping = FN(lcmaps_vo_mapping_t *, lcmaps_createVoMapping, (const char *, const char *, gid_t))("/vo", NULL, 5);
    EXPECT(mapping && !strcmp(mapping->vostring, "/vo") && !mapping->groupname && mapping->gid == 5);
    EXPECT(FN(int, lcmaps_printVoMapping, (int, const lcmaps_vo_mapping_t *))(5, mapping) == 0);
    EXPECT(FN(int, lcmaps_copyVoMapping, (lcmaps_vo_mapping_t *, const lcmaps_vo_mapping_t *))(&another, mapping) == 0);
    EXPECT(FN(int, lcmaps_copyVoMapping, (lcmaps_vo_mapping_t *, const lcmaps_vo_mapping_t *))(mapping, mapping) == 0);
    EXPECT(FN(int, lcmaps_cleanVoMapping, (lcmaps_vo_mapping_t *))(&another) == 0 && !another.vostring && another.gid == 5);
    EXPECT(FN(int, lcmaps_deleteVoMapping, (lcmaps_vo_mapping_t **))(&mapping) == 0 && !mapping);
    mapping = FN(lcmaps_vo_mapping_t *, lcmaps_createVoMapping, (const char *, const char *, gid_t))(NULL, NULL, 0);
    EXPECT(mapping && !mapping->vostring && !mapping->groupname && mapping->gid == LCMAPS_NO_GID);
    EXPECT(FN(int, lcmaps_printVoMapping, (int, const lcmaps_vo_mapping_t *))(5, mapping) == 0);
    EXPECT(FN(int, lcmaps_deleteVoMapping, (lcmaps_vo_mapping_t **))(&mapping) == 0);
    /* accounts */
    EXPECT(CALL(lcmaps_account_info_init)(NULL) == 0 && CALL(lcmaps_account_info_clean)(NULL) == 0);
#define FILL FN(int, lcmaps_account_info_fill, (uid_t *, gid_t **, int *, gid_t **, int *, char **, lcmaps_account_info_t *))
    EXPECT(FILL(&uid, &some, &two, &some, &two, &text, NULL) == -1);
    EXPECT(FILL(&uid, NULL, &two, &some, &two, &text, &account) == 1 && account.uid == (uid_t)-1);
    EXPECT(FILL(&uid, &none, &two, &some, &two, &text, &account) == -1 && account.uid == (uid_t)-1);
    EXPECT(FILL(&uid, &some, &two, &some, &minus, &text, &account) == -1 && !account.pgid_list);
    EXPECT(FILL(&uid, &some, &two, &none, &zero, &text, &account) == 0 && account.pgid_list[1] == 2);
    EXPECT(CALL(lcmaps_account_info_clean)(&account) == 0 && CALL(lcmaps_account_info_clean)(&account) == 0);
    /* utilities */
    text = FN(char *, lcmaps_genfilename, (const char *, const char *, const char *))(NULL, NULL, NULL);
    EXPECT(text && !*text);
    free(text);
#define TOKENIZE FN(int, lcmaps_tokenize, (const char *, char **, int *, const char *))
    n = 4;
    EXPECT(TOKENIZE("a", NULL, &n, " ") == -4 && TOKENIZE("a", words, NULL, " ") == -4 && TOKENIZE("a", words, &n, NULL) == -4 && n == 4);
    EXPECT(TOKENIZE(NULL, words, &n, " ") == 0 && n == 0 && !words[0]);
    n = 0;
    EXPECT(TOKENIZE("a", words, &n, " ") == -2 && n == 0);
    n = -1;
    EXPECT(TOKENIZE("", NULL, &n, " ") == -4 && TOKENIZE("", words, &n, " ") == -2 && n == 0);
#define GIDS FN(int, lcmaps_get_gidlist, (const char *, int *, gid_t **))
    EXPECT(GIDS(NULL, &n, &some) == 1 && GIDS("root", NULL, &some) == 1 && GIDS("root", &n, NULL) == 1);
    EXPECT(GIDS("no such user", &n, &some) == 1 && some == ids);
    EXPECT(GIDS("root", &n, &some) == 0 && n > 0 && some != ids);
    free(some);
}

/*
 * A stream that notices when it is used although its owner thinks that nobody does any more. (To
 * close it, and to look at what happens, would be undefined.)
 */
static int given_back, written, written_too_late;

static ssize_t note(void *cookie, const char *text, size_t size)
{
    (void)cookie, (void)text;
    written++;
    written_too_late += given_back;
    return (ssize_t)size;
}

static FILE *watched_stream(void)
{
    cookie_io_functions_t functions = { NULL, note, NULL, NULL };
    return fopencookie(NULL, "w", functions);
}

static void stream_forgotten(void)
{
    FILE *log = new_log("log");
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(watched_stream()) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(written > 0);
    given_back = 1;
    CALL(lcmaps_log)(3, "between sessions\n");
    nothing_maps();
    EXPECT(CALL(lcmaps_init)(log) == 0);
    CALL(lcmaps_log)(3, "second session\n");
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(written_too_late == 0);
    EXPECT(lines_with("log", "second session") == 1);
    EXPECT(lines_with("log", "between sessions") == 0);
}

static void stream_forgotten_after_failure(void)
{
    FILE *log = new_log("log");
    open_library(RTLD_GLOBAL);
    setenv("LCMAPS_DB_FILE", "/nonexistent/lcmaps.db", 1);
    EXPECT(CALL(lcmaps_init)(watched_stream()) == 1);
    EXPECT(written > 0);
    given_back = 1;
    CALL(lcmaps_log)(3, "after the failure\n");
    nothing_maps();
    EXPECT(CALL(lcmaps_term)() == 0);
    unsetenv("LCMAPS_DB_FILE");
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(written_too_late == 0);
}

static void level_read_anew(void)
{
    FILE *log = new_log("log");
    open_library(RTLD_GLOBAL);
    setenv("LCMAPS_DEBUG_LEVEL", "1", 1);
    setenv("LCMAPS_LOG_STRING", "one", 1);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(CALL(lcmaps_log)(6, "quiet\n") == 1);
    EXPECT(CALL(lcmaps_log)(3, "error\n") == 0);
    EXPECT(CALL(lcmaps_term)() == 0);
    setenv("LCMAPS_DEBUG_LEVEL", "5", 1);
    setenv("LCMAPS_LOG_STRING", "two", 1);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(CALL(lcmaps_log)(7, "loud\n") == 0);
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(lines_with("log", "one: error") == 1);
    EXPECT(lines_with("log", "two: loud") == 1);
    EXPECT(lines_with("log", "quiet") == 0);
}

static void local_scope(void)
{
    open_library(RTLD_LOCAL);
    EXPECT(CALL(lcmaps_init)(new_log("log")) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
}

static void many_sessions(void)
{
    FILE *log = new_log("log");
    int i;
    open_library(RTLD_GLOBAL);
    for (i = 0; i < 20; i++) {
        EXPECT(CALL(lcmaps_init)(log) == 0);
        EXPECT(maps(MAPPED));
        EXPECT(!maps(UNMAPPED));
        EXPECT(CALL(lcmaps_term)() == 0);
    }
}

static int open_files(void)
{
    int fd, count = 0;
    for (fd = 0; fd < 1024; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static int mappings(void)
{
    char line[4096];
    int count = 0;
    FILE *stream = fopen("/proc/self/maps", "r");
    while (stream && fgets(line, sizeof line, stream))
        count += strchr(line, '\n') != NULL;
    if (stream)
        fclose(stream);
    return count;
}

/* A text with a certificate that nobody has mapped. */
static char *chain(void)
{
    static char text[16384];
    char file[4096];
    FILE *stream;
    snprintf(file, sizeof file, "%s/chain.pem", directory);
    stream = fopen(file, "r");
    EXPECT(stream != NULL);
    if (stream) {
        text[fread(text, 1, sizeof text - 1, stream)] = 0;
        fclose(stream);
    }
    return text;
}

static void one_cycle(FILE *log, char *pem, int forks)
{
    struct account a = blank();
    int status;
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(!maps(UNMAPPED));
    EXPECT(CALL(lcmaps_run_with_pem_and_return_account)(NULL, pem, -1, NULL, 0, NULL, PLACES(a)) == 1);
    if (forks) {
        pid_t child = fork();
        if (child == 0) {
            EXPECT(maps(MAPPED));
            EXPECT(CALL(lcmaps_term)() == 0);
            _exit(failures ? 1 : 0);
        }
        EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    EXPECT(CALL(lcmaps_term)() == 0);
}

static void a_hundred_cycles(void)
{
    FILE *log = new_log("log");
    char *pem = chain();
    int i, files = 0, maps_before = 0;
    size_t bytes = 0;
    open_library(RTLD_GLOBAL);
    for (i = 0; i < 110; i++) {
        /* Buffers grow in the first ones. */
        if (i == 10) {
            files = open_files();
            maps_before = mappings();
            bytes = mallinfo2().uordblks;
        }
        one_cycle(log, pem, i % 5 == 0);
    }
    EXPECT(open_files() == files);
    EXPECT(mappings() <= maps_before);
    EXPECT(mallinfo2().uordblks <= bytes);
}

static void debug_levels(void)
{
    FILE *log = new_log("log");
    open_library(RTLD_GLOBAL);
    setenv("LCMAPS_DEBUG_LEVEL", "", 1);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(lines_with("log", "Starting policy") == 0);
    setenv("LCMAPS_DEBUG_LEVEL", "5x", 1);
    EXPECT(CALL(lcmaps_init)(log) == 1);
    EXPECT(!maps(MAPPED));
    setenv("LCMAPS_DEBUG_LEVEL", "6", 1);
    EXPECT(CALL(lcmaps_init)(log) == 1);
    setenv("LCMAPS_DEBUG_LEVEL", "4", 1);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(lines_with("log", "Starting policy") == 1);
}

static void closed_and_opened_again(void)
{
    FILE *log = new_log("log");
    int i;
    for (i = 0; i < 20; i++) {
        open_library(i % 2 ? RTLD_LOCAL : RTLD_GLOBAL);
        EXPECT(CALL(lcmaps_init)(log) == 0);
        EXPECT(maps(MAPPED));
        EXPECT(CALL(lcmaps_term)() == 0);
        EXPECT(dlclose(library) == 0);
        EXPECT(dlopen(path, RTLD_NOW | RTLD_NOLOAD) == NULL);
    }
}

static void closed_without_term(void)
{
    FILE *log = new_log("log");
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    dlclose(library);
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    fclose(log);
    signal(SIGPIPE, SIG_DFL);
}

static void ended_without_term(void)
{
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(new_log("log")) == 0);
    EXPECT(maps(MAPPED));
}

static void forked(void)
{
    FILE *log = new_log("log");
    pid_t children[4];
    int i, status;
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    for (i = 0; i < 4; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            int n;
            for (n = 0; n < 50; n++) {
                EXPECT(maps(MAPPED));
                EXPECT(!maps(UNMAPPED));
            }
            if (i % 2) {
                EXPECT(CALL(lcmaps_term)() == 0);
                EXPECT(CALL(lcmaps_init)(log) == 0);
                EXPECT(maps(MAPPED));
            }
            exit(failures ? 1 : 0);
        }
        EXPECT(maps(MAPPED));
    }
    for (i = 0; i < 4; i++)
        EXPECT(waitpid(children[i], &status, 0) == children[i] && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
}

/* All of the account but the lease name stays as it was said to be while other threads run. */
static void *thread(void *argument)
{
    int odd = *(int *)argument % 2, n, wrong = 0;
    for (n = 0; n < 200; n++) {
        struct account a = blank();
        char *name = NULL, *fqans[] = { (char *)"/vo" };
        if (odd) {
            int rc = CALL(lcmaps_run_with_fqans_and_return_account)(MAPPED, fqans, 1, NULL, 0, NULL, PLACES(a));
            wrong += rc != 0 || a.uid == 4242 || a.primaries != 1 || !a.primary || a.primary[0] == 0;
        } else {
            int rc = CALL(lcmaps_run_without_credentials_and_return_username)(UNMAPPED, NULL, &name, 0, NULL);
            wrong += rc != 1 || name != NULL;
        }
    }
    *(int *)argument = wrong;
    return NULL;
}

static void threads(void)
{
    pthread_t ids[8];
    int results[8], i;
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(new_log("log")) == 0);
    for (i = 0; i < 8; i++) {
        results[i] = i;
        EXPECT(pthread_create(&ids[i], NULL, thread, &results[i]) == 0);
    }
    for (i = 0; i < 8; i++) {
        pthread_join(ids[i], NULL);
        EXPECT(results[i] == 0);
    }
    EXPECT(CALL(lcmaps_term)() == 0);
}

static int is_loaded(const char *name)
{
    char line[4096];
    int found = 0;
    FILE *maps_file = fopen("/proc/self/maps", "r");
    while (maps_file && fgets(line, sizeof line, maps_file))
        found |= strstr(line, name) != NULL;
    if (maps_file)
        fclose(maps_file);
    return found;
}

static void light_mapping(void)
{
    struct account a = blank();
    char *fqans[] = { (char *)"/vo" };
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(new_log("log")) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_run_with_fqans_and_return_account)(MAPPED, fqans, 1, NULL, 0, NULL, PLACES(a)) == 0);
    EXPECT(is_loaded("liblcmaps"));
    EXPECT(!is_loaded("libcrypto") && !is_loaded("libssl") && !is_loaded("libglobus") && !is_loaded("libvoms"));
    EXPECT(CALL(lcmaps_term)() == 0);
}

static void other_handler(int number)
{
    (void)number;
}

static void sigpipe(void)
{
    struct sigaction now;
    FILE *log = new_log("log");
    int ends[2];
    open_library(RTLD_GLOBAL);
    signal(SIGPIPE, other_handler);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(pipe(ends) == 0 && close(ends[0]) == 0);
    EXPECT(write(ends[1], "x", 1) == -1 && errno == EPIPE);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == other_handler);
    EXPECT(lines_with("log", "SIGPIPE") == 1);
    setenv("LCMAPS_DB_FILE", "/nonexistent/lcmaps.db", 1);
    EXPECT(CALL(lcmaps_init)(log) == 1);
    EXPECT(sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == other_handler);
}

static void report(void)
{
    lcmaps_get_run_report_t *get;
    char *json = NULL;
    open_library(RTLD_GLOBAL);
    get = (lcmaps_get_run_report_t *)symbol("lcmaps_get_run_report");
    EXPECT(get(&json) == 1 && !json);
    EXPECT(CALL(lcmaps_init)(new_log("log")) == 0);
    EXPECT(get(&json) == 1 && !json);
    EXPECT(maps(MAPPED));
    EXPECT(get(&json) == 0 && json && json[0] == '{' && strstr(json, "/CN=mapped"));
    free(json);
    json = NULL;
    EXPECT(!maps(UNMAPPED));
    EXPECT(get(&json) == 0 && json && strstr(json, "/CN=unmapped") && !strstr(json, "/CN=mapped"));
    free(json);
    EXPECT(CALL(lcmaps_term)() == 0);
    json = NULL;
    EXPECT(get(&json) == 1 && !json);
}

static void odd_log_calls(void)
{
    char large[5000];
    int i;
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(new_log("log")) == 0);
    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = 0;
    EXPECT(CALL(lcmaps_log)(3, "%s", large) == 0);
    EXPECT(lines_with("log", "xxxx...") == 1);
    for (i = -3; i < 12; i++)
        CALL(lcmaps_log)(i, "priority %d\n", i);
    CALL(lcmaps_log)(3, "%d %s %5.2f %c %ld %%\n", 1, "two", 3.0, '4', 5L);
    EXPECT(lines_with("log", "1 two  3.00 4 5 %") == 1);
    CALL(lcmaps_log)(3, "%s", "bytes \001\t\377.\n");
    EXPECT(lines_with("log", "bytes ???.") == 1);
    CALL(lcmaps_log)(3, "%s", "");
    (*(int (*)(int, const char *, const char *))symbol("lcmaps_log_a_string"))(3, "%n%n%n %s %s\n", "text");
    EXPECT(CALL(lcmaps_term)() == 0);
}

static void no_log_at_all(void)
{
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init_and_logfile)((char *)"/nonexistent/log", NULL, 1) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(CALL(lcmaps_init_and_log)(NULL, 0) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
}

static void full_disk(void)
{
    FILE *log = fopen("/dev/full", "a");
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(maps(MAPPED));
    EXPECT(!maps(UNMAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
}

/* For a module that cannot be used: initialisation or every run fails. */
static void unusable_module(void)
{
    open_library(RTLD_GLOBAL);
    if (CALL(lcmaps_init)(new_log("log")) == 0)
        EXPECT(!maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    nothing_maps();
}

static volatile int mapping_goes_on;
static void *mapping_thread(void *argument)
{
    (void)argument;
    while (mapping_goes_on) {
        EXPECT(maps(MAPPED));
        EXPECT(!maps(UNMAPPED));
    }
    return NULL;
}

/* Children of a process in which a thread maps all the time: they map or refuse, and none hangs. */
static void forked_while_a_thread_maps(void)
{
    FILE *log = new_log("log");
    pthread_t thread;
    int i, status, mapped = 0;
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    mapping_goes_on = 1;
    EXPECT(pthread_create(&thread, NULL, mapping_thread, NULL) == 0);
    for (i = 0; i < 30; i++) {
        pid_t child = fork();
        if (child == 0) {
            char *name = NULL;
            int rc;
            alarm(10);
            rc = CALL(lcmaps_run_without_credentials_and_return_username)(MAPPED, NULL, &name, 0, NULL);
            EXPECT(rc ? !name : name && !strcmp(name, "nobody"));
            EXPECT(CALL(lcmaps_term)() == 0);
            _exit(failures ? 1 : rc ? 42 : 0);
        }
        EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status));
        EXPECT(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 42);
        mapped += WEXITSTATUS(status) == 0;
    }
    mapping_goes_on = 0;
    pthread_join(thread, NULL);
    EXPECT(mapped > 0);
    EXPECT(maps(MAPPED));
    EXPECT(CALL(lcmaps_term)() == 0);
    /* The handlers went with the library. */
    EXPECT(dlclose(library) == 0);
    if (fork() == 0)
        _exit(0);
    EXPECT(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void *slow_mapping(void *argument)
{
    (void)argument;
    EXPECT(!maps(MAPPED));
    return NULL;
}

/* The policy's module takes longer than fork waits. */
static void forked_in_a_slow_run(void)
{
    FILE *log = new_log("log");
    pthread_t thread;
    int status;
    pid_t child;
    open_library(RTLD_GLOBAL);
    EXPECT(CALL(lcmaps_init)(log) == 0);
    EXPECT(pthread_create(&thread, NULL, slow_mapping, NULL) == 0);
    usleep(200000);
    child = fork();
    if (child == 0) {
        alarm(10);
        EXPECT(!maps(MAPPED));
        EXPECT(CALL(lcmaps_term)() == 0);
        EXPECT(CALL(lcmaps_init)(log) == 1);
        EXPECT(!maps(MAPPED));
        EXPECT(dlclose(library) == 0);
        _exit(failures ? 1 : 0);
    }
    EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    pthread_join(thread, NULL);
    EXPECT(CALL(lcmaps_term)() == 0);
    EXPECT(lines_with("log", "forked while another thread") == 4);
}

static const struct {
    const char *name;
    void (*play)(void);
} scenarios[] = {
#define SCENARIO(name) { #name, name }
    SCENARIO(run_before_init),
    SCENARIO(run_after_term),
    SCENARIO(everything_twice),
    SCENARIO(nulls_everywhere),
    SCENARIO(helpers_take_nulls),
    SCENARIO(stream_forgotten),
    SCENARIO(stream_forgotten_after_failure),
    SCENARIO(level_read_anew),
    SCENARIO(local_scope),
    SCENARIO(many_sessions),
    SCENARIO(a_hundred_cycles),
    SCENARIO(debug_levels),
    SCENARIO(closed_and_opened_again),
    SCENARIO(closed_without_term),
    SCENARIO(ended_without_term),
    SCENARIO(forked),
    SCENARIO(threads),
    SCENARIO(light_mapping),
    SCENARIO(sigpipe),
    SCENARIO(report),
    SCENARIO(odd_log_calls),
    SCENARIO(no_log_at_all),
    SCENARIO(full_disk),
    SCENARIO(unusable_module),
    SCENARIO(forked_while_a_thread_maps),
    SCENARIO(forked_in_a_slow_run),
};

int main(int argc, char **argv)
{
    size_t i;
    if (argc != 4)
        return 2;
    path = argv[2];
    directory = argv[3];
    for (i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (!strcmp(argv[1], scenarios[i].name)) {
            scenarios[i].play();
            return failures ? 1 : 0;
        }
    fprintf(stderr, "no scenario %s\n", argv[1]);
    return 2;
}
