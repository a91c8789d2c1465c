/*
 * driver.c - black-box test driver for an LCMAPS 1.6.x compatible library.
 *
 * The library under test is dlopen()ed, so the same binary can be pointed at
 * another implementation:
 *
 *   driver [--lib PATH] [--local] [--lazy] MODE [options]
 *
 * Results go to stdout as "key=value" lines, library logging goes to the file
 * given with --log (default: stderr of the process through a FILE* on fd 2).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- the interface, written down once more: this program trusts no header ---- */
typedef char *request_t;
typedef struct { const char *argName, *argType; int argInOut; void *value; } argument_t;
typedef struct { char *vo, *group, *subgroup, *role, *capability; } vo_data_t;
typedef struct { char *vostring, *groupname; gid_t gid; } vo_mapping_t;
typedef struct { uid_t uid; gid_t *pgid_list; int npgid; gid_t *sgid_list; int nsgid; char *poolindex; } account_t;
enum { DN = 5, UID = 10, PRI_GID = 20, SEC_GID = 30, VO_CRED = 90, VO_CRED_STRING = 100, VO_CRED_MAPPING = 110, POOL_INDEX = 200 };

static void *H;                 /* liblcmaps handle */
static const char *libpath = "liblcmaps.so.0";
static const char *libdir = NULL; /* directory part for the helper interface libs */
static int dlflags = RTLD_NOW | RTLD_GLOBAL;

static void *sym_opt(const char *n) { dlerror(); return dlsym(H, n); }
static void *sym(const char *n)
{
    void *p = sym_opt(n);
    if (!p) { printf("missing_symbol=%s\n", n); fflush(stdout); exit(97); }
    return p;
}
#define F(ret, name, proto) ret (*name) proto = (ret (*) proto) sym(#name)

#define MAXL 64
static char *dn = NULL, *pemfile = NULL, *requser = NULL, *request = NULL, *logfile = NULL, *logname = NULL;
static char *fqans[MAXL]; static int nfqan = 0, nfqan_override = -999;
static char *pols[MAXL]; static int npols = 0;
static int mapcounter = -1, repeat = 1, logtype = -1, nullfp = 0, want_syslog = 0, noinit = 0, noterm = 0, initrc_only = 0;
static long arg_uid = -1; static long arg_pgid[MAXL]; static int narg_pgid = 0;
static long arg_sgid[MAXL]; static int narg_sgid = 0;
static char *arg_poolindex = NULL;
static char *rest[MAXL]; static int nrest = 0;
static unsigned voms_flags = 0; static int set_voms_flags = 0;
static int voms_disable = 0;
static long vtime = 0; static int vtimeflags = 0, set_vtime = 0;
static int sepruns = 0;         /* full init/term cycle per repetition */
static int dropuid = -1;

static char *slurp(const char *f)
{
    FILE *fp = fopen(f, "r"); if (!fp) return NULL;
    size_t cap = 1 << 16, n = 0; char *b = malloc(cap); int c;
    while ((c = fgetc(fp)) != EOF) { if (n + 1 >= cap) b = realloc(b, cap *= 2); b[n++] = (char)c; }
    b[n] = 0; fclose(fp); return b;
}

static FILE *logfp = NULL;
static FILE *get_log(void)
{
    if (nullfp) return NULL;
    if (!logfp) {
        if (logfile) logfp = fopen(logfile, "a");
        if (!logfp) logfp = fdopen(dup(2), "a");
    }
    return logfp;
}

static int do_init(void)
{
    int rc;
    if (logname || logtype >= 0) {
        F(int, lcmaps_init_and_logfile, (char *, FILE *, unsigned short));
        rc = lcmaps_init_and_logfile(logname, nullfp ? NULL : (logname ? NULL : get_log()), (unsigned short)(logtype >= 0 ? logtype : 1));
    } else {
        F(int, lcmaps_init, (FILE *));
        rc = lcmaps_init(get_log());
    }
    printf("init=%d\n", rc);
    return rc;
}
static void do_term(void) { F(int, lcmaps_term, (void)); printf("term=%d\n", lcmaps_term()); }

