/* Test module for the conformance cases of LCAS.  One source, several builds:
 *   -DNAME="a"          label written to the trace
 *   -DNO_INIT/-DNO_CONFIRM/-DNO_TERM   leave a mandatory symbol out
 *   -DWITH_X509         also export plugin_confirm_authorization_from_x509
 *   -DUNDEF             reference a symbol nobody defines (dlopen must fail)
 * Run-time arguments (argv[1..]):
 *   -init N  -rc N  -term N     return values        (default 0)
 *   -cb                         exercise call-backs into liblcas
 * Everything is appended to the file named by $TP_TRACE.                  */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdarg.h>
#include <lcas/lcas_modules.h>
#include <openssl/x509.h>

static int rc_confirm = 0, rc_term = 0, do_cb = 0;

static void tr(const char *fmt, ...)
{
    const char *fn = getenv("TP_TRACE");
    FILE *f = fn ? fopen(fn, "a") : NULL;
    va_list ap;
    if (!f) return;
    va_start(ap, fmt);
    vfprintf(f, fmt, ap);
    va_end(ap);
    fclose(f);
}
__attribute__((destructor)) static void gone(void) { if (getenv("TP_UNLOAD") && !getenv("DRV_EXITING")) tr("%s unloaded\n", NAME); }
#ifdef UNDEF
extern int lcas_no_such_function_anywhere(void);
#endif

#ifndef NO_INIT
int plugin_initialize(int argc, char **argv)
{
    int i, rc = 0;
    const char *base = strrchr(argv[0], '/');
    tr("%s init argc=%d argv0=%s", NAME, argc, base ? base + 1 : argv[0]);
    for (i = 1; i < argc; i++) tr(" [%s]", argv[i]);
    tr(" end=%s\n", argv[argc] ? "notnull" : "null");
    for (i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-init") && i + 1 < argc) rc = atoi(argv[++i]);
        else if (!strcmp(argv[i], "-rc") && i + 1 < argc) rc_confirm = atoi(argv[++i]);
        else if (!strcmp(argv[i], "-term") && i + 1 < argc) rc_term = atoi(argv[++i]);
        else if (!strcmp(argv[i], "-cb")) do_cb = 1;
    }
#ifdef UNDEF
    rc += lcas_no_such_function_anywhere();
#endif
    return rc;
}
#endif

static void show(const char *fn, lcas_request_t req, lcas_cred_id_t c)
{
    tr("%s %s req=%s dn=%s cred=%s", NAME, fn, req ? req : "(null)",
       lcas_get_dn(c) ? lcas_get_dn(c) : "(null)",
       lcas_get_gss_cred(c) ? "set" : "null");
    tr(" byval=%s\n", (lcas_get_dn(c) == c.dn && lcas_get_gss_cred(c) == c.cred) ? "ok" : "BAD");
    if (do_cb) {
        char *p;
        lcas_log(3, "MARK plain %d\n", 7);
        tr("%s cb debuglevel=%d\n", NAME, lcas_get_debug_level());
        tr("%s cb log=%d", NAME, lcas_log(4, "MARK log %s\n", "four"));
        tr(" debug1=%d", lcas_log_debug(1, "MARK dbg1 %s\n", "x"));
        tr(" debug9=%d", lcas_log_debug(9, "MARK dbg9\n"));
        tr(" time=%d", lcas_log_time(6, "MARK stamped\n"));
        tr(" str=%d", lcas_log_a_string(2, "MARK str <%s>\n", "v"));
        tr(" strd0=%d strd9=%d\n", lcas_log_a_string_debug(0, "MARK sd <%s>\n", "w"),
           lcas_log_a_string_debug(9, "MARK sd9 <%s>\n", "w"));
        p = lcas_genfilename("/a/b", "c", ".d");
        tr("%s cb genfilename=%s\n", NAME, p); free(p);
        p = lcas_findfile("/etc/passwd");
        tr("%s cb findfile=%s\n", NAME, p ? p : "(null)"); free(p);
    }
}

#ifndef NO_CONFIRM
int plugin_confirm_authorization(lcas_request_t req, lcas_cred_id_t c)
{
    show("confirm", req, c);
    return rc_confirm;
}
#endif

#ifdef WITH_X509
int plugin_confirm_authorization_from_x509(lcas_request_t req, lcas_cred_id_t c,
                                           X509 *cert, STACK_OF(X509) *chain)
{
    int i;
    char *s = cert ? X509_NAME_oneline(X509_get_subject_name(cert), NULL, 0) : NULL;
    show("confirm_x509", req, c);
    tr("%s x509 cert=%s nchain=%d\n", NAME, s ? s : "(null)", chain ? sk_X509_num(chain) : -1);
    for (i = 0; chain && i < sk_X509_num(chain); i++) {
        char *t = X509_NAME_oneline(X509_get_subject_name(sk_X509_value(chain, i)), NULL, 0);
        tr("%s x509 chain[%d]=%s\n", NAME, i, t);
        OPENSSL_free(t);
    }
    OPENSSL_free(s);
    return rc_confirm;
}
#endif

#ifndef NO_TERM
int plugin_terminate(void)
{
    tr("%s term\n", NAME);
    return rc_term;
}
#endif
