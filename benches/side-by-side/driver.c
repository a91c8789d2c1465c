/* driver.c - performance driver for any liblcmaps.so.0 (and liblcas.so.0).
 *
 * The library is dlopen()ed by path (RTLD_NOW|RTLD_GLOBAL, as gLExec and the
 * lcas-lcmaps-gt4-interface do), so the same binary measures Debian's LCMAPS
 * 1.6.6 and any drop-in replacement.  No LCMAPS header is needed.
 *
 *   bench MODE [options]
 * MODE:
 *   long      init once, map N times, term once; timing per mapping
 *   oneshot   N x (exec fresh process: dlopen+init+map+term); timing per process
 *   noop      N x exec of this binary doing nothing (floor for oneshot)
 *   dlopen    N x exec of this binary that only dlopen()s the library
 *   cycle     one process, N x (init+map+term)
 *   init      one process, N x (init+term), no mapping
 *   leak      one process, N mappings, RSS/heap growth per mapping
 *   threads   K threads sharing one initialised library (safety test)
 *   procs     K processes mapping concurrently into one gridmapdir
 *   nss       N x getpwnam()+getgrouplist() only (the NSS share of a mapping)
 *   lcas      like long, with liblcas: lcas_init, N x lcas_pem, lcas_term
 *   lcas1     one-shot variant of lcas
 * Options: see usage().
 *
 * cc -O2 -g -o bench driver.c -ldl -lpthread
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

typedef int init_fn(char *, FILE *, unsigned short);
typedef int term_fn(void);
typedef int fqans_fn(char *, char **, int, char *, int, char **, uid_t *,
		     gid_t **, int *, gid_t **, int *, char **);
typedef int pem_fn(char *, char *, int, char *, int, char **, uid_t *,
		   gid_t **, int *, gid_t **, int *, char **);
typedef int lcaspem_fn(char *, char *);

static struct {
	const char *mode, *lib, *db, *plugindir, *dn, *dnpat, *pemfile, *logfile,
	    *unlease, *passwd, *group, *nsswitch, *account, *label, *vomsnoverify;
	long n, warm, dnlo, dnhi, dnstep;
	int expect_fail, debug, nfqan, npol, k, verbose, checkuid, fd, shared;
	long uidbase;
	char *fqans[256];
	char *pols[64];
} o = {
	.lib = "/usr/lib/x86_64-linux-gnu/liblcmaps.so.0",
	.n = 100, .warm = 1, .dnstep = 1, .k = 4, .fd = -1,
	.logfile = "/dev/null",
};

static void die(const char *fmt, ...)
{
	va_list ap;
	__builtin_va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	__builtin_va_end(ap);
	fputc('\n', stderr);
	exit(3);
}

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static uint64_t cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static long statm_kb(const char *key)
{
	char line[256];
	long v = -1;
	FILE *f = fopen("/proc/self/status", "r");
	if (!f)
		return -1;
	while (fgets(line, sizeof line, f))
		if (strncmp(line, key, strlen(key)) == 0)
			v = atol(line + strlen(key) + 1);
	fclose(f);
	return v;
}

static int cmp64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void report(uint64_t *w, uint64_t *c, long n, long ok, long fail,
		   long rss, const char *extra)
{
	if (n < 1)
		n = 1;
	qsort(w, (size_t)n, 8, cmp64);
	if (c)
		qsort(c, (size_t)n, 8, cmp64);
	printf("mode=%s label=%s n=%ld ok=%ld fail=%ld med_us=%.2f min_us=%.2f "
	       "p90_us=%.2f cpu_med_us=%.2f peakrss_kb=%ld%s%s\n",
	       o.mode, o.label ? o.label : "-", n, ok, fail, w[n / 2] / 1e3,
	       w[0] / 1e3, w[n * 9 / 10] / 1e3, c ? c[n / 2] / 1e3 : 0.0, rss,
	       extra ? " " : "", extra ? extra : "");
	fflush(stdout);
}

/* ---- private view of /etc/passwd, /etc/group (mount namespace) ---- */
static void nss_setup(void)
{
	if (!o.passwd && !o.group && !o.nsswitch)
		return;
	if (getenv("BENCH_NSS_DONE"))
		return;
	if (unshare(CLONE_NEWNS) < 0)
		die("unshare: %s (use libnss_wrapper instead)", strerror(errno));
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		die("mount private: %s", strerror(errno));
	if (o.passwd && mount(o.passwd, "/etc/passwd", NULL, MS_BIND, NULL) < 0)
		die("bind passwd %s: %s", o.passwd, strerror(errno));
	if (o.group && mount(o.group, "/etc/group", NULL, MS_BIND, NULL) < 0)
		die("bind group: %s", strerror(errno));
	if (o.nsswitch &&
	    mount(o.nsswitch, "/etc/nsswitch.conf", NULL, MS_BIND, NULL) < 0)
		die("bind nsswitch: %s", strerror(errno));
	setenv("BENCH_NSS_DONE", "1", 1);
}

