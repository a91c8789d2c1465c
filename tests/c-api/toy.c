/*
 * Modules that break the rules, one for each macro that can be defined.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <lcmaps/lcmaps_arguments.h>
#include <lcmaps/lcmaps_cred_data.h>
#include <lcmaps/lcmaps_modules.h>

static lcmaps_argument_t arguments[] = {
    { "user_dn", "char *", 0, NULL },
#ifdef UNKNOWN_ARGUMENT
    { "shoe_size", "double", 0, NULL },
#endif
#ifdef WRONG_TYPE
    { "nfqan", "char *", 0, NULL },
#endif
#ifdef NAMELESS_ARGUMENT
    { NULL, "int", 0, NULL },
    { "nfqan", NULL, 0, NULL },
#endif
    { NULL, NULL, -1, NULL },
};

#ifndef NO_INITIALIZE
int plugin_initialize(int argc, char **argv)
{
    (void)argc, (void)argv;
#ifdef FAILS_TO_INITIALIZE
    return LCMAPS_MOD_FAIL;
#endif
    return LCMAPS_MOD_SUCCESS;
}
#endif

#ifndef NO_INTROSPECT
int plugin_introspect(int *argc, lcmaps_argument_t **argv)
{
#if defined NEGATIVE_COUNT
    *argc = -5;
    *argv = arguments;
#elif defined COUNT_WITHOUT_LIST
    *argc = 5;
    *argv = NULL;
#elif defined NAMELESS_ARGUMENT
    *argc = 3;
    *argv = arguments;
#else
    *argc = lcmaps_cntArgs(arguments);
    *argv = arguments;
#endif
#ifdef FAILS_TO_INTROSPECT
    return 9;
#endif
    return LCMAPS_MOD_SUCCESS;
}
#endif

#ifndef NO_RUN
int plugin_run(int argc, lcmaps_argument_t *argv)
{
    (void)argc, (void)argv;
#ifdef SLOW
    usleep(700000);
#endif
#ifdef FORKS
    {
        int status;
        pid_t child = fork();
        if (child == 0) {
            lcmaps_log(LOG_NOTICE, "from the child of a module\n");
            _exit(0);
        }
        waitpid(child, &status, 0);
    }
#endif
#ifdef JUNK_RESULT
    return -2147483647 - 1;
#endif
    return LCMAPS_MOD_SUCCESS;
}
#endif

#ifndef NO_TERMINATE
int plugin_terminate(void)
{
#ifdef FAILS_TO_TERMINATE
    return 9;
#endif
    return LCMAPS_MOD_SUCCESS;
}
#endif
