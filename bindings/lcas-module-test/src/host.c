/*
 * A host for tests: keeps what a module logs. The functions that the SDK calls, and the others that
 * the original lets modules call. One lock around the log, so that tests may run a module in
 * several threads.
 */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_SIZE = 1 << 18 };

struct credential { void *cred; char *dn; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[LOG_SIZE];
static size_t log_length;
static int debug_level = 5;
static char directory[4096] = "/etc/lcas";

static void write_log(int priority, const char *format, va_list arguments)
{
    int n;
    pthread_mutex_lock(&lock);
    n = snprintf(log_text + log_length, LOG_SIZE - log_length, "<%d>", priority);
    if (n > 0 && (size_t)n < LOG_SIZE - log_length) log_length += (size_t)n;
    n = vsnprintf(log_text + log_length, LOG_SIZE - log_length, format, arguments);
    if (n > 0 && (size_t)n < LOG_SIZE - log_length) log_length += (size_t)n;
    pthread_mutex_unlock(&lock);
}

int lcas_log(int priority, char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_log(priority, format, arguments);
    va_end(arguments);
    return 0;
}

int lcas_log_time(int priority, char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_log(priority, format, arguments);
    va_end(arguments);
    return 0;
}

int lcas_log_debug(int level, char *format, ...)
{
    va_list arguments;
    if (level > debug_level) return 1;
    va_start(arguments, format);
    write_log(1, format, arguments);
    va_end(arguments);
    return 0;
}

int lcas_get_debug_level(void) { return debug_level; }
char *lcas_get_dn(struct credential credential) { return credential.dn; }
void *lcas_get_gss_cred(struct credential credential) { return credential.cred; }

char *lcas_findfile(char *name)
{
    char *path = NULL;
    int n = name[0] == '/' ? asprintf(&path, "%s", name) : asprintf(&path, "%s/%s", directory, name);
    if (n < 0) return NULL;
    if (access(path, F_OK) == 0) return path;
    free(path);
    return NULL;
}

char *lcas_finddbfile(char *name) { return lcas_findfile(name); }

/* -- for the test -- */

void recording_host_reset(void)
{
    log_length = 0; log_text[0] = '\0';
    debug_level = 5;
    strcpy(directory, "/etc/lcas");
}

const char *recording_host_log(void) { return log_text; }
void recording_host_debug_level(int level) { debug_level = level; }
void recording_host_directory(const char *path) { snprintf(directory, sizeof directory, "%s", path); }