static char *slurp(const char *p)
{
	struct stat st;
	int fd = open(p, O_RDONLY);
	char *b;
	if (fd < 0 || fstat(fd, &st) < 0)
		die("%s: %s", p, strerror(errno));
	b = malloc((size_t)st.st_size + 1);
	if (read(fd, b, (size_t)st.st_size) != st.st_size)
		die("short read %s", p);
	b[st.st_size] = 0;
	close(fd);
	return b;
}

static const char *dn_for(long i, char *buf, size_t sz)
{
	long span;
	if (!o.dnpat)
		return o.dn;
	span = (o.dnhi - o.dnlo) / o.dnstep + 1;
	snprintf(buf, sz, o.dnpat, o.dnlo + (i % span) * o.dnstep);
	return buf;
}

static long dn_index(long i)
{
	return o.dnlo + (i % ((o.dnhi - o.dnlo) / o.dnstep + 1)) * o.dnstep;
}

struct lib {
	void *h;
	init_fn *init;
	term_fn *term;
	fqans_fn *fqans;
	pem_fn *pem;
	lcaspem_fn *lcas_pem;
};

static void env_setup(void)
{
	char b[16];
	if (o.db) {
		setenv("LCMAPS_DB_FILE", o.db, 1);
		setenv("LCAS_DB_FILE", o.db, 1);
	}
	setenv("LCMAPS_LOG_FILE", o.logfile, 1);
	setenv("LCAS_LOG_FILE", o.logfile, 1);
	snprintf(b, sizeof b, "%d", o.debug);
	setenv("LCMAPS_DEBUG_LEVEL", b, 1);
	setenv("LCAS_DEBUG_LEVEL", b, 1);
	if (o.plugindir) {
		setenv("LCMAPS_MODULES_DIR", o.plugindir, 1);
		setenv("LCAS_MODULES_DIR", o.plugindir, 1);
	}
}

static void load(struct lib *l)
{
	int lcas = strncmp(o.mode, "lcas", 4) == 0 ||
		   strncmp(o.mode, "child-lcas", 10) == 0;
	memset(l, 0, sizeof *l);
	l->h = dlopen(o.lib, RTLD_NOW | RTLD_GLOBAL);
	if (!l->h)
		die("dlopen: %s", dlerror());
	if (lcas) {
		l->init = (init_fn *)dlsym(l->h, "lcas_init_and_logfile");
		l->term = (term_fn *)dlsym(l->h, "lcas_term");
		l->lcas_pem = (lcaspem_fn *)dlsym(l->h, "lcas_pem");
		if (!l->init || !l->term || !l->lcas_pem)
			die("missing LCAS symbol");
		return;
	}
	l->init = (init_fn *)dlsym(l->h, "lcmaps_init_and_logfile");
	l->term = (term_fn *)dlsym(l->h, "lcmaps_term");
	l->fqans = (fqans_fn *)dlsym(l->h, "lcmaps_run_with_fqans_and_return_account");
	l->pem = (pem_fn *)dlsym(l->h, "lcmaps_run_with_pem_and_return_account");
	if (!l->init || !l->term || !l->fqans)
		die("missing LCMAPS symbol");
	if (o.vomsnoverify) {
		void (*f)(void) = (void (*)(void))dlsym(
		    l->h, "lcmaps_disable_voms_attributes_verification");
		if (f)
			f();
	}
}