static int cmpg(const void *a, const void *b) { gid_t x = *(const gid_t *)a, y = *(const gid_t *)b; return x < y ? -1 : x > y; }
static void show_account(int rc, uid_t uid, gid_t *pg, int npg, gid_t *sg, int nsg, char *pi)
{
    int i;
    printf("rc=%d\n", rc);
    if (rc) return;
    printf("uid=%ld\n", (long)(int)uid);
    printf("npgid=%d\n", npg); for (i = 0; i < npg; i++) printf("pgid[%d]=%ld\n", i, (long)(int)pg[i]);
    printf("nsgid=%d\n", nsg);
    if (nsg > 0) { (void)cmpg; for (i = 0; i < nsg; i++) printf("sgid[%d]=%ld\n", i, (long)(int)sg[i]); }
    printf("poolindex=%s\n", pi ? pi : "(null)");
}
static void show_cred(void)
{
    F(void *, getCredentialData, (int, int *));
    int n, i;
    n = -7; char **d = getCredentialData(DN, &n); printf("cred.DN.n=%d\n", n); if (n > 0) printf("cred.DN=%s\n", *d);
    n = -7; uid_t *u = getCredentialData(UID, &n); printf("cred.UID.n=%d\n", n); for (i = 0; i < n; i++) printf("cred.UID[%d]=%d\n", i, (int)u[i]);
    n = -7; gid_t *g = getCredentialData(PRI_GID, &n); printf("cred.PRI_GID.n=%d\n", n); for (i = 0; i < n; i++) printf("cred.PRI_GID[%d]=%d\n", i, (int)g[i]);
    n = -7; g = getCredentialData(SEC_GID, &n); printf("cred.SEC_GID.n=%d\n", n); for (i = 0; i < n; i++) printf("cred.SEC_GID[%d]=%d\n", i, (int)g[i]);
    n = -7; vo_mapping_t *m = getCredentialData(VO_CRED_MAPPING, &n); printf("cred.MAPPING.n=%d\n", n);
    for (i = 0; i < n; i++) printf("cred.MAPPING[%d]=%s|%s|%d\n", i, m[i].vostring, m[i].groupname ? m[i].groupname : "(null)", (int)m[i].gid);
    n = -7; char **p = getCredentialData(POOL_INDEX, &n); printf("cred.POOL_INDEX.n=%d\n", n); if (n > 0) printf("cred.POOL_INDEX=%s\n", *p);
}
static int credflag = 0;

