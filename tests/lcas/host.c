/*
 * A host that loads the library, makes sessions and asks in many threads. Arguments: library, PEM file,
 * what to do:
 *   threads    8 threads ask, while another one starts and ends sessions
 *   sessions   sessions one after another, the library loaded and unloaded each time; prints by how
 *              many bytes a session the memory in use has grown
 */
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char pem[1 << 16];
static int (*init)(FILE *, unsigned short);
static int (*run_va)(int, ...);
static int (*term)(void);
static volatile int stop;

static void *load(const char *library)
{
    void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
    if (!handle) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    *(void **)&init = dlsym(handle, "lcas_init_and_log");
    *(void **)&run_va = dlsym(handle, "lcas_run_va");
    *(void **)&term = dlsym(handle, "lcas_term");
    return handle;
}

static void *ask(void *argument)
{
    long granted = 0, refused = 0, unknown = 0;
    (void)argument;
    while (!stop) {
        switch (run_va(0, pem, "R")) {
        case 0: granted++; break;
        case 4: refused++; break;
        default: unknown++;
        }
    }
    printf("%s %s\n", unknown ? "unknown answers" : "known answers", granted ? "some granted" : "none granted");
    return NULL;
}

static int threads(void)
{
    pthread_t thread[8];
    int i, bad = 0;
    for (i = 0; i < 8; i++)
        pthread_create(&thread[i], NULL, ask, NULL);
    for (i = 0; i < 300; i++)
        bad += init(NULL, 0) != 0 || run_va(0, pem, "R") != 0 || term() != 0;
    stop = 1;
    for (i = 0; i < 8; i++)
        pthread_join(thread[i], NULL);
    printf("sessions %s\n", bad ? "failed" : "worked");
    return bad;
}

static void session(const char *library)
{
    void *handle = load(library);
    if (init(NULL, 0) != 0 || run_va(0, pem, "R") != 0 || run_va(0, "no PEM", "R") != 4 || term() != 0)
        exit(3);
    dlclose(handle);
}

static int sessions(const char *library)
{
    size_t before;
    int i;
    for (i = 0; i < 300; i++)
        session(library);
    before = mallinfo2().uordblks;
    for (i = 0; i < 600; i++)
        session(library);
    printf("%ld\n", ((long)mallinfo2().uordblks - (long)before) / 600);
    return 0;
}

int main(int argc, char **argv)
{
    FILE *file = argc > 3 ? fopen(argv[2], "r") : NULL;
    if (!file || fread(pem, 1, sizeof pem - 1, file) == 0)
        return 2;
    fclose(file);
    if (strcmp(argv[3], "sessions") == 0)
        return sessions(argv[1]);
    load(argv[1]);
    return threads();
}