struct res {
	uid_t uid;
	int npgid, nsgid;
	gid_t *pgid, *sgid;
	char *pool;
};

static char *pemtext;

/* one mapping. Kept as a symbol of its own: callgrind --toggle-collect. */
__attribute__((noinline)) int bench_one_mapping(struct lib *l, const char *dn,
						struct res *r)
{
	memset(r, 0, sizeof *r);
	r->uid = (uid_t)-1;
	if (l->lcas_pem)
		return l->lcas_pem(pemtext, NULL);
	if (pemtext)
		return l->pem((char *)dn, pemtext, -1, NULL, o.npol, o.pols,
			      &r->uid, &r->pgid, &r->npgid, &r->sgid, &r->nsgid,
			      &r->pool);
	return l->fqans((char *)dn, o.fqans, o.nfqan, NULL, o.npol, o.pols,
			&r->uid, &r->pgid, &r->npgid, &r->sgid, &r->nsgid,
			&r->pool);
}

__attribute__((noinline)) int bench_init(struct lib *l)
{
	/* DO_USRLOG; LCAS takes the log file only as an argument */
	return l->init(l->lcas_pem ? (char *)o.logfile : NULL, NULL, 1);
}

__attribute__((noinline)) int bench_term(struct lib *l)
{
	return l->term();
}

static void show(struct res *r, int rc)
{
	int i;
	fprintf(stderr, "rc=%d uid=%ld pgid=[", rc, (long)(int)r->uid);
	if (rc == 0)
		for (i = 0; i < r->npgid; i++)
			fprintf(stderr, "%s%u", i ? "," : "", r->pgid[i]);
	fprintf(stderr, "] sgid=[");
	if (rc == 0)
		for (i = 0; i < r->nsgid; i++)
			fprintf(stderr, "%s%u", i ? "," : "", r->sgid[i]);
	fprintf(stderr, "] pool=%s\n", rc == 0 && r->pool ? r->pool : "-");
}

/* Ownership in LCMAPS 1.6.6: run_with_fqans* lends gid lists and lease name;
 * run_with_pem lends the gid lists but strdup()s the lease name for the caller
 * (run_with_stack_of_x509: the other way round). */
static void release(struct res *r, int rc)
{
	if (rc == 0 && pemtext && r->pool) {
		free(r->pool);
		r->pool = NULL;
	}
}

static void unlease(struct res *r, int rc)
{
	char p[4096];
	if (rc == 0 && o.unlease && r->pool) {
		snprintf(p, sizeof p, "%s/%s", o.unlease, r->pool);
		if (unlink(p) < 0)
			die("unlink %s: %s", p, strerror(errno));
	}
}

static int ok_result(struct res *r, int rc, long i)
{
	if (o.expect_fail)
		return rc != 0;
	if (rc != 0)
		return 0;
	if (o.checkuid)
		return r->uid == (uid_t)(o.uidbase + dn_index(i));
	return 1;
}

