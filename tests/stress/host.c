/*
 * A host that maps many users in one session:
 *
 *     host LIBRARY LOG users COUNT START STEP   maps /CN=user 0 to COUNT - 1, from START in steps; prints who got what
 *     host LIBRARY LOG again COUNT [PEM-FILE]   maps /CN=user 1, or a chain, COUNT times
 *     host LIBRARY LOG sessions COUNT           maps /CN=user 1 in COUNT sessions
 *
 * The last two fail if they use ever more memory.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define LCMAPS_USE_DLOPEN
#include <lcmaps/lcmaps.h>

static void *library;

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

static int map(int user, char **name)
{
    char dn[64];
    snprintf(dn, sizeof dn, "/CN=user %d", user);
    *name = NULL;
    return CALL(lcmaps_run_without_credentials_and_return_username)(dn, NULL, name, 0, NULL);
}

static int users(int count, int start, int step)
{
    int i;
    for (i = 0; i < count; i++) {
        int user = (start + i * step) % count;
        char *name;
        if (map(user, &name) == 0)
            printf("%d %s\n", user, name);
        else
            printf("%d refused\n", user);
        fflush(stdout);
        free(name);
    }
    return 0;
}

static char *read_file(const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[size] = 0;
    if (file)
        fclose(file);
    return text;
}

static int map_chain(void *pem)
{
    uid_t uid;
    gid_t *primary = NULL, *secondary = NULL;
    int primaries = 0, secondaries = 0, rc;
    char *lease = NULL;
    rc = CALL(lcmaps_run_with_pem_and_return_account)(NULL, (char *)pem, -1, NULL, 0, NULL, &uid, &primary, &primaries, &secondary,
                                                      &secondaries, &lease);
    if (rc == 0)
        free(lease);
    return rc;
}

static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* What is kept once is no leak; a byte for each of a thousand is. */
static int grows(int count, int (*step)(void *), void *argument)
{
    size_t early = 0, late;
    int i, failures = 0;
    for (i = 0; i < count; i++) {
        failures += step(argument) != 0;
        if (i == count / 4)
            early = in_use();
    }
    late = in_use();
    printf("%d failures, %zu bytes after a quarter, %zu at the end\n", failures, early, late);
    return failures != 0 || late > early + 500;
}

static int map_name(void *unused)
{
    char *name;
    int rc = map(1, &name);
    (void)unused;
    free(name);
    return rc;
}

static int session(void *log)
{
    return CALL(lcmaps_init)((FILE *)log) || map_name(NULL) || CALL(lcmaps_term)();
}

int main(int argc, char **argv)
{
    int result, count;
    FILE *log;
    if (argc < 5)
        return 2;
    library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
    log = fopen(argv[2], "a");
    if (!library || !log) {
        fprintf(stderr, "%s\n", library ? argv[2] : dlerror());
        return 3;
    }
    count = atoi(argv[4]);
    if (!strcmp(argv[3], "sessions"))
        return grows(count, session, log);
    if (CALL(lcmaps_init)(log))
        return 4;
    if (!strcmp(argv[3], "users") && argc == 7)
        result = users(count, atoi(argv[5]), atoi(argv[6]));
    else if (argc == 6)
        result = grows(count, map_chain, read_file(argv[5]));
    else
        result = grows(count, map_name, NULL);
    CALL(lcmaps_term)();
    fclose(log);
    return result;
}