static void run_mode(const char *mode)
{
    int rc;
    uid_t uid = (uid_t)-1; gid_t *pg = NULL, *sg = NULL; int npg = 0, nsg = 0; char *pi = NULL;
    int nf = nfqan_override != -999 ? nfqan_override : nfqan;
    char **fl = nfqan ? fqans : NULL;
    if (!strcmp(mode, "username")) {
        F(int, lcmaps_run_without_credentials_and_return_username, (char *, request_t, char **, int, char **));
        char *u = (char *)"UNSET";
        rc = lcmaps_run_without_credentials_and_return_username(dn, request, &u, npols, npols ? pols : NULL);
        printf("rc=%d\nusername=%s\n", rc, u ? u : "(null)");
        if (rc == 0) free(u);
    } else if (!strcmp(mode, "fqans")) {
        F(int, lcmaps_run_with_fqans_mapcounter_and_return_account, (char *, char **, int, int, request_t, int, char **, uid_t *, gid_t **, int *, gid_t **, int *, char **));
        rc = lcmaps_run_with_fqans_mapcounter_and_return_account(dn, fl, nf, mapcounter, request, npols, npols ? pols : NULL, &uid, &pg, &npg, &sg, &nsg, &pi);
        show_account(rc, uid, pg, npg, sg, nsg, pi);
    } else if (!strcmp(mode, "fqans_nocounter")) {
        F(int, lcmaps_run_with_fqans_and_return_account, (char *, char **, int, request_t, int, char **, uid_t *, gid_t **, int *, gid_t **, int *, char **));
        rc = lcmaps_run_with_fqans_and_return_account(dn, fl, nf, request, npols, npols ? pols : NULL, &uid, &pg, &npg, &sg, &nsg, &pi);
        show_account(rc, uid, pg, npg, sg, nsg, pi);
    } else if (!strcmp(mode, "pem")) {
        F(int, lcmaps_run_with_pem_and_return_account, (char *, char *, int, request_t, int, char **, uid_t *, gid_t **, int *, gid_t **, int *, char **));
        char *pem = pemfile ? slurp(pemfile) : NULL;
        rc = lcmaps_run_with_pem_and_return_account(dn, pem, mapcounter, request, npols, npols ? pols : NULL, &uid, &pg, &npg, &sg, &nsg, &pi);
        show_account(rc, uid, pg, npg, sg, nsg, pi);
        if (rc == 0) free(pi);
        free(pem);
    } else if (!strcmp(mode, "x509")) {
        /* build a STACK_OF(X509) through libcrypto, found through the library under test */
        void *c = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_GLOBAL);
        void *(*bio)(const void *, int) = dlsym(c, "BIO_new_mem_buf");
        void *(*rd)(void *, void **, void *, void *) = dlsym(c, "PEM_read_bio_X509");
        void *(*sknew)(void) = dlsym(c, "OPENSSL_sk_new_null");
        int (*skpush)(void *, void *) = dlsym(c, "OPENSSL_sk_push");
        char *pem = pemfile ? slurp(pemfile) : NULL; void *sk = NULL, *b, *x;
        if (pem) { sk = sknew(); b = bio(pem, -1); while ((x = rd(b, NULL, NULL, NULL))) skpush(sk, x); }
        F(int, lcmaps_run_with_stack_of_x509_and_return_account, (void *, int, request_t, int, char **, uid_t *, gid_t **, int *, gid_t **, int *, char **));
        rc = lcmaps_run_with_stack_of_x509_and_return_account(sk, mapcounter, request, npols, npols ? pols : NULL, &uid, &pg, &npg, &sg, &nsg, &pi);
        show_account(rc, uid, pg, npg, sg, nsg, pi);
        if (rc == 0) { free(pg); free(sg); }
    } else if (!strcmp(mode, "verify")) {
        F(int, lcmaps_run_and_verify_account_from_pem, (char *, char *, uid_t, gid_t *, int, gid_t *, int, char *, request_t, int, char **));
        char *pem = pemfile ? slurp(pemfile) : NULL; gid_t a[MAXL], b[MAXL]; int i;
        for (i = 0; i < narg_pgid; i++) a[i] = (gid_t)arg_pgid[i];
        for (i = 0; i < narg_sgid; i++) b[i] = (gid_t)arg_sgid[i];
        rc = lcmaps_run_and_verify_account_from_pem(dn, pem, (uid_t)arg_uid, narg_pgid ? a : NULL, narg_pgid, narg_sgid ? b : NULL, narg_sgid, arg_poolindex, request, npols, npols ? pols : NULL);
        printf("rc=%d\n", rc);
        free(pem);
    } else if (!strcmp(mode, "gss_null")) {
        F(int, lcmaps_run, (char *, void *, request_t));
        rc = lcmaps_run(dn, NULL, request); printf("rc=%d\n", rc);
    } else if (!strcmp(mode, "gss_null_user")) {
        F(int, lcmaps_run_and_return_username, (char *, void *, request_t, char **, int, char **));
        char *u = requser; rc = lcmaps_run_and_return_username(dn, NULL, request, &u, npols, npols ? pols : NULL);
        printf("rc=%d\nusername=%s\n", rc, u ? u : "(null)");
    } else if (!strcmp(mode, "gss_user") || !strcmp(mode, "gss_run") || !strcmp(mode, "gss_pool")) {
        /* make a gss_cred_id_t from a proxy PEM file through the Globus libs */
        void *g = dlopen("libglobus_gssapi_gsi.so.4", RTLD_NOW | RTLD_GLOBAL), *cm = dlopen("libglobus_common.so.0", RTLD_NOW | RTLD_GLOBAL);
        unsigned (*imp)(unsigned *, void **, void *, unsigned, void *, unsigned, unsigned *) = dlsym(g, "gss_import_cred");
        int (*act)(void *) = dlsym(cm, "globus_module_activate"); void *mod = dlsym(g, "globus_i_gsi_gssapi_module");
        unsigned ms = 0, maj; void *cred = NULL; char buf[4096];
        struct { size_t length; void *value; } tok;
        if (act && mod) act(mod);
        snprintf(buf, sizeof buf, "X509_USER_PROXY=%s", pemfile); tok.value = buf; tok.length = strlen(buf) + 1;
        maj = imp(&ms, &cred, NULL, 1, &tok, 0, NULL);
        printf("import=%s\n", maj == 0 && cred ? "ok" : "failed");
        if (!strcmp(mode, "gss_user")) {
            F(int, lcmaps_run_and_return_username, (char *, void *, request_t, char **, int, char **));
            char *u = requser; rc = lcmaps_run_and_return_username(dn, cred, request, &u, npols, npols ? pols : NULL);
            printf("rc=%d\nusername=%s\n", rc, u ? u : "(null)");
        } else if (!strcmp(mode, "gss_run")) {
            F(int, lcmaps_run, (char *, void *, request_t));
            printf("rc=%d\n", lcmaps_run(dn, cred, request));
        } else {
            F(int, lcmaps_run_and_return_poolindex, (char *, void *, request_t, char **, int, char **));
            char *u = NULL; rc = lcmaps_run_and_return_poolindex(dn, cred, request, &u, npols, npols ? pols : NULL);
            printf("rc=%d\npoolindex=%s\n", rc, u ? u : "(null)");
        }
    } else { fprintf(stderr, "unknown mode %s\n", mode); exit(98); }
    if (credflag) show_cred();
    fflush(stdout);
}