static int mode_long(void)
{
	struct lib l;
	struct res r;
	char buf[1024], extra[256];
	uint64_t *w = calloc((size_t)o.n + 1, 8), *c = calloc((size_t)o.n + 1, 8);
	uint64_t t0, t1, tload, tinit, tterm;
	long i, ok = 0, fail = 0;

	t0 = now();
	load(&l);
	tload = now() - t0;
	t0 = now();
	if (bench_init(&l) != 0)
		die("init failed");
	tinit = now() - t0;
	for (i = -o.warm; i < o.n; i++) {
		const char *dn = dn_for(i < 0 ? 0 : i, buf, sizeof buf);
		uint64_t c0 = cpu();
		int rc;
		t0 = now();
		rc = bench_one_mapping(&l, dn, &r);
		t1 = now();
		if (i >= 0) {
			w[i] = t1 - t0;
			c[i] = cpu() - c0;
			if (ok_result(&r, rc, i))
				ok++;
			else
				fail++;
		}
		if (o.verbose && i < o.verbose)
			show(&r, rc);
		unlease(&r, rc);
		release(&r, rc);
	}
	t0 = now();
	if (bench_term(&l) != 0)
		fprintf(stderr, "term failed\n");
	tterm = now() - t0;
	snprintf(extra, sizeof extra, "dlopen_us=%.0f init_us=%.0f term_us=%.0f",
		 tload / 1e3, tinit / 1e3, tterm / 1e3);
	report(w, c, o.n, ok, fail, statm_kb("VmHWM:"), extra);
	free(w);
	free(c);
	return fail ? 1 : 0;
}

struct phases {
	uint64_t load, init, run, term;
	int rc;
	long uid;
	char pool[1024];
};

static int mode_child(void)
{
	struct lib l;
	struct res r;
	struct phases p;
	char buf[1024];
	uint64_t t0;

	memset(&p, 0, sizeof p);
	t0 = now();
	load(&l);
	p.load = now() - t0;
	t0 = now();
	p.rc = 99;
	if (bench_init(&l) == 0) {
		p.init = now() - t0;
		t0 = now();
		p.rc = bench_one_mapping(&l, dn_for(0, buf, sizeof buf), &r);
		p.run = now() - t0;
		p.uid = (long)(int)r.uid;
		if (p.rc == 0 && r.pool)
			snprintf(p.pool, sizeof p.pool, "%s", r.pool);
		if (o.verbose)
			show(&r, p.rc);
		t0 = now();
		bench_term(&l);
		p.term = now() - t0;
	}
	if (o.fd >= 0 && write(o.fd, &p, sizeof p) != sizeof p)
		return 4;
	return p.rc == 0 ? 0 : 1;
}

static char **child_argv(const char *mode, int argc, char **argv, int fd,
			 const char *dn)
{
	char **a = calloc((size_t)argc + 10, sizeof *a);
	int i, j = 0;
	static char fds[16];
	a[j++] = argv[0];
	a[j++] = (char *)mode;
	for (i = 2; i < argc; i++)
		a[j++] = argv[i];
	if (fd >= 0) {
		snprintf(fds, sizeof fds, "%d", fd);
		a[j++] = "--fd";
		a[j++] = fds;
	}
	if (dn) {
		a[j++] = "--dn";
		a[j++] = (char *)dn;
		a[j++] = "--nodnpat";
	}
	return a;
}

