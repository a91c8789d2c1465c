#!/usr/bin/env python3
"""Generates the benchmark data under DATA (default ./data).
usage: data.py [DATA] [--plugindir DIR] [--quick]
Everything is deterministic except keys.  Nothing outside DATA is touched."""
import os, sys, subprocess, shutil, random

args = sys.argv[1:]
quick = '--quick' in args
plug = '/usr/lib/lcmaps'
if '--plugindir' in args:
    plug = args[args.index('--plugindir') + 1]
pos = [a for i, a in enumerate(args)
       if not a.startswith('--') and (i == 0 or args[i-1] != '--plugindir')]
D = os.path.abspath(pos[0] if pos else 'data')
os.makedirs(D, exist_ok=True)
random.seed(1)

def p(*a): return os.path.join(D, *a)
def w(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f: f.write(text)
def have(path, stamp=True): return os.path.exists(path)

DN = '/DC=org/DC=example/O=Grid/OU=Users/CN=User %07d'
def enc(dn):
    return ''.join(c.lower() if c.isalnum() else '%%%02x' % ord(c) for c in dn)

HEAD = 'path = %s\n' % plug

# ---------------------------------------------------------------- NSS
# a fixed 24-line base, so that the NSS share does not depend on this machine
base = 'root:x:0:0:root:/root:/bin/bash\n' + ''.join('sys%02d:x:%d:%d:system account:/usr/sbin:/usr/sbin/nologin\n' % (i, i, i) for i in range(1, 24))
gbase = 'root:x:0:\n' + ''.join('sys%02d:x:%d:\n' % (i, i) for i in range(1, 45))
local = ''.join('lcu%03d:x:%d:20000:local:/home/lcu%03d:/bin/false\n' % (i, 30000+i, i) for i in range(100))
groups = 'gridpool:x:20000:\n' + ''.join('vog%03d:x:%d:\n' % (i, 20100+i) for i in range(100))
w(p('nss/nsswitch.conf'), 'passwd: files\ngroup: files\ninitgroups: files\nshadow: files\nhosts: files\n')
w(p('nss/group'), gbase + groups)
w(p('nss/passwd_local'), base + local)
def acct(n): return 'pool%05d' % n
def pwline(n): return '%s:x:%d:20000:pool:/home/%s:/bin/false\n' % (acct(n), 100000+n, acct(n))

# ---------------------------------------------------------------- W1 policies
import glob
for n in (10, 100, 1000, 10000):
    # (a) n policies, 2 rules each, all over the same two modules
    t = HEAD
    t += 'good = "lcmaps_dummy_good.mod --dummy-uid 30000 --dummy-gid 20000"\n'
    t += 'bad = "lcmaps_dummy_bad.mod"\nloc = "lcmaps_localaccount.mod -gridmapfile %s"\n' % p('W2/gm_100')
    for i in range(n):
        t += 'pol%04d:\nbad -> loc\n' % i if i < n-1 else 'pol%04d:\nloc -> good\n' % i
    w(p('W1/policies_%d.db' % n), t.replace(' --dummy-uid 30000 --dummy-gid 20000', ''))
    if n > 1000: continue
    # (b) one policy with a chain of n rules.  A state needs a module of its own
    #     (LCMAPS refuses one module under two names), so: n copies of dummy_good
    md = p('W1/mods_%d' % n)
    stamp = os.path.join(md, '.from')
    if not os.path.exists(stamp) or open(stamp).read() != plug:
        shutil.rmtree(md, ignore_errors=True)
        os.makedirs(md)
        w(stamp, plug)
        src = os.path.join(plug, 'lcmaps_dummy_good.mod')
        if os.path.exists(src):
            for i in range(n + 1):
                shutil.copyfile(os.path.realpath(src), os.path.join(md, 'good%04d.mod' % i))
            shutil.copyfile(os.path.realpath(os.path.join(plug, 'lcmaps_localaccount.mod')), os.path.join(md, 'loc.mod'))
    t = 'path = %s\n' % md
    t += 'loc = "loc.mod -gridmapfile %s"\n' % p('W2/gm_100')
    for i in range(n):
        t += 'v%04d = "good%04d.mod"\n' % (i, i)
    t += 'pol:\nloc -> v0000\n' + ''.join('v%04d -> v%04d\n' % (i, i+1) for i in range(n-1))
    w(p('W1/plugins_%d.db' % n), t)
# (c) both branches to later rules: number of paths is Fibonacci(n)
for n in (5, 10, 15, 20, 24, 28, 32, 36):
    t = 'path = %s\nloc = "loc.mod -gridmapfile %s"\n' % (p('W1/mods_100'), p('W2/gm_100'))
    for i in range(n + 2):
        t += 'v%04d = "good%04d.mod"\n' % (i, i)
    t += 'pol:\nloc -> v0000\n' + ''.join('v%04d -> v%04d | v%04d\n' % (i, i+1, i+2) for i in range(n))
    w(p('W1/branch_%d.db' % n), t)

# ---------------------------------------------------------------- W2 localaccount
sizes = [100, 10000, 100000] + ([] if quick else [1000000])
for n in sizes:
    f = p('W2/gm_%d' % n)
    if not have(f):
        os.makedirs(os.path.dirname(f), exist_ok=True)
        with open(f, 'w') as h:
            for i in range(1, n + 1):
                h.write('"%s" lcu%03d\n' % (DN % i, i % 100))
    w(p('W2/local_%d.db' % n), HEAD + 'loc = "lcmaps_localaccount.mod -gridmapfile %s"\ngood = "lcmaps_dummy_good.mod"\npol:\nloc -> good\n' % f)
    # wildcard: same file with one wildcard line appended as the last line
    g = p('W2/gmw_%d' % n)
    if not have(g):
        with open(g, 'w') as h:
            for i in range(1, n + 1):
                h.write('"%s" .pool\n' % (DN % i))
            h.write('"/DC=org/DC=example/O=Other/*" .pool\n')
    w(p('W2/wild_%d.db' % n), HEAD + 'pool = "lcmaps_poolaccount.mod -gridmapfile %s -gridmapdir %s"\ngood = "lcmaps_dummy_good.mod"\npol:\npool -> good\n' % (g, p('W4/gmd_100')))
    g2 = p('W2/gmlw_%d' % n)
    if not have(g2):
        shutil.copyfile(f, g2)
        with open(g2, 'a') as h: h.write('"/DC=org/DC=example/O=Other/*" lcu001\n')
    w(p('W2/localwild_%d.db' % n), HEAD + 'loc = "lcmaps_localaccount.mod -gridmapfile %s"\ngood = "lcmaps_dummy_good.mod"\npol:\nloc -> good\n' % g2)

# ---------------------------------------------------------------- W3 ban_dn
for n in sizes:
    f = p('W3/ban_%d' % n)
    if not have(f):
        os.makedirs(os.path.dirname(f), exist_ok=True)
        with open(f, 'w') as h:
            for i in range(1, n + 1):
                h.write('"/DC=org/DC=example/O=Banned/OU=Users/CN=User %07d"\n' % i)
    w(p('W3/ban_%d.db' % n), HEAD + 'ban = "lcmaps_ban_dn.mod -banmapfile %s"\nloc = "lcmaps_localaccount.mod -gridmapfile %s"\npol:\nban -> loc\n' % (f, p('W2/gm_100')))

# ---------------------------------------------------------------- W4 poolaccount
w(p('W4/gridmap'), '"/DC=org/DC=example/*" .pool\n')
psizes = [100, 1000, 10000] + ([] if quick else [50000])
for n in psizes:
    d = p('W4/gmd_%d' % n)
    if not os.path.isdir(d):
        os.makedirs(d)
        for i in range(1, n + 1):
            open(os.path.join(d, acct(i)), 'w').close()
        for i in range(1, n + 1):
            os.link(os.path.join(d, acct(i)), os.path.join(d, enc(DN % i)))
        # free exactly one account: the last one readdir() returns
        # (but never one of the sampled users of the 'existing lease' run)
        st = max(1, n // 40)
        k = [i for i in (int(e[4:]) for e in os.listdir(d) if not e.startswith('%'))
             if (i - 1) % st][-1]
        os.unlink(os.path.join(d, enc(DN % k)))
        w(p('W4/free_%d' % n), '%d\n' % k)
    k = int(open(p('W4/free_%d' % n)).read())
    # sampled users: 40 spread over the pool (skip the free one)
    step = max(1, n // 40)
    samp = [i for i in range(1, n + 1, step)]
    w(p('W4/step_%d' % n), '%d\n' % step)
    w(p('nss/passwd_pool_%d_small' % n), base + ''.join(pwline(i) for i in sorted(set(samp + [k]))))
    w(p('nss/passwd_pool_%d' % n), base + ''.join(pwline(i) for i in range(1, n + 1)))
    w(p('W4/pool_%d.db' % n), HEAD + 'pool = "lcmaps_poolaccount.mod -gridmapfile %s -gridmapdir %s"\ngood = "lcmaps_dummy_good.mod"\npol:\npool -> good\n' % (p('W4/gridmap'), d))

# ---------------------------------------------------------------- W5 VOMS
nf = 20
fq = ['/atlas/grp%02d' % i for i in range(nf)]
w(p('W5/fqans'), '\n'.join(fq) + '\n')
for n in (20, 200, 2000, 20000):
    # 20 matching lines at the end, the rest belongs to other VOs
    gm = ''.join('"/vo%05d/Role=production" vog%03d\n' % (i, i % 100) for i in range(n - nf))
    gm += ''.join('"%s" vog%03d\n' % (f, i) for i, f in enumerate(fq))
    w(p('W5/groupmap_%d' % n), gm)
    pm = ''.join('"/vo%05d/Role=production" .other\n' % i for i in range(n - 1))
    pm += '"%s" .pool\n' % fq[0]
    w(p('W5/gridmap_%d' % n), pm)
    # matched only by the user's LAST fqan: the file is read 20 times
    pm2 = ''.join('"/vo%05d/Role=production" .other\n' % i for i in range(n - 1))
    pm2 += '"%s" .pool\n' % fq[-1]
    w(p('W5/gridmaplast_%d' % n), pm2)
    d = p('W5/gmd')
    for tag, g in (('first', 'gridmap_%d' % n), ('last', 'gridmaplast_%d' % n)):
        w(p('W5/voms_%s_%d.db' % (tag, n)), HEAD +
          'grp = "lcmaps_voms_localgroup.mod -groupmapfile %s -mapmin 1"\n'
          'vpool = "lcmaps_voms_poolaccount.mod -gridmapfile %s -gridmapdir %s --use-voms-gid"\n'
          'pol:\ngrp -> vpool\n' % (p('W5/groupmap_%d' % n), p('W5/' + g), d))
d = p('W5/gmd')
if not os.path.isdir(d):
    os.makedirs(d)
    for i in range(1, 101): open(os.path.join(d, acct(i)), 'w').close()
w(p('nss/passwd_100'), base + local + ''.join(pwline(i) for i in range(1, 101)))

# ---------------------------------------------------------------- W7 contention
for n in (1000, 2000):
    w(p('nss/passwd_%d' % n), base + ''.join(pwline(i) for i in range(1, n + 1)))
w(p('W7/pool.db'), HEAD + 'pool = "lcmaps_poolaccount.mod -gridmapfile %s -gridmapdir %s"\ngood = "lcmaps_dummy_good.mod"\npol:\npool -> good\n' % (p('W4/gridmap'), p('W7/gmd')))
w(p('W7/threads_gm'), ''.join('"%s" lcu%03d\n' % (DN % i, i) for i in range(0, 100)))
w(p('W7/threads.db'), HEAD + 'loc = "lcmaps_localaccount.mod -gridmapfile %s"\ngood = "lcmaps_dummy_good.mod"\npol:\nloc -> good\n' % p('W7/threads_gm'))
print('data in', D)

# ---------------------------------------------------------------- W6 verify_proxy
os.makedirs(p('W6/empty'), exist_ok=True) if os.path.isdir(p('W6')) else None
w(p('W6db/verify_empty.db'), HEAD + 'ver = "lcmaps_verify_proxy.mod -certdir %s"\nloc = "lcmaps_localaccount.mod -gridmapfile %s"\npol:\nver -> loc\n' % (p('W6/empty'), p('W2/gm_100')))
for tag in ['certs', 'certs_0', 'certs_1000', 'certs_10000', 'certs_100000', 'certs_many']:
    w(p('W6db/verify_%s.db' % tag), HEAD +
      'ver = "lcmaps_verify_proxy.mod -certdir %s --allow-limited-proxy"\n'
      'loc = "lcmaps_localaccount.mod -gridmapfile %s"\npol:\nver -> loc\n' % (p('W6/' + tag), p('W2/gm_100')))
w(p('W6db/noverify.db'), HEAD + 'loc = "lcmaps_localaccount.mod -gridmapfile %s"\ngood = "lcmaps_dummy_good.mod"\npol:\nloc -> good\n' % p('W2/gm_100'))
w(p('W6db/vomsfull.db'), HEAD +
  'ver = "lcmaps_verify_proxy.mod -certdir %s"\n'
  'grp = "lcmaps_voms_localgroup.mod -groupmapfile %s -mapmin 1"\n'
  'vpool = "lcmaps_voms_poolaccount.mod -gridmapfile %s -gridmapdir %s --use-voms-gid"\n'
  'pol:\nver -> grp\ngrp -> vpool\n' % (p('W6/certs'), p('W5/groupmap_200'), p('W5/gridmap_200'), p('W5/gmd')))
