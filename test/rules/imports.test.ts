/**
 * Who may import whom: the table of the architecture. A folder that is in no row is a fault, so that a
 * new part states its place here first.
 *
 *     zone        a folder or file; the longest that fits a file counts
 *     project     what it may import of the project, beside itself
 *     packages    what else: npm packages, `node:` for Node's own modules
 */
import { expect, test } from 'vitest';
import { importsOf, isTypeScript, type ProjectFile, projectFiles, sample } from './source.ts';

interface Zone {
  readonly zone: string;
  readonly project: readonly string[];
  readonly packages: readonly string[];
}

/** Packages of the operator's terminal. */
const TERMINAL = ['blessed', 'chalk', '@xterm/headless'];
/** What every program, driver and service may use. */
const WIRE_NODE = 'test/os/guest/wire-node.ts';
const SYSTEM_LIBRARY = ['os/abi', 'os/proto', 'os/lib', 'os/runtime'];

// biome-ignore format: a table
const ZONES: readonly Zone[] = [
  { zone: 'hw',                    project: [],                                  packages: [] },
  { zone: 'hw/manual',             project: [],                                  packages: [] },
  { zone: 'hw/cpu/core',           project: ['hw/manual'],                       packages: [] },
  { zone: 'hw/device',             project: ['hw'],                              packages: [] },
  // the edges of the machine, where it meets its host
  { zone: 'hw/session',            project: ['hw'],                              packages: ['@xterm/headless'] },
  { zone: 'hw/console',            project: ['hw'],                              packages: ['node:', 'tsx', ...TERMINAL] },
  { zone: 'hw/cpu/asc.ts',         project: ['hw'],                              packages: ['node:', 'assemblyscript'] },
  { zone: 'hw/cpu/load-core.ts',   project: ['hw'],                              packages: ['node:'] },
  { zone: 'hw/lab/gdb/server.ts',  project: ['hw'],                              packages: ['node:'] },
  { zone: 'hw/lab/drive-file.ts',  project: ['hw'],                              packages: ['node:'] },
  { zone: 'hw/lab/worker.ts',      project: ['hw'],                              packages: ['node:'] },
  { zone: 'hw/lab/worker-cluster.ts', project: ['hw'],                           packages: ['node:'] },
  { zone: 'hw/lab/worker-cluster.ts', project: ['hw'],                           packages: ['node:'] },
  { zone: 'hw/lab/worker-start.mjs', project: ['hw'],                            packages: ['tsx'] },
  // the stages of the tool chain, in order
  { zone: 'images',                project: ['hw'],                              packages: ['node:'] },
  { zone: 'images/object.ts',      project: [],                                  packages: [] },
  { zone: 'images/wasm',           project: [],                                  packages: [] },
  { zone: 'images/ssa',            project: ['images/wasm'],                     packages: [] },
  { zone: 'images/optimise',       project: ['images/wasm', 'images/ssa'],       packages: [] },
  { zone: 'images/riscv',          project: ['hw', 'images/object.ts', 'images/wasm', 'images/ssa', 'images/optimise'], packages: [] },
  { zone: 'images/assembler',      project: ['hw', 'images/object.ts'],          packages: [] },
  { zone: 'images/link',           project: ['hw', 'images/object.ts'],          packages: [] },
  { zone: 'images/guest',          project: ['hw', 'images'],                    packages: ['node:', 'assemblyscript', 'typescript', 'rv'] },
  // a boot image and what reads it in the guest share the contracts of os/abi
  { zone: 'images/boot',           project: ['hw', 'images', 'os/abi'],          packages: ['node:'] },
  // disk images, by the guest's own file tree
  { zone: 'images/disk',           project: ['images', 'os/abi'],                packages: ['node:'] },
  // guest code of the tool chain itself
  { zone: 'images/softfloat',      project: [],                                  packages: [] },
  { zone: 'images/runtime',        project: ['images/softfloat'],                packages: ['rv'] },
  { zone: 'images/wasi',           project: [],                                  packages: [] },
  // the system; `rv` is the machine
  { zone: 'os/abi',                project: ['hw/manual'],                       packages: [] },
  { zone: 'os/proto',              project: ['os/abi', 'hw/manual'],             packages: [] },
  { zone: 'os/lib',                project: ['os/abi', 'hw/manual'],             packages: ['rv'] },
  { zone: 'os/firmware',           project: ['os/abi', 'os/lib', 'hw/manual'],   packages: ['rv'] },
  { zone: 'os/kernel',             project: ['os/abi', 'os/lib', 'hw/manual'],   packages: ['rv'] },
  { zone: 'os/runtime',            project: ['os/abi', 'os/lib', 'os/proto'],    packages: ['rv'] },
  { zone: 'os/driver',             project: [...SYSTEM_LIBRARY, 'hw/manual'],    packages: ['rv'] },
  { zone: 'os/service',            project: SYSTEM_LIBRARY,                      packages: ['rv'] },
  // who gives devices to drivers knows where they are
  { zone: 'os/service/init',       project: [...SYSTEM_LIBRARY, 'hw/manual'],    packages: ['rv'] },
  { zone: 'userland/lib',          project: SYSTEM_LIBRARY,                      packages: [] },
  { zone: 'userland/sh',           project: [...SYSTEM_LIBRARY, 'userland/lib'], packages: [] },
  { zone: 'userland/edit',         project: [...SYSTEM_LIBRARY, 'userland/lib'], packages: [] },
  { zone: 'userland/bin',          project: [...SYSTEM_LIBRARY, 'userland/lib'], packages: [] },
  // guest programs that play a part in a test
  { zone: 'test/os/guest',         project: [...SYSTEM_LIBRARY, 'hw/manual'],    packages: ['rv'] },
  { zone: 'test/os/guest/net-node.ts', project: [...SYSTEM_LIBRARY, 'os/service/net', WIRE_NODE], packages: [] },
  { zone: 'test/os/guest/member-node.ts', project: [...SYSTEM_LIBRARY, 'os/service/net', 'os/service/member'], packages: [] },
  { zone: 'test/os/guest/remote-node.ts', project: [...SYSTEM_LIBRARY, 'os/service/net', WIRE_NODE], packages: [] },
  { zone: WIRE_NODE, project: [...SYSTEM_LIBRARY, 'os/service/net'], packages: [] },
  // the shell's system in a world of the tests
  { zone: 'test/userland/guest/system.ts', project: ['userland/lib'],          packages: [] },
  { zone: 'test/os/guest/locate-node.ts', project: [...SYSTEM_LIBRARY, 'os/service/locate'], packages: [] },
  { zone: 'test/bench/guest',      project: [],                               packages: [] },
  { zone: 'test/compiler/bare/guest', project: [],                               packages: ['rv'] },
  { zone: 'test',                  project: ['hw', 'images', 'os/abi'],          packages: ['node:', 'vitest', 'fast-check', 'typescript', 'wabt', 'quickjs-wasi', ...TERMINAL] },
];