static int mode_oneshot(const char *cmode, int argc, char **argv)
{
	uint64_t *w = calloc((size_t)o.n + 1, 8), *c = calloc((size_t)o.n + 1, 8);
	uint64_t *ph[4];
	char buf[1024], extra[256];
	long i, ok = 0, fail = 0, rss = 0;
	int pfd[2], k;

	for (k = 0; k < 4; k++)
		ph[k] = calloc((size_t)o.n + 1, 8);
	if (pipe(pfd) < 0)
		die("pipe");
	fcntl(pfd[0], F_SETFD, FD_CLOEXEC);
	for (i = -o.warm; i < o.n; i++) {
		const char *dn = dn_for(i < 0 ? 0 : i, buf, sizeof buf);
		int isnoop = strcmp(cmode, "child-noop") == 0 ||
			     strcmp(cmode, "child-dlopen") == 0;
		char **a = child_argv(cmode, argc, argv, isnoop ? -1 : pfd[1],
				      isnoop ? NULL : dn);
		struct rusage ru;
		struct phases p;
		uint64_t t0 = now(), t1;
		pid_t pid;
		int st;

		memset(&p, 0, sizeof p);
		if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, a, environ))
			die("spawn");
		if (wait4(pid, &st, 0, &ru) < 0)
			die("wait4");
		t1 = now();
		free(a);
		if (!isnoop && (!WIFEXITED(st) || WEXITSTATUS(st) > 2))
			die("child died: status 0x%x", st);
		if (!isnoop && read(pfd[0], &p, sizeof p) != sizeof p)
			die("no phases from child");
		if (o.unlease && p.pool[0]) {
			char path[4096];
			snprintf(path, sizeof path, "%s/%s", o.unlease, p.pool);
			unlink(path);
		}
		if (i < 0)
			continue;
		w[i] = t1 - t0;
		c[i] = ((uint64_t)ru.ru_utime.tv_sec + (uint64_t)ru.ru_stime.tv_sec) *
			   1000000000ull +
		       ((uint64_t)ru.ru_utime.tv_usec +
			(uint64_t)ru.ru_stime.tv_usec) * 1000ull;
		if (ru.ru_maxrss > rss)
			rss = ru.ru_maxrss;
		ph[0][i] = p.load;
		ph[1][i] = p.init;
		ph[2][i] = p.run;
		ph[3][i] = p.term;
		if (isnoop ? WEXITSTATUS(st) == 0
			   : (o.expect_fail ? p.rc != 0 && p.rc != 99 : p.rc == 0))
			ok++;
		else
			fail++;
	}
	for (k = 0; k < 4; k++)
		qsort(ph[k], (size_t)o.n, 8, cmp64);
	snprintf(extra, sizeof extra,
		 "dlopen_us=%.0f init_us=%.0f run_us=%.0f term_us=%.0f",
		 ph[0][o.n / 2] / 1e3, ph[1][o.n / 2] / 1e3, ph[2][o.n / 2] / 1e3,
		 ph[3][o.n / 2] / 1e3);
	report(w, c, o.n, ok, fail, rss, extra);
	return fail ? 1 : 0;
}

static int mode_cycle(int map)
{
	struct lib l;
	struct res r;
	char buf[1024];
	uint64_t *w = calloc((size_t)o.n + 1, 8), *c = calloc((size_t)o.n + 1, 8);
	long i, ok = 0, fail = 0, rss0 = 0, rss1;
	char extra[128];

	load(&l);
	for (i = -o.warm; i < o.n; i++) {
		const char *dn = dn_for(i < 0 ? 0 : i, buf, sizeof buf);
		uint64_t c0 = cpu(), t0 = now();
		int rc = 0;
		if (bench_init(&l) != 0)
			rc = 99;
		else {
			if (map)
				rc = bench_one_mapping(&l, dn, &r);
			if (map && o.verbose && i < o.verbose)
				show(&r, rc);
			if (map) {
				unlease(&r, rc);
				release(&r, rc);
			}
			bench_term(&l);
		}
		if (i == -1 || (i == 0 && o.warm == 0))
			rss0 = statm_kb("VmRSS:");
		if (i < 0)
			continue;
		w[i] = now() - t0;
		c[i] = cpu() - c0;
		if (map ? ok_result(&r, rc, i) : rc == 0)
			ok++;
		else
			fail++;
	}
	rss1 = statm_kb("VmRSS:");
	snprintf(extra, sizeof extra, "rss_growth_B_per_cycle=%.1f",
		 (rss1 - rss0) * 1024.0 / (o.n ? o.n : 1));
	report(w, c, o.n, ok, fail, statm_kb("VmHWM:"), extra);
	return fail ? 1 : 0;
}

