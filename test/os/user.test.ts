/**
 * Users of a cluster of two, at its consoles: who may log in, and what each may do to files and processes.
 */
import { pbkdf2Sync } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { Consoles, LOGIN, PASSWORD } from './console-rig.ts';

const TOOLS = [
  'adduser',
  'cat',
  'chmod',
  'chown',
  'cp',
  'groups',
  'id',
  'kill',
  'ls',
  'mkdir',
  'mv',
  'on',
  'ps',
  'rm',
  'sleep',
];
let cluster: Consoles;

beforeAll(async () => {
  cluster = await Consoles.boot('line:2', [...TOOLS, 'whoami']);
  await cluster.ask(0, 'mkdir /common; chmod 777 /common');
  await cluster.addUser(0, 'ada', 'lovelace');
  await cluster.addUser(0, 'bob', 'builder');
  cluster.session.type(0, 'exit\n');
  cluster.session.type(1, 'exit\n');
}, 900_000);

it('lets in who knows the password, in the own home, and nobody else', async () => {
  await cluster.answer(1, [LOGIN, 'ada'], [PASSWORD, 'byron'], [LOGIN, 'nobody'], [PASSWORD, '']);
  await cluster.session.expect(1, 'Login incorrect', { within: '5s' });
  await cluster.logIn(1, 'ada', 'lovelace');
  expect(await cluster.ask(1, 'whoami; id; pwd; echo $HOME $USER')).toContain(
    'ada\nuid=1000(ada) gid=1000(ada) groups=1000(ada)\n/home/ada\n/home/ada ada\n',
  );
  expect(cluster.session.text(1)).not.toContain('lovelace');
});

it('gives at each console the same home and environment', async () => {
  await cluster.ask(1, "echo 'export PLACE=london' > .profile; echo engine > notes");
  await cluster.logIn(0, 'ada', 'lovelace');
  expect(await cluster.ask(0, 'pwd; echo $PLACE; cat notes; ls -l notes')).toMatch(
    /\/home\/ada\nlondon\nengine\n-rw-r--r-- 1 ada ada 7 .* notes\n/,
  );
  cluster.session.type(0, 'exit\n');
});

it('lets a user see and end at one console what runs from another, and nobody else’s', async () => {
  await cluster.ask(1, 'sleep 100 & sleep 200 & echo $! > /common/job');
  await cluster.logIn(0, 'ada', 'lovelace');
  expect(await cluster.ask(0, 'ps -ef')).toMatch(/1 ada +1\d{5} .* sleep\n/);
  expect(await cluster.ask(0, 'kill $(cat /common/job)')).not.toContain('kill:');
  expect(await cluster.ask(1, 'jobs')).toMatch(/sleep 100 &\n[\s\S]*\[2\]. +Terminated +sleep 200/);
  cluster.session.type(0, 'exit\n');
  await cluster.logIn(0, 'bob', 'builder');
  await cluster.ask(1, 'sleep 300 & echo $! > /common/job');
  expect(await cluster.ask(0, 'kill $(cat /common/job)')).toContain('Permission denied');
  expect(await cluster.ask(1, 'kill $!; echo $?')).toContain('0\n');
});

it('lets nobody change what is another’s: names, contents, modes, owners', async () => {
  await cluster.ask(1, 'echo secret > hers; chmod 604 hers; mkdir shut; chmod 700 shut; echo deep > shut/in');
  const said = await cluster.ask(
    0,
    'cd /home/ada; cat hers; echo x >> hers; echo x > new; mkdir new; cat shut/in',
  );
  expect(said).toContain('secret\nsh: 1: cannot create hers: Permission denied');
  expect(said).toContain('cannot create new: Permission denied\nmkdir: cannot create directory');
  expect(said).toContain('cat: shut/in: Permission denied');
  const more = await cluster.ask(0, 'rm hers; mv hers /tmp/h; chmod 777 hers; chown bob hers; ls shut; cd');
  for (const what of ["remove 'hers': P", "move 'hers' to '/tmp/h': P", "'hers': O", "directory 'shut': P"])
    expect(more).toContain(what);
  expect(await cluster.ask(0, 'cat /etc/shadow; echo x >> /etc/passwd')).toMatch(/denied[\s\S]*denied/);
});

it('looks at the bits of owner, group and others, and only at the first of these that fits', async () => {
  await cluster.ask(0, 'cd /common; echo mine > own; chmod 077 own; echo group > group; chmod 040 group');
  expect(await cluster.ask(0, 'cat own group')).toMatch(
    /own: Permission denied[\s\S]*group: Permission denied/,
  );
  expect(await cluster.ask(1, 'cd /common; cat own group; cd')).toMatch(
    /mine\ncat: group: Permission denied/,
  );
  await cluster.ask(0, 'cp /boot/bin/whoami say; chmod 655 say');
  expect(await cluster.ask(0, '/common/say')).toContain('say: Permission denied');
  expect(await cluster.ask(0, 'chmod 744 say; /common/say')).toContain('bob\n');
  expect(await cluster.ask(1, '/common/say; rm -f /common/say /common/own')).toContain(
    'say: Permission denied',
  );
});

it('keeps names in a sticky directory for their owners', async () => {
  await cluster.ask(0, 'cd; echo b > /tmp/b; chmod 666 /tmp/b');
  const said = await cluster.ask(
    1,
    'rm /tmp/b; mv /tmp/b /tmp/c; echo a > /tmp/a; mv /tmp/a /tmp/b; cat /tmp/b',
  );
  expect(said).toContain("remove '/tmp/b': Operation not permitted");
  expect(said).toContain("move '/tmp/b' to '/tmp/c': Operation not permitted");
  expect(said).toContain("move '/tmp/a' to '/tmp/b': Operation not permitted\nb\n");
  expect(await cluster.ask(0, 'rm /tmp/b; echo $?')).toContain('0\n');
});

