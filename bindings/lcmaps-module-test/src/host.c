/*
 * A host for tests: keeps what a module logs and registers, and lets a test look at it.
 * The functions that the SDK calls, and those that the modules of the C implementation call, so
 * that both can be compared. One lock around everything, so that tests may run a module in several
 * threads.
 */
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_SIZE = 1 << 18, MOST = 256 };
enum { DN = 5, UID = 10, PRI_GID = 20, SEC_GID = 30, VO = 90, VO_STRING = 100, VO_MAPPING = 110, POOL = 200 };

struct argument { const char *name, *type; int in_out; void *value; };
struct mapping { char *fqan, *group; unsigned gid; };
struct vo { char *part[5]; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[LOG_SIZE];
static size_t log_length;
static int refused_kind = -1;
static int version[3] = { 1, 6, 6 };

static char *dn, *pool;
static unsigned ids[3][MOST];
static int id_count[3];
static char *strings[MOST];
static int string_count;
static struct mapping mappings[MOST];
static int mapping_count;
static struct vo vos[MOST];
static int vo_count;

static char *copy(const char *text) { return text ? strdup(text) : NULL; }

int lcmaps_log(int priority, const char *format, ...)
{
    va_list arguments;
    int n;
    pthread_mutex_lock(&lock);
    n = snprintf(log_text + log_length, LOG_SIZE - log_length, "<%d>", priority);
    if (n > 0 && (size_t)n < LOG_SIZE - log_length) log_length += (size_t)n;
    va_start(arguments, format);
    n = vsnprintf(log_text + log_length, LOG_SIZE - log_length, format, arguments);
    va_end(arguments);
    if (n > 0 && (size_t)n < LOG_SIZE - log_length) log_length += (size_t)n;
    pthread_mutex_unlock(&lock);
    return 0;
}

int lcmaps_log_debug(int level, const char *format, ...)
{
    (void)level; (void)format;
    return 0;
}

int lcmaps_cntArgs(struct argument *list)
{
    int count = 0;
    while (list[count].name) count++;
    return count;
}

void *lcmaps_getArgValue(const char *name, const char *type, int count, struct argument *list)
{
    int i;
    for (i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0 && strcmp(list[i].type, type) == 0) return list[i].value;
    return NULL;
}

int lcmaps_get_gidlist(const char *name, int *count, gid_t **list)
{
    struct passwd *account = getpwnam(name);
    int room = 1 << 16;
    if (!account || !(*list = malloc((size_t)room * sizeof **list))) return 1;
    if (getgrouplist(name, account->pw_gid, *list, &room) < 0) { free(*list); return 1; }
    *count = room;
    return 0;
}

int lcmaps_get_major_version(void) { return version[0]; }
int lcmaps_get_minor_version(void) { return version[1]; }
int lcmaps_get_patch_version(void) { return version[2]; }

static int add(int kind, void *data)
{
    int list = kind == UID ? 0 : kind == PRI_GID ? 1 : 2;
    switch (kind) {
    case DN: free(dn); dn = copy(*(char **)data); return 0;
    case POOL: free(pool); pool = copy(*(char **)data); return 0;
    case UID: case PRI_GID: case SEC_GID:
        if (id_count[list] == MOST) return -1;
        ids[list][id_count[list]++] = *(unsigned *)data;
        return 0;
    case VO_STRING:
        if (string_count == MOST) return -1;
        strings[string_count++] = copy(*(char **)data);
        return 0;
    case VO_MAPPING: {
        struct mapping *from = data;
        if (mapping_count == MOST) return -1;
        mappings[mapping_count++] = (struct mapping){ copy(from->fqan), copy(from->group), from->gid };
        return 0;
    }
    case VO: {
        struct vo *from = data;
        int i;
        if (vo_count == MOST) return -1;
        for (i = 0; i < 5; i++) vos[vo_count].part[i] = copy(from->part[i]);
        vo_count++;
        return 0;
    }
    default: return -1;
    }
}

int addCredentialData(int kind, void *data)
{
    int result;
    pthread_mutex_lock(&lock);
    result = kind == refused_kind ? -1 : data ? add(kind, data) : 0;
    pthread_mutex_unlock(&lock);
    return result;
}

void *getCredentialData(int kind, int *count)
{
    int list = kind == UID ? 0 : kind == PRI_GID ? 1 : 2;
    switch (kind) {
    case DN: *count = dn != NULL; return &dn;
    case POOL: *count = pool != NULL; return &pool;
    case UID: case PRI_GID: case SEC_GID: *count = id_count[list]; return id_count[list] ? ids[list] : NULL;
    case VO_STRING: *count = string_count; return string_count ? strings : NULL;
    case VO_MAPPING: *count = mapping_count; return mapping_count ? mappings : NULL;
    case VO: *count = vo_count; return vo_count ? vos : NULL;
    default: return NULL;
    }
}

struct mapping *lcmaps_createVoMapping(const char *fqan, const char *group, unsigned gid)
{
    struct mapping *made = malloc(sizeof *made);
    if (made) *made = (struct mapping){ copy(fqan), copy(group), gid };
    return made;
}

int lcmaps_deleteVoMapping(struct mapping **mapping)
{
    if (*mapping) { free((*mapping)->fqan); free((*mapping)->group); free(*mapping); }
    *mapping = NULL;
    return 0;
}

/* -- for the test -- */

void recording_host_reset(void)
{
    int i, k;
    free(dn); free(pool); dn = pool = NULL;
    for (i = 0; i < string_count; i++) free(strings[i]);
    for (i = 0; i < mapping_count; i++) { free(mappings[i].fqan); free(mappings[i].group); }
    for (i = 0; i < vo_count; i++) for (k = 0; k < 5; k++) free(vos[i].part[k]);
    string_count = mapping_count = vo_count = 0;
    memset(id_count, 0, sizeof id_count);
    log_length = 0; log_text[0] = '\0';
    refused_kind = -1;
    version[0] = 1; version[1] = 6; version[2] = 6;
}

const char *recording_host_log(void) { return log_text; }
void recording_host_refuse(int kind) { refused_kind = kind; }
void recording_host_version(int major, int minor, int patch) { version[0] = major; version[1] = minor; version[2] = patch; }