static int mode_leak(void)
{
	struct lib l;
	struct res r;
	char buf[1024];
	long i, fail = 0, rss0 = 0, rssh = 0, rss1;
	size_t h0 = 0, hh = 0, h1;

	load(&l);
	if (bench_init(&l) != 0)
		die("init failed");
	for (i = 0; i < o.n; i++) {
		int rc = bench_one_mapping(&l, dn_for(i, buf, sizeof buf), &r);
		if (!ok_result(&r, rc, i))
			fail++;
		unlease(&r, rc);
		release(&r, rc);
		if (i == o.n / 10) {
			rss0 = statm_kb("VmRSS:");
			h0 = mallinfo2().uordblks;
		}
		if (i == o.n / 2) {
			rssh = statm_kb("VmRSS:");
			hh = mallinfo2().uordblks;
		}
	}
	rss1 = statm_kb("VmRSS:");
	h1 = mallinfo2().uordblks;
	printf("mode=leak label=%s n=%ld fail=%ld rss10%%_kb=%ld rss50%%_kb=%ld "
	       "rss100%%_kb=%ld rss_B_per_map=%.2f heap_B_per_map=%.2f "
	       "heap2nd_half_B_per_map=%.2f peakrss_kb=%ld\n",
	       o.label ? o.label : "-", o.n, fail, rss0, rssh, rss1,
	       (rss1 - rss0) * 1024.0 / (o.n * 0.9),
	       ((double)h1 - (double)h0) / (o.n * 0.9),
	       ((double)h1 - (double)hh) / (o.n * 0.5), statm_kb("VmHWM:"));
	bench_term(&l);
	return fail != 0;
}

/* ---- threads ---- */
static struct lib tl;
static pthread_barrier_t tbar;
struct tstat {
	int id;
	long ok, wrong, fail;
};

static void *tmain(void *v)
{
	struct tstat *s = v;
	struct res r;
	char buf[1024];
	long i;
	pthread_barrier_wait(&tbar);
	for (i = 0; i < o.n; i++) {
		long j = i * o.k + s->id; /* thread-specific DNs */
		int rc = bench_one_mapping(&tl, dn_for(j, buf, sizeof buf), &r);
		if (rc != 0)
			s->fail++;
		else if (o.checkuid && r.uid != (uid_t)(o.uidbase + dn_index(j)))
			s->wrong++;
		else
			s->ok++;
	}
	return NULL;
}

static int threads_body(void)
{
	pthread_t t[64];
	struct tstat s[64];
	long ok = 0, wrong = 0, fail = 0;
	uint64_t t0;
	int i;
	memset(s, 0, sizeof s);
	load(&tl);
	if (bench_init(&tl) != 0)
		die("init failed");
	pthread_barrier_init(&tbar, NULL, (unsigned)o.k);
	t0 = now();
	for (i = 0; i < o.k; i++) {
		s[i].id = i;
		pthread_create(&t[i], NULL, tmain, &s[i]);
	}
	for (i = 0; i < o.k; i++) {
		pthread_join(t[i], NULL);
		ok += s[i].ok;
		wrong += s[i].wrong;
		fail += s[i].fail;
	}
	printf("mode=threads label=%s k=%d n=%ld ok=%ld wrong_uid=%ld fail=%ld "
	       "crash=none total_ms=%.1f\n",
	       o.label ? o.label : "-", o.k, o.n * o.k, ok, wrong, fail,
	       (now() - t0) / 1e6);
	fflush(stdout);
	_exit(wrong || fail ? 1 : 0);
}

static int mode_threads(void)
{
	pid_t p;
	int st;
	fflush(stdout);
	p = fork();
	if (p == 0) {
		struct rlimit rl = {0, 0};
		setrlimit(RLIMIT_CORE, &rl);
		alarm(120);
		threads_body();
	}
	waitpid(p, &st, 0);
	if (WIFSIGNALED(st)) {
		printf("mode=threads label=%s k=%d n=%ld crash=%s\n",
		       o.label ? o.label : "-", o.k, o.n * o.k,
		       strsignal(WTERMSIG(st)));
		return 1;
	}
	return WEXITSTATUS(st);
}

/* ---- processes contending for leases ---- */
struct pshared {
	pthread_barrier_t bar;
	struct {
		long ok, fail;
		uint64_t maxns;
	} s[64];
	uint64_t start[64], end[64];
};