/** Zones whose members are siblings: one folder or file may not import another. */
const SIBLINGS: readonly string[] = ['hw/device', 'os/driver', 'os/service', 'userland/bin'];
/** Parts that siblings share. */
const SHARED: readonly string[] = ['hw/device/virtio.ts', 'hw/device/virtqueue.ts'];
/** The operator's side uses the machine, never the other way round: what only these may import. */
const CLOSED: readonly { readonly zone: string; readonly openTo: readonly string[] }[] = [
  { zone: 'hw/console', openTo: ['images/start-command.ts'] },
  { zone: 'hw/session', openTo: ['hw/console', 'images/start-command.ts'] },
  { zone: 'hw/cpu/core', openTo: [] },
];

const within = (path: string, zone: string) => path === zone || path.startsWith(`${zone}/`);

function zoneOf(path: string): Zone | undefined {
  const fitting = ZONES.filter(({ zone }) => within(path, zone));
  return fitting.sort((a, b) => b.zone.length - a.zone.length)[0];
}

/** Folders that hold parts: a new one needs a row. */
const FOLDERS_OF_PARTS: readonly string[] = ['hw', 'images', 'os', 'userland', 'test'];
const OTHER_FOLDERS: readonly string[] = [
  'hw/bus',
  'hw/cpu',
  'hw/lab',
  'test/hw',
  'test/compiler',
  'test/os',
  'test/console',
  'test/userland',
  'test/cluster',
  'test/rules',
  'test/bench',
];