/* ---------- direct API tests, no init needed ---------- */
static void api_tokenize(void)
{   /* rest[0]=string, rest[1]=max, rest[2]=sep */
    F(int, lcmaps_tokenize, (const char *, char **, int *, const char *));
    char *a[256]; int n = atoi(rest[1]), rc, i; memset(a, 0, sizeof a);
    rc = lcmaps_tokenize(strcmp(rest[0], "NULL") ? rest[0] : NULL, a, &n, nrest > 2 ? rest[2] : " \t\n");
    printf("rc=%d n=%d", rc, n); for (i = 0; i < n; i++) printf(" [%s]", a[i]); printf("\n");
    printf("terminated=%s\n", rc == 0 && a[n] == NULL ? "yes" : "no");
}
static const char *N(const char *s) { return strcmp(s, "NULL") ? s : NULL; }
static void api_genfilename(void)
{
    F(char *, lcmaps_genfilename, (const char *, const char *, const char *));
    char *r = lcmaps_genfilename(N(rest[0]), N(rest[1]), N(rest[2])); printf("[%s]\n", r ? r : "(null)"); free(r);
}
static void api_version(void)
{
    F(int, lcmaps_get_major_version, (void)); F(int, lcmaps_get_minor_version, (void)); F(int, lcmaps_get_patch_version, (void));
    printf("version=%d.%d.%d\n", lcmaps_get_major_version(), lcmaps_get_minor_version(), lcmaps_get_patch_version());
}
static void api_cred(void)
{
    F(int, addCredentialData, (int, void *)); F(void *, getCredentialData, (int, int *));
    uid_t u = 5, u2 = 6; gid_t g = 30, g2 = 10, g3 = 20, g4 = 10; char *s = (char *)"/CN=a", *s2 = (char *)"/CN=b"; int n = -7, r; void *p;
    vo_mapping_t m = { (char *)"/vo", (char *)"grp", 42 }; vo_data_t v = { (char *)"vo", (char *)"g", NULL, (char *)"r", NULL };
    p = getCredentialData(DN, &n); printf("DN0 p!=0:%d n=%d *p==0:%d\n", p != NULL, n, *(void **)p == NULL);
    p = getCredentialData(POOL_INDEX, &n); printf("POOL0 p!=0:%d n=%d\n", p != NULL, n);
    p = getCredentialData(UID, &n); printf("UID0 p==0:%d n=%d\n", p == NULL, n);
    n = -7; p = getCredentialData(77, &n); printf("bad get p==0:%d n=%d\n", p == NULL, n);
    r = addCredentialData(77, &u); printf("bad add %d\n", r);
    r = addCredentialData(UID, NULL); printf("null add %d\n", r);
#define ADD(t, x) do { r = addCredentialData(t, x); printf("add " #t " " #x " %d\n", r); } while (0)
    ADD(UID, &u); ADD(UID, &u2); ADD(PRI_GID, &g); ADD(PRI_GID, &g);
    ADD(SEC_GID, &g); ADD(SEC_GID, &g2); ADD(SEC_GID, &g3); ADD(SEC_GID, &g4);
    ADD(DN, &s); ADD(DN, &s2); ADD(POOL_INDEX, &s); ADD(VO_CRED_STRING, &s); ADD(VO_CRED_MAPPING, &m); ADD(VO_CRED, &v);
    show_cred();
    p = getCredentialData(VO_CRED_STRING, &n); printf("VOSTR n=%d [%s]\n", n, n ? ((char **)p)[0] : "");
    p = getCredentialData(VO_CRED, &n); printf("VO n=%d [%s] copied=%d\n", n, n ? ((vo_data_t *)p)[0].vo : "", n && ((vo_data_t *)p)[0].vo != v.vo);
}
static void api_vo(void)
{
    F(vo_data_t *, lcmaps_createVoData, (const char *, const char *, const char *, const char *, const char *));
    F(int, lcmaps_deleteVoData, (vo_data_t **)); F(int, lcmaps_copyVoData, (vo_data_t *, const vo_data_t *)); F(int, lcmaps_cleanVoData, (vo_data_t *));
    F(int, lcmaps_stringVoData, (const vo_data_t *, char *, int)); F(int, lcmaps_printVoData, (int, const vo_data_t *));
    F(vo_mapping_t *, lcmaps_createVoMapping, (const char *, const char *, const gid_t)); F(int, lcmaps_deleteVoMapping, (vo_mapping_t **));
    F(int, lcmaps_copyVoMapping, (vo_mapping_t *, const vo_mapping_t *)); F(int, lcmaps_cleanVoMapping, (vo_mapping_t *)); F(int, lcmaps_printVoMapping, (int, const vo_mapping_t *));
    char b[256]; vo_data_t c; vo_mapping_t mc; int r;
    vo_data_t *v = lcmaps_createVoData("fred", "fred/flintstone", "sub", "director", "destroy");
    r = lcmaps_stringVoData(v, b, 256); printf("string=%d [%s]\n", r, b);
    r = lcmaps_stringVoData(v, b, 10); printf("short=%d\n", r);
    r = (int)strlen("/VO=fred/GROUP=fred/flintstone/ROLE=director/CAPABILITY=destroy");
    printf("exact=%d exact+1=%d\n", lcmaps_stringVoData(v, b, r), lcmaps_stringVoData(v, b, r + 1));
    r = lcmaps_copyVoData(&c, v); printf("copy=%d [%s|%s|%s|%s|%s]\n", r, c.vo, c.group, c.subgroup, c.role, c.capability);
    r = lcmaps_cleanVoData(&c); printf("clean=%d vo==0:%d\n", r, c.vo == NULL);
    r = lcmaps_deleteVoData(&v); printf("delete=%d v==0:%d\n", r, v == NULL);
    r = lcmaps_deleteVoData(&v); printf("delete2=%d\n", r);
    printf("deleteNULL=%d copyNULL=%d cleanNULL=%d printNULL=%d\n", lcmaps_deleteVoData(NULL), lcmaps_copyVoData(NULL, NULL), lcmaps_cleanVoData(NULL), lcmaps_printVoData(5, NULL));
    v = lcmaps_createVoData("vo", "  NULLgroup", NULL, NULL, NULL); r = lcmaps_stringVoData(v, b, 256); printf("nullgroup=%d\n", r);
    lcmaps_deleteVoData(&v);
    v = lcmaps_createVoData("vo", NULL, NULL, NULL, NULL); r = lcmaps_stringVoData(v, b, 256); printf("nogroup=%d\n", r);
    lcmaps_deleteVoData(&v);
    v = lcmaps_createVoData(" \tvo", "\tg", NULL, " NULL", " "); r = lcmaps_stringVoData(v, b, 256); printf("ws=%d [%s]\n", r, b);
    vo_mapping_t *m = lcmaps_createVoMapping("/vo/Role=x", "grp", 7); printf("map %s %s %d\n", m->vostring, m->groupname, (int)m->gid);
    r = lcmaps_copyVoMapping(&mc, m); printf("mcopy=%d [%s|%s|%d]\n", r, mc.vostring, mc.groupname, (int)mc.gid);
    r = lcmaps_cleanVoMapping(&mc); printf("mclean=%d %d %d %d\n", r, mc.vostring == NULL, mc.groupname == NULL, (int)mc.gid);
    r = lcmaps_deleteVoMapping(&m); printf("mdelete=%d %d\n", r, m == NULL);
    printf("mNULL delete=%d copy=%d clean=%d print=%d\n", lcmaps_deleteVoMapping(NULL), lcmaps_copyVoMapping(NULL, NULL), lcmaps_cleanVoMapping(NULL), lcmaps_printVoMapping(5, NULL));
    m = lcmaps_createVoMapping("/vo", "root", 0); printf("gid0 -> %d\n", (int)m->gid);
    m = lcmaps_createVoMapping(NULL, "root", 3); printf("nostring -> string==0:%d group==0:%d %d\n", m->vostring == NULL, m->groupname == NULL, (int)m->gid);
}
static void api_account(void)
{
    F(int, lcmaps_account_info_init, (account_t *)); F(int, lcmaps_account_info_clean, (account_t *));
    F(int, lcmaps_account_info_fill, (uid_t *, gid_t **, int *, gid_t **, int *, char **, account_t *));
    account_t a; uid_t u = 7; gid_t p[2] = { 1, 2 }, s[1] = { 3 }, *pp = p, *ps = s, *pn = NULL; int np = 2, ns = 1, z = 0, r; char *pi = (char *)"idx", *pin = NULL;
    printf("initNULL=%d cleanNULL=%d\n", lcmaps_account_info_init(NULL), lcmaps_account_info_clean(NULL));
    memset(&a, 0x55, sizeof a); r = lcmaps_account_info_init(&a); printf("init=%d uid=%d np=%d ns=%d null=%d\n", r, (int)a.uid, a.npgid, a.nsgid, !a.pgid_list && !a.sgid_list && !a.poolindex);
    r = lcmaps_account_info_fill(&u, &pp, &np, &ps, &ns, &pi, &a);
    printf("fill=%d uid=%d np=%d [%d,%d] ns=%d [%d] pi=%s copied=%d\n", r, (int)a.uid, a.npgid, (int)a.pgid_list[0], (int)a.pgid_list[1], a.nsgid, (int)a.sgid_list[0], a.poolindex, a.pgid_list != p && a.poolindex != pi);
    r = lcmaps_account_info_clean(&a); printf("clean=%d\n", r);
    printf("fillNULLacct=%d\n", lcmaps_account_info_fill(&u, &pp, &np, &ps, &ns, &pi, NULL));
    r = lcmaps_account_info_fill(NULL, &pp, &np, &ps, &ns, &pi, &a); printf("fillNULLarg=%d uid=%d\n", r, (int)a.uid);
    printf("fillNULLlist=%d\n", lcmaps_account_info_fill(&u, &pn, &np, &ps, &ns, &pi, &a));
    r = lcmaps_account_info_fill(&u, &pn, &z, &pn, &z, &pin, &a); printf("fillempty=%d p==0:%d s==0:%d pi==0:%d\n", r, !a.pgid_list, !a.sgid_list, !a.poolindex);
}
static void api_args(void)
{
    F(int, lcmaps_cntArgs, (argument_t *)); F(int, lcmaps_setArgValue, (const char *, const char *, void *, int, argument_t **));
    F(void *, lcmaps_getArgValue, (const char *, const char *, int, argument_t *)); F(int, lcmaps_findArgName, (const char *, int, argument_t *));
    F(int, lcmaps_findArgNameAndType, (const char *, const char *, int, argument_t *));
    argument_t l[] = { { "a", "int", 0, NULL }, { "a", "char *", 0, NULL }, { "b", "int", 1, NULL }, { NULL, NULL, -1, NULL } }, *lp = l; int x = 3;
    printf("cnt=%d\n", lcmaps_cntArgs(l));
    printf("find a=%d b=%d c=%d\n", lcmaps_findArgName("a", 3, l), lcmaps_findArgName("b", 3, l), lcmaps_findArgName("c", 3, l));
    printf("findt a/char*=%d a/void=%d\n", lcmaps_findArgNameAndType("a", "char *", 3, l), lcmaps_findArgNameAndType("a", "void", 3, l));
    int r1 = lcmaps_setArgValue("b", "int", &x, 3, &lp), r2 = lcmaps_setArgValue("b", "char", &x, 3, &lp); printf("set=%d setbad=%d\n", r1, r2);
    printf("get=%d getbad=%p get_cut=%p\n", lcmaps_getArgValue("b", "int", 3, l) == &x, lcmaps_getArgValue("b", "char", 3, l), lcmaps_getArgValue("b", "int", 2, l));
}
static void api_gidlist(void)
{
    F(int, lcmaps_get_gidlist, (const char *, int *, gid_t **)); int n = -1, i, rc; gid_t *g = NULL;
    rc = lcmaps_get_gidlist(rest[0], &n, &g); printf("rc=%d n=%d", rc, n); for (i = 0; rc == 0 && i < n; i++) printf(" %d", (int)g[i]); printf("\n");
    printf("nullptr=%d\n", lcmaps_get_gidlist(rest[0], NULL, NULL));
}
static void api_voms(void)
{
    F(int, lcmaps_is_set_to_verify_voms_attributes, (void)); F(void, lcmaps_disable_voms_attributes_verification, (void)); F(void, lcmaps_enable_voms_attributes_verification, (void));
    F(unsigned, lcmaps_get_voms_attributes_verification, (void)); F(void, lcmaps_set_voms_attributes_verification, (unsigned));
    F(void, lcmaps_set_voms_verification_time, (time_t, int)); F(int, lcmaps_get_voms_verification_time, (time_t *, int *)); time_t t = 1; int f = 1;
    printf("default is=%d get=0x%x\n", lcmaps_is_set_to_verify_voms_attributes(), lcmaps_get_voms_attributes_verification());
    lcmaps_disable_voms_attributes_verification(); printf("disabled is=%d get=0x%x\n", lcmaps_is_set_to_verify_voms_attributes(), lcmaps_get_voms_attributes_verification());
    lcmaps_set_voms_attributes_verification(0xfe); printf("0xfe is=%d get=0x%x\n", lcmaps_is_set_to_verify_voms_attributes(), lcmaps_get_voms_attributes_verification());
    lcmaps_set_voms_attributes_verification(0x7e); printf("0x7e is=%d\n", lcmaps_is_set_to_verify_voms_attributes());
    lcmaps_set_voms_attributes_verification(0x7f); printf("0x7f is=%d\n", lcmaps_is_set_to_verify_voms_attributes());
    lcmaps_enable_voms_attributes_verification(); printf("enabled is=%d get=0x%x\n", lcmaps_is_set_to_verify_voms_attributes(), lcmaps_get_voms_attributes_verification());
    printf("gettime=%d", lcmaps_get_voms_verification_time(&t, &f)); printf(" t=%ld f=%d\n", (long)t, f);
    lcmaps_set_voms_verification_time(310, 1); printf("gettime=%d", lcmaps_get_voms_verification_time(&t, &f)); printf(" t=%ld f=%d\n", (long)t, f);
    errno = 0; f = lcmaps_get_voms_verification_time(NULL, &f); printf("gettimeNULL=%d einval=%d\n", f, errno == EINVAL);
}
static void api_log(void)
{   /* needs --log; rest: level message ; init first */
    F(int, lcmaps_log, (int, const char *, ...)); F(int, lcmaps_log_debug, (int, const char *, ...)); F(int, lcmaps_log_time, (int, const char *, ...));
    F(int, lcmaps_log_a_string, (int, const char *, const char *)); F(int, lcmaps_log_a_string_debug, (int, const char *, const char *));
    int i; char big[5000];
    printf("before=%d\n", lcmaps_log(3, "before init\n"));
    if (!noinit) do_init();
    for (i = 0; i <= 8; i++) printf("log%d=%d\n", i, lcmaps_log(i, "message at %d\n", i));
    printf("debug0=%d debug9=%d\n", lcmaps_log_debug(0, "dbg0\n"), lcmaps_log_debug(9, "dbg9\n"));
    printf("time=%d\n", lcmaps_log_time(3, "timed\n"));
    printf("astr=%d astrd=%d\n", lcmaps_log_a_string(3, "S:%s\n", "str"), lcmaps_log_a_string_debug(1, "SD:%s\n", "str"));
    printf("nonprint=%d\n", lcmaps_log(3, "a\001b\tc\377d\n"));
    memset(big, 'x', sizeof big); big[sizeof big - 1] = 0; printf("big=%d\n", lcmaps_log(3, "%s", big));
    lcmaps_log(3, "nonl"); lcmaps_log(3, "after\n");
    if (!noinit) do_term();
}
static void api_sigpipe(void)
{
    struct sigaction s; signal(SIGPIPE, SIG_IGN); do_init(); sigaction(SIGPIPE, NULL, &s);
    printf("during=%s\n", s.sa_handler == SIG_IGN ? "ign" : s.sa_handler == SIG_DFL ? "dfl" : "handler"); do_term();
    sigaction(SIGPIPE, NULL, &s); printf("after=%s\n", s.sa_handler == SIG_IGN ? "ign" : s.sa_handler == SIG_DFL ? "dfl" : "handler");
}
static void helper_lib(const char *base, char *out, size_t n) { if (libdir) snprintf(out, n, "%s/%s", libdir, base); else snprintf(out, n, "%s", base); }
static void api_retpem(int verify)
{
    char p[4096]; helper_lib(verify ? "liblcmaps_verify_account_from_pem.so.0" : "liblcmaps_return_account_from_pem.so.0", p, sizeof p);
    void *h = dlopen(p, RTLD_NOW | RTLD_GLOBAL); if (!h) { printf("dlopen=%s\n", dlerror()); exit(96); }
    char *pem = pemfile ? slurp(pemfile) : NULL; account_t a; memset(&a, 0, sizeof a); gid_t g[MAXL]; int i, rc;
    if (!verify) {
        int (*f)(char *, int, account_t *) = dlsym(h, "lcmaps_return_account_from_pem");
        rc = f(pem, mapcounter, &a); show_account(rc, a.uid, a.pgid_list, a.npgid, a.sgid_list, a.nsgid, a.poolindex);
        printf("env.LCMAPS_DB_FILE=%s\n", getenv("LCMAPS_DB_FILE") ? getenv("LCMAPS_DB_FILE") : "(null)");
    } else {
        int (*f)(char *, account_t) = dlsym(h, "lcmaps_verify_account_from_pem");
        a.uid = (uid_t)arg_uid; a.npgid = narg_pgid; for (i = 0; i < narg_pgid; i++) g[i] = (gid_t)arg_pgid[i]; a.pgid_list = g;
        printf("rc=%d\n", f(pem, a));
    }
}
static void api_gridmap(void)
{
    char p[4096]; helper_lib("liblcmaps_gss_assist_gridmap.so.0", p, sizeof p);
    void *h = dlopen(p, RTLD_NOW | RTLD_GLOBAL); if (!h) { printf("dlopen=%s\n", dlerror()); exit(96); }
    int (*f)(char *, char **) = dlsym(h, "globus_gss_assist_gridmap"); char *u = NULL; int rc = f(dn, &u);
    printf("rc=%d\nusername=%s\n", rc, u ? u : "(null)");
    printf("nullrc=%d\n", f(dn, NULL));
}
static void api_without_gsi(void)
{
    char p[4096]; helper_lib("liblcmaps_return_poolindex_without_gsi.so.0", p, sizeof p);
    void *h = dlopen(p, RTLD_NOW | RTLD_GLOBAL); if (!h) { printf("dlopen=%s\n", dlerror()); exit(96); }
    account_t a; memset(&a, 0, sizeof a); int rc;
    int (*f)(char *, char **, int, account_t *) = dlsym(h, "lcmaps_return_poolindex_without_gsi");
    int (*g)(char *, char **, int, int, account_t *) = dlsym(h, "lcmaps_return_account_without_gsi");
    int (*k)(char *, char **, int, int, account_t *) = dlsym(h, "lcmaps_return_poolindex_with_mapcounter");
    if (nrest && !strcmp(rest[0], "account")) rc = g(dn, nfqan ? fqans : NULL, nfqan, mapcounter, &a);
    else if (nrest && !strcmp(rest[0], "counter")) rc = k(dn, nfqan ? fqans : NULL, nfqan, mapcounter, &a);
    else rc = f(dn, nfqan ? fqans : NULL, nfqan, &a);
    show_account(rc, a.uid, a.pgid_list, a.npgid, a.sgid_list, a.nsgid, a.poolindex);
}