static int mode_procs(void)
{
	struct pshared *sh =
	    mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_t ba;
	pid_t pid[64];
	long ok = 0, fail = 0, total = o.dnhi - o.dnlo + 1;
	uint64_t t0 = ~0ull, t1 = 0, mx = 0;
	int k, st, crash = 0;

	pthread_barrierattr_init(&ba);
	pthread_barrierattr_setpshared(&ba, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&sh->bar, &ba, (unsigned)o.k);
	fflush(stdout);
	for (k = 0; k < o.k; k++) {
		pid[k] = fork();
		if (pid[k] == 0) {
			struct lib l;
			struct res r;
			char buf[1024];
			long i;
			load(&l);
			if (bench_init(&l) != 0)
				_exit(3);
			pthread_barrier_wait(&sh->bar);
			sh->start[k] = now();
			/* shared: every process maps every user (same-user races);
			 * else users are dealt round robin */
			for (i = o.shared ? 0 : k; i < total; i += o.shared ? 1 : o.k) {
				uint64_t a = now(), b;
				int rc;
				snprintf(buf, sizeof buf, o.dnpat, o.dnlo + i);
				rc = bench_one_mapping(&l, buf, &r);
				b = now() - a;
				if (b > sh->s[k].maxns)
					sh->s[k].maxns = b;
				if (rc == 0)
					sh->s[k].ok++;
				else
					sh->s[k].fail++;
			}
			sh->end[k] = now();
			bench_term(&l);
			_exit(0);
		}
	}
	for (k = 0; k < o.k; k++) {
		waitpid(pid[k], &st, 0);
		if (!WIFEXITED(st) || WEXITSTATUS(st))
			crash++;
	}
	for (k = 0; k < o.k; k++) {
		ok += sh->s[k].ok;
		fail += sh->s[k].fail;
		if (sh->start[k] < t0)
			t0 = sh->start[k];
		if (sh->end[k] > t1)
			t1 = sh->end[k];
		if (sh->s[k].maxns > mx)
			mx = sh->s[k].maxns;
	}
	printf("mode=procs label=%s k=%d users=%ld shared=%d ok=%ld fail=%ld "
	       "crashed_procs=%d total_ms=%.1f maxlat_us=%.0f us_per_map=%.1f\n",
	       o.label ? o.label : "-", o.k, total, o.shared, ok, fail, crash,
	       (t1 - t0) / 1e6, mx / 1e3, (t1 - t0) / 1e3 / (ok + fail));
	return 0;
}

static int mode_nss(void)
{
	uint64_t *w = calloc((size_t)o.n + 1, 8), *c = calloc((size_t)o.n + 1, 8);
	char buf[256];
	long i, ok = 0, fail = 0;
	for (i = -o.warm; i < o.n; i++) {
		const char *a = o.account;
		uint64_t c0 = cpu(), t0 = now();
		struct passwd *pw;
		gid_t *g;
		int ng = 0, j;
		if (o.dnpat) {
			snprintf(buf, sizeof buf, o.dnpat,
				 dn_index(i < 0 ? 0 : i));
			a = buf;
		}
		/* what localaccount/poolaccount do: getpwnam twice and
		 * getgrouplist twice */
		for (j = 0; j < 2; j++)
			pw = getpwnam(a);
		if (pw) {
			gid_t pg = pw->pw_gid;
			getgrouplist(a, pg, NULL, &ng);
			g = malloc(sizeof(gid_t) * (size_t)(ng + 1));
			getgrouplist(a, pg, g, &ng);
			free(g);
		}
		if (i < 0)
			continue;
		w[i] = now() - t0;
		c[i] = cpu() - c0;
		if (pw)
			ok++;
		else
			fail++;
	}
	report(w, c, o.n, ok, fail, statm_kb("VmHWM:"), NULL);
	return fail != 0;
}