function isKnownFolder(path: string): boolean {
  const folder = path.split('/').slice(0, -1).join('/');
  if (FOLDERS_OF_PARTS.includes(folder)) return true;
  return [...ZONES.map(({ zone }) => zone), ...OTHER_FOLDERS].some(
    known => !FOLDERS_OF_PARTS.includes(known) && within(folder, known),
  );
}

function importFaults(files: readonly ProjectFile[]): string[] {
  return files.filter(isTypeScript).flatMap(file => {
    const zone = zoneOf(file.path);
    if (zone === undefined || !isKnownFolder(file.path)) {
      return [`${file.path}: its folder has no row in the import table: add one`];
    }
    return importsOf(file)
      .filter(({ target, isRelative }) => !isAllowed(file.path, zone, target, isRelative))
      .map(({ target, line }) => `${file.path}:${line}: ${zone.zone} may not import ${target}`);
  });
}

function isAllowed(path: string, zone: Zone, target: string, isRelative: boolean): boolean {
  if (!isRelative) {
    return zone.packages.some(name => (name.endsWith(':') ? target.startsWith(name) : within(target, name)));
  }
  const closed = CLOSED.find(({ zone: part }) => within(target, part));
  const openTo = closed === undefined ? undefined : [closed.zone, ...closed.openTo, 'test'];
  if (openTo?.every(part => !within(path, part))) return false;
  const siblings = SIBLINGS.find(folder => within(path, folder) && within(target, folder));
  if (siblings !== undefined)
    return SHARED.includes(target) || member(path, siblings) === member(target, siblings);
  return [zone.zone, ...zone.project].some(allowed => within(target, allowed));
}

const member = (path: string, folder: string) => path.slice(folder.length + 1).split('/')[0];

test('every import is one that the architecture allows', () => {
  expect(importFaults(projectFiles())).toEqual([]);
});

// biome-ignore format: a table
const BAD: readonly (readonly [path: string, text: string, fault: string])[] = [
  ['hw/manual/uart.ts',     "import { x } from './timing.ts';\nimport '../state.ts';", 'hw/manual may not import hw/state.ts'],
  ['hw/device/uart.ts',     "import type { Plic } from './plic.ts';",    'hw/device may not import hw/device/plic.ts'],
  ['hw/board.ts',           "import { main } from './console/run.ts';",  'hw may not import hw/console/run.ts'],
  ['hw/lab/gdb/server.ts',  "import { main } from '../../session/session.ts';", 'hw/lab/gdb/server.ts may not import hw/session/session.ts'],
  ['hw/board.ts',           "import { readFileSync } from 'node:fs';",   'hw may not import node:fs'],
  ['hw/board.ts',           "export * from '../images/object.ts';",      'hw may not import images/object.ts'],
  ['images/ssa/ir.ts',      "type A = import('../riscv/emit.ts').A;",    'images/ssa may not import images/riscv/emit.ts'],
  ['images/wasm/reader.ts', "await import('../link/link.ts');",          'images/wasm may not import images/link/link.ts'],
  ['os/kernel/trap.ts',     "import '../service/net/net.ts';",           'os/kernel may not import os/service/net/net.ts'],
  ['os/service/net/a.ts',   "import '../file/b.ts';",                    'os/service may not import os/service/file/b.ts'],
  ['userland/bin/ls.ts',    "import '../../hw/manual/uart.ts';",         'userland/bin may not import hw/manual/uart.ts'],
  ['test/os/a.test.ts',     "import '../../os/kernel/trap.ts';",         'test may not import os/kernel/trap.ts'],
  ['hw/gadget/spring.ts',   '',                                          'its folder has no row in the import table'],
  ['os/misplaced.ts',       '',                                          'its folder has no row in the import table'],
];

test.each(BAD)('%s with %j is refused', (path, text, fault) => {
  expect(importFaults([sample(path, text)]).join('\n')).toContain(fault);
});
