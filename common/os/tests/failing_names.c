/* A name service that is interrupted, wants much room, or fails: put before libc's with LD_PRELOAD. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>

int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **found)
{
    (void)name; (void)entry; (void)buffer; (void)size;
    *found = NULL;
    return ECONNREFUSED;
}

int getgrgid_r(gid_t gid, struct group *entry, char *buffer, size_t size, struct group **found)
{
    static int interruptions;
    (void)gid; (void)entry; (void)buffer; (void)size;
    *found = NULL;
    return interruptions++ < 3 ? EINTR : 0;
}

int getgrnam_r(const char *name, struct group *entry, char *buffer, size_t size, struct group **found)
{
    static char *nobody[1];
    *found = NULL;
    if (size < (1 << 20) || strcmp(name, "crowd") != 0) return ERANGE;
    entry->gr_name = strcpy(buffer, name);
    entry->gr_passwd = NULL;
    entry->gr_gid = 6001;
    entry->gr_mem = nobody;
    *found = entry;
    return 0;
}