static void usage(void)
{
	fprintf(stderr,
		"bench MODE [--lib F] [--plugindir D] [--db F] [--n N] [--warm N]\n"
		"  [--dn DN | --dnpat FMT(%%ld) --dnlo A --dnhi B --dnstep S]\n"
		"  [--fqan F]... [--fqans FILE] [--pem FILE] [--policy P]... [--expect-fail]\n"
		"  [--checkuid BASE]  (uid must be BASE + DN number)\n"
		"  [--unlease GRIDMAPDIR] (remove the lease after each mapping)\n"
		"  [--passwd F] [--group F] [--nsswitch F] (private mount namespace)\n"
		"  [--account NAME] [--k K] [--shared] [--log F] [--debug 0-5]\n"
		"  [--voms-noverify] [--label S] [--verbose N]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	int i;
	if (argc < 2)
		usage();
	o.mode = argv[1];
	if (strcmp(o.mode, "child-noop") == 0)
		return 0;
	for (i = 2; i < argc; i++) {
		const char *a = argv[i];
		char *v = i + 1 < argc ? argv[i + 1] : NULL;
#define S(name, field) else if (strcmp(a, name) == 0 && v) { o.field = v; i++; }
#define L(name, field) else if (strcmp(a, name) == 0 && v) { o.field = atol(v); i++; }
#define I(name, field) else if (strcmp(a, name) == 0 && v) { o.field = atoi(v); i++; }
		if (0)
			;
		S("--lib", lib) S("--plugindir", plugindir) S("--db", db)
		S("--dn", dn) S("--dnpat", dnpat) S("--pem", pemfile)
		S("--log", logfile) S("--unlease", unlease) S("--passwd", passwd)
		S("--group", group) S("--nsswitch", nsswitch) S("--label", label)
		S("--account", account)
		L("--n", n) L("--warm", warm) L("--dnlo", dnlo) L("--dnhi", dnhi)
		L("--dnstep", dnstep) I("--k", k) I("--debug", debug)
		I("--verbose", verbose) I("--fd", fd)
		else if (strcmp(a, "--checkuid") == 0 && v) {
			o.checkuid = 1;
			o.uidbase = atol(v);
			i++;
		} else if (strcmp(a, "--fqan") == 0 && v) {
			o.fqans[o.nfqan++] = v;
			i++;
		} else if (strcmp(a, "--fqans") == 0 && v) {
			/* a file with one FQAN a line */
			char *f = strtok(slurp(v), "\n");
			for (; f && o.nfqan < 256; f = strtok(NULL, "\n"))
				o.fqans[o.nfqan++] = f;
			i++;
		} else if (strcmp(a, "--policy") == 0 && v) {
			o.pols[o.npol++] = v;
			i++;
		} else if (strcmp(a, "--expect-fail") == 0)
			o.expect_fail = 1;
		else if (strcmp(a, "--shared") == 0)
			o.shared = 1;
		else if (strcmp(a, "--voms-noverify") == 0)
			o.vomsnoverify = "1";
		else if (strcmp(a, "--nodnpat") == 0)
			o.dnpat = NULL;
		else {
			fprintf(stderr, "bad option %s\n", a);
			usage();
		}
	}
	nss_setup();
	env_setup();
	if (o.pemfile)
		pemtext = slurp(o.pemfile);
	if (!strcmp(o.mode, "long") || !strcmp(o.mode, "lcas"))
		return mode_long();
	if (!strcmp(o.mode, "oneshot"))
		return mode_oneshot("child", argc, argv);
	if (!strcmp(o.mode, "lcas1"))
		return mode_oneshot("child-lcas", argc, argv);
	if (!strcmp(o.mode, "noop"))
		return mode_oneshot("child-noop", argc, argv);
	if (!strcmp(o.mode, "dlopen"))
		return mode_oneshot("child-dlopen", argc, argv);
	if (!strcmp(o.mode, "child-dlopen")) {
		struct lib l;
		load(&l);
		return 0;
	}
	if (!strcmp(o.mode, "child") || !strcmp(o.mode, "child-lcas"))
		return mode_child();
	if (!strcmp(o.mode, "cycle"))
		return mode_cycle(1);
	if (!strcmp(o.mode, "init"))
		return mode_cycle(0);
	if (!strcmp(o.mode, "leak"))
		return mode_leak();
	if (!strcmp(o.mode, "threads"))
		return mode_threads();
	if (!strcmp(o.mode, "procs"))
		return mode_procs();
	if (!strcmp(o.mode, "nss"))
		return mode_nss();
	usage();
	return 2;
}