int main(int argc, char **argv)
{
    const char *mode = NULL; int i, k;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (i = 1; i < argc; i++) {
        char *a = argv[i];
#define OPT(s) (!strcmp(a, s) && i + 1 < argc)
        if (OPT("--lib")) libpath = argv[++i];
        else if (OPT("--libdir")) libdir = argv[++i];
        else if (!strcmp(a, "--local")) dlflags = RTLD_NOW | RTLD_LOCAL;
        else if (!strcmp(a, "--lazy")) dlflags = RTLD_LAZY | RTLD_GLOBAL;
        else if (OPT("--dn")) dn = argv[++i];
        else if (OPT("--fqan")) fqans[nfqan++] = argv[++i];
        else if (OPT("--nfqan")) nfqan_override = atoi(argv[++i]);
        else if (OPT("--policy")) pols[npols++] = argv[++i];
        else if (OPT("--mapcounter")) mapcounter = atoi(argv[++i]);
        else if (OPT("--pem")) pemfile = argv[++i];
        else if (OPT("--requser")) requser = argv[++i];
        else if (OPT("--request")) request = argv[++i];
        else if (OPT("--log")) logfile = argv[++i];
        else if (OPT("--logname")) logname = argv[++i];
        else if (OPT("--logtype")) logtype = atoi(argv[++i]);
        else if (!strcmp(a, "--nullfp")) nullfp = 1;
        else if (!strcmp(a, "--noinit")) noinit = 1;
        else if (!strcmp(a, "--noterm")) noterm = 1;
        else if (!strcmp(a, "--cred")) credflag = 1;
        else if (OPT("--repeat")) repeat = atoi(argv[++i]);
        else if (!strcmp(a, "--cycle")) sepruns = 1;
        else if (OPT("--uid")) arg_uid = atol(argv[++i]);
        else if (OPT("--pgid")) arg_pgid[narg_pgid++] = atol(argv[++i]);
        else if (OPT("--sgid")) arg_sgid[narg_sgid++] = atol(argv[++i]);
        else if (OPT("--poolindex")) arg_poolindex = argv[++i];
        else if (OPT("--setuid")) dropuid = atoi(argv[++i]);
        else if (!strcmp(a, "--voms-disable")) voms_disable = 1;
        else if (OPT("--voms-flags")) { voms_flags = (unsigned)strtoul(argv[++i], NULL, 0); set_voms_flags = 1; }
        else if (OPT("--vtime")) { vtime = atol(argv[++i]); set_vtime = 1; }
        else if (OPT("--vtimeflags")) vtimeflags = atoi(argv[++i]);
        else if (!mode) mode = a;
        else rest[nrest++] = a;
    }
    if (!mode) { fprintf(stderr, "usage: driver [--lib PATH] MODE ...\n"); return 2; }
    if (dropuid >= 0) { if (setgid((gid_t)dropuid) || setuid((uid_t)dropuid)) perror("setuid"); }
    H = dlopen(libpath, dlflags);
    if (!H) { printf("dlopen=%s\n", dlerror()); return 99; }
    if (voms_disable) { F(void, lcmaps_disable_voms_attributes_verification, (void)); lcmaps_disable_voms_attributes_verification(); }
    if (set_voms_flags) { F(void, lcmaps_set_voms_attributes_verification, (unsigned)); lcmaps_set_voms_attributes_verification(voms_flags); }
    if (set_vtime) { F(void, lcmaps_set_voms_verification_time, (time_t, int)); lcmaps_set_voms_verification_time((time_t)vtime, vtimeflags); }
    if (!strcmp(mode, "symbols")) { for (i = 0; i < nrest; i++) printf("%s=%s\n", rest[i], sym_opt(rest[i]) ? "yes" : "no"); return 0; }
    if (!strcmp(mode, "tokenize")) { api_tokenize(); return 0; }
    if (!strcmp(mode, "genfilename")) { api_genfilename(); return 0; }
    if (!strcmp(mode, "version")) { api_version(); return 0; }
    if (!strcmp(mode, "cred")) { api_cred(); return 0; }
    if (!strcmp(mode, "vo")) { api_vo(); return 0; }
    if (!strcmp(mode, "account")) { api_account(); return 0; }
    if (!strcmp(mode, "args")) { api_args(); return 0; }
    if (!strcmp(mode, "gidlist")) { api_gidlist(); return 0; }
    if (!strcmp(mode, "voms")) { api_voms(); return 0; }
    if (!strcmp(mode, "log")) { api_log(); return 0; }
    if (!strcmp(mode, "sigpipe")) { api_sigpipe(); return 0; }
    if (!strcmp(mode, "retpem")) { api_retpem(0); return 0; }
    if (!strcmp(mode, "verpem")) { api_retpem(1); return 0; }
    if (!strcmp(mode, "gridmap")) { api_gridmap(); return 0; }
    if (!strcmp(mode, "withoutgsi")) { api_without_gsi(); return 0; }
    if (!strcmp(mode, "init")) { for (k = 0; k < repeat; k++) { do_init(); if (!noterm) do_term(); } return 0; }
    if (!strcmp(mode, "init2")) { do_init(); do_init(); do_term(); do_term(); return 0; }
    if (!strcmp(mode, "termonly")) { do_term(); return 0; }
    if (sepruns) {
        for (k = 0; k < repeat; k++) { if (do_init() == 0) run_mode(mode); do_term(); }
        return 0;
    }
    if (!noinit && do_init() != 0) return 1;
    /* MODE may be a comma separated list of modes, run in one session */
    for (k = 0; k < repeat; k++) {
        char *dup = strdup(mode), *sv = NULL, *m;
        for (m = strtok_r(dup, ",", &sv); m; m = strtok_r(NULL, ",", &sv)) run_mode(m);
        free(dup);
    }
    if (!noterm && !noinit) do_term();
    return 0;
}