it('lets users signal their own processes only, and root any', async () => {
  await cluster.ask(0, 'sleep 100 & echo $! > /common/pid');
  expect(await cluster.ask(0, 'kill -9 1; kill 2; kill 32')).toMatch(/1: Perm[\s\S]*2: Perm[\s\S]*32: Perm/);
  cluster.session.type(0, "su ada -c 'kill $(cat /common/pid)'\n");
  await cluster.answer(0, [PASSWORD, 'lovelace']);
  await cluster.session.expect(0, 'Permission denied', { within: '5s' });
  cluster.session.type(0, "su bob -c 'kill $(cat /common/pid)'; wait; echo by $((100 + 28))\n");
  await cluster.session.expect(0, 'by 128', { within: '5s' });
  await cluster.ask(0, 'sleep 100 & echo $! > /common/pid');
  expect(await cluster.ask(0, "su -c 'kill -9 $(cat /common/pid); id'; wait")).toContain('uid=0(root)');
});

it('changes a password for who knows the old one, and another’s only for root', async () => {
  cluster.session.type(1, 'passwd\n');
  await cluster.answer(1, [PASSWORD, 'wrong']);
  await cluster.session.expect(1, 'Authentication failure', { within: '5s' });
  expect(await cluster.ask(1, 'passwd bob')).toContain('passwd: bob: Permission denied');
  cluster.session.type(1, 'passwd\n');
  await cluster.answer(
    1,
    [PASSWORD, 'lovelace'],
    ['New password: ', 'analytical'],
    ['New password again: ', 'analytical'],
  );
  await cluster.session.expect(1, 'Password changed.', { within: '5s' });
  cluster.session.type(1, 'exit\n');
  await cluster.logIn(1, 'ada', 'analytical');
});

it('keeps of a password only what PBKDF2 makes of it, with salt of its own', async () => {
  const shadow = await cluster.ask(1, "su -c 'cat /etc/shadow'");
  const [, rounds, salt, hash] = /^ada:\$pbkdf2-sha256\$(\d+)\$([0-9a-f]{32})\$([0-9a-f]{64})$/m.exec(
    shadow,
  )!;
  expect(pbkdf2Sync('analytical', salt!, Number(rounds), 32, 'sha256').toString('hex')).toBe(hash);
  const [, salts] = /^bob:\$[^$]*\$\d+\$([0-9a-f]{32})/m.exec(shadow)!;
  expect(salts).not.toBe(salt);
});

it('lets members of a file’s group do what its mode says, as long as they are', async () => {
  await cluster.ask(1, 'cd /common; echo one > log; chmod 460 log; cp /boot/bin/whoami say; chmod 710 say');
  expect(await cluster.ask(0, 'cd /common; cat log; ./say; groups')).toMatch(
    /log: Permission denied[\s\S]*say: Permission denied\nbob\n/,
  );
  await cluster.ask(1, "su -c 'addgroup crew; adduser bob crew; chgrp crew /common/log /common/say'");
  expect(await cluster.ask(1, 'groups ada bob; id -G bob')).toContain(
    'ada : ada\nbob : bob crew\n1001 1002\n',
  );
  expect(await cluster.ask(0, 'cat log; echo two >> log; ./say; on 1 cat log; on 1 ./say')).toContain(
    '\none\nbob\none\ntwo\nbob\n',
  );
  expect(await cluster.ask(0, 'echo x > own; chgrp crew own; ls -l own')).toMatch(/ bob crew 2 .* own\n/);
  expect(await cluster.ask(1, 'chgrp crew own; echo x > mine; chgrp crew mine')).toMatch(
    /changing group of 'own': Op[\s\S]*changing group of 'mine': Op/,
  );
  await cluster.ask(1, "su -c 'echo crew:x:1002:bobby,ada > /etc/group'");
  expect(await cluster.ask(0, 'cat log; ./say')).toMatch(
    /log: Permission denied[\s\S]*say: Permission denied/,
  );
  expect(await cluster.ask(1, 'chgrp crew mine; ls -l mine; cat log')).toMatch(/ crew 2 .* mine\none\ntwo\n/);
});

it('lets nobody say to programs with another’s rights what paths mean', async () => {
  cluster.session.type(1, "su -c 'passwd'\n");
  await cluster.answer(1, ['New password: ', 'sesame'], ['New password again: ', 'sesame']);
  await cluster.session.expect(1, 'Password changed.', { within: '5s' });
  await cluster.ask(0, 'cd; mkdir e; echo root: > e/shadow; echo root:x:0:0:root:/:/boot/bin/sh > e/passwd');
  expect(await cluster.ask(0, 'bind e /etc; cat /etc/shadow')).toContain('root:\n');
  for (const command of ['su -c id', 'on 1 su -c id']) {
    cluster.session.type(0, `${command}\n`);
    await cluster.answer(0, [PASSWORD, '']);
    await cluster.session.expect(0, 'su: Authentication failure', { within: '5s' });
  }
});

it('lets nobody be somebody else while nobody can say who there is', async () => {
  cluster.session.powerOff(0);
  await cluster.session.run('100ms');
  expect(await cluster.ask(1, 'su -c id; echo $?')).toContain(
    'su: /etc/passwd: Its node cannot be reached\n1\n',
  );
  cluster.session.type(1, 'exit\n');
  await cluster.answer(1, [LOGIN, 'root'], [LOGIN, 'ada']);
  await cluster.session.expect(1, 'Nobody can be let in now: /etc: Its node cannot be reached', {
    within: '5s',
  });
});
