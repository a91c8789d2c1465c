/*
 * For LD_PRELOAD: accounts str0001 to str9999 with user ids from 70001 on, so that tests can lease a thousand
 * accounts without making them. All other names are the system's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_UID 70000

static int number_of(const char *name)
{
    if (strlen(name) != 7 || strncmp(name, "str", 3) || strspn(name + 3, "0123456789") != 4)
        return 0;
    return atoi(name + 3);
}

static int fill(int number, struct passwd *entry, char *buffer, size_t size, struct passwd **result)
{
    *result = NULL;
    if (size < 16)
        return ERANGE;
    snprintf(buffer, size, "str%04d", number % 10000);
    entry->pw_name = buffer;
    entry->pw_passwd = entry->pw_gecos = entry->pw_dir = entry->pw_shell = buffer + 7;
    entry->pw_uid = FIRST_UID + (uid_t)number;
    entry->pw_gid = FIRST_UID;
    *result = entry;
    return 0;
}

int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **result)
{
    int (*next)(const char *, struct passwd *, char *, size_t, struct passwd **);
    if (number_of(name))
        return fill(number_of(name), entry, buffer, size, result);
    *(void **)&next = dlsym(RTLD_NEXT, "getpwnam_r");
    return next(name, entry, buffer, size, result);
}

int getpwuid_r(uid_t uid, struct passwd *entry, char *buffer, size_t size, struct passwd **result)
{
    int (*next)(uid_t, struct passwd *, char *, size_t, struct passwd **);
    if (uid > FIRST_UID && uid < FIRST_UID + 10000)
        return fill((int)(uid - FIRST_UID), entry, buffer, size, result);
    *(void **)&next = dlsym(RTLD_NEXT, "getpwuid_r");
    return next(uid, entry, buffer, size, result);
}

/* The original uses the functions with a static result. */
struct passwd *getpwnam(const char *name)
{
    static struct passwd entry, *result;
    static char buffer[4096];
    return getpwnam_r(name, &entry, buffer, sizeof buffer, &result) ? NULL : result;
}

struct passwd *getpwuid(uid_t uid)
{
    static struct passwd entry, *result;
    static char buffer[4096];
    return getpwuid_r(uid, &entry, buffer, sizeof buffer, &result) ? NULL : result;
}

int getgrouplist(const char *name, gid_t group, gid_t *groups, int *count)
{
    int (*next)(const char *, gid_t, gid_t *, int *);
    if (number_of(name)) {
        int room = *count;
        *count = 1;
        if (room < 1)
            return -1;
        groups[0] = group;
        return 1;
    }
    *(void **)&next = dlsym(RTLD_NEXT, "getgrouplist");
    return next(name, group, groups, count);
}
