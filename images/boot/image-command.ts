/**
 * NAME
 *     image - the boot images of a node, from its cluster's manifest
 *
 * SYNOPSIS
 *     npm run --silent image -- build [NAME] [-o FOLDER]    list    show [NAME]    diff NAME OTHER
 *     npm run --silent image -- verify [NAME]               clean
 *
 * DESCRIPTION
 *     build writes firmware, kernel and archive to FOLDER (.build/image/NAME), for `machine` or QEMU's virt:
 *     --bios, --kernel, --initrd. list tells the manifests of images/cluster; show tells what is in an image:
 *     files with their sizes, services with their authority. diff compares two images, each a manifest's name
 *     or a folder that build wrote. verify builds once more, from a copy of the sources in another folder, with
 *     another time zone, locale and umask and nothing kept, and compares every byte. clean forgets what was built.
 *
 * EXIT STATUS
 *     0; 1 where images differ; 2 for bad input; 7 where an image cannot be built.
 *
 * SEE ALSO
 *     images/boot/manifest.ts, images/boot/system.ts
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { meant } from '../../hw/lab/suggestion.ts';
import { ProgressBar } from '../progress-bar.ts';
import { readArchive } from './archive.ts';
import type { Manifest } from './manifest.ts';
import { rebuildElsewhere } from './rebuild.ts';
import { buildSystem, clusterManifest, clusterNames, type SystemImages } from './system.ts';

type Parts = Readonly<Record<keyof SystemImages, Uint8Array>>;

const PART_NAMES = ['firmware', 'kernel', 'archive'] as const;
const NAME_DEFAULT = 'one';
const EXIT_DIFFERENT = 1;
const EXIT_BAD_INPUT = 2;
const EXIT_IMAGE = 7;

class Refusal extends Error {}

interface Command {
  readonly operands: string;
  readonly least: number;
  readonly most: number;
  readonly run: (words: readonly string[], folder: string | undefined) => number | Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  build: {
    operands: '[NAME] [-o FOLDER]',
    least: 0,
    most: 1,
    run: ([name = NAME_DEFAULT], folder) => build(name, folder),
  },
  list: { operands: '', least: 0, most: 0, run: () => list() },
  show: { operands: '[NAME]', least: 0, most: 1, run: ([name = NAME_DEFAULT]) => show(name) },
  diff: { operands: 'NAME OTHER', least: 2, most: 2, run: ([one = '', other = '']) => diff(one, other) },
  verify: { operands: '[NAME]', least: 0, most: 1, run: ([name = NAME_DEFAULT]) => verify(name) },
  clean: { operands: '', least: 0, most: 0, run: () => clean() },
};

// npm starts scripts in the project's folder; names of folders are meant where the person is.
const HERE = process.env['npm_lifecycle_event'] === 'image' ? (process.env['INIT_CWD'] ?? '.') : '.';

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`image: ${(error as Error).message}\n`);
  process.exitCode = error instanceof Refusal ? EXIT_BAD_INPUT : EXIT_IMAGE;
}

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--help') || words.includes('-h')) {
    print(usage());
    return 0;
  }
  const { rest, folder } = outputOf(words);
  const [name = 'build', ...operands] = rest;
  const command = COMMANDS[name];
  if (command === undefined)
    throw new Refusal(`there is no command ${name}: ${meant(name, Object.keys(COMMANDS))}`);
  if (operands.length < command.least || operands.length > command.most)
    throw new Refusal(`write image ${name} ${command.operands}`.trimEnd());
  if (folder !== undefined && name !== 'build') throw new Refusal(`${name} writes nothing: leave -o out`);
  return command.run(operands, folder);
}

function outputOf(words: readonly string[]): {
  readonly rest: readonly string[];
  readonly folder: string | undefined;
} {
  const at = words.indexOf('-o');
  const odd = words.find(word => word.startsWith('-') && word !== '-o');
  if (odd !== undefined) throw new Refusal(`there is no option ${odd}: -o FOLDER says where to write`);
  if (at < 0) return { rest: words, folder: undefined };
  const folder = words[at + 1];
  if (folder === undefined) throw new Refusal('-o lacks its value: write -o FOLDER');
  return { rest: [...words.slice(0, at), ...words.slice(at + 2)], folder: resolve(HERE, folder) };
}

async function build(name: string, folder = join('.build', 'image', name)): Promise<number> {
  const images = await built(name);
  mkdirSync(folder, { recursive: true });
  for (const part of PART_NAMES) {
    const partial = join(folder, `${part}.${process.pid}`);
    writeFileSync(partial, images[part]);
    renameSync(partial, join(folder, part));
    print(partLine(join(folder, part), images[part]));
  }
  return 0;
}

function list(): number {
  for (const name of clusterNames()) {
    const { services, sessions } = manifestNamed(name);
    const runs = sessions.map(({ run }) => run).join(', ') || 'nothing';
    print(`${name.padEnd(12)} ${services.length} services, runs ${runs}`);
  }
  return 0;
}

async function show(name: string): Promise<number> {
  const manifest = manifestNamed(name);
  const images = await built(name);
  for (const part of PART_NAMES) print(partLine(part, images[part]));
  print('\nfiles of the archive');
  for (const [file, bytes] of readArchive(images.archive)) print(partLine(`  ${file}`, bytes));
  print('\nservices, in the order of their start');
  for (const service of manifest.services) {
    const uses = service.uses.length === 0 ? 'uses nobody' : `uses ${service.uses.join(', ')}`;
    print(`  ${service.name.padEnd(12)} priority ${String(service.priority).padEnd(3)} ${uses}`);
  }
  print('\nmounts');
  for (const { path, services } of manifest.mounts) print(`  ${path.padEnd(12)} ${services.join(', or ')}`);
  return 0;
}

async function diff(one: string, other: string): Promise<number> {
  const [before, after] = [await imageOf(one), await imageOf(other)];
  const lines = [
    ...differences({ ...before }, { ...after }).filter(({ name }) => name !== 'archive'),
    ...differences(filesOf(before), filesOf(after)),
  ];
  for (const { name, text } of lines) print(`${name.padEnd(28)} ${text}`);
  if (lines.length === 0) print('the images are the same');
  return lines.length === 0 ? 0 : EXIT_DIFFERENT;
}

async function verify(name: string): Promise<number> {
  manifestNamed(name);
  const here = await built(name);
  print('building again, in another folder, time zone, locale and umask, from nothing …');
  const elsewhere = await rebuildElsewhere(name, folder => readParts(folder));
  const lines = [
    ...differences({ ...here }, { ...elsewhere }),
    ...differences(filesOf(here), filesOf(elsewhere)),
  ];
  for (const { name: part, text } of lines) print(`${part.padEnd(28)} ${text}`);
  if (lines.length > 0) return EXIT_DIFFERENT;
  for (const part of PART_NAMES) print(partLine(part, here[part]));
  print('bit for bit the same');
  return 0;
}

function clean(): number {
  for (const folder of ['image', 'guest', 'asc', 'generated']) {
    const path = join('.build', folder);
    if (!existsSync(path)) continue;
    rmSync(path, { recursive: true });
    print(`removed ${path}`);
  }
  return 0;
}

async function built(name: string): Promise<SystemImages> {
  const bar = new ProgressBar(`building ${name}`);
  try {
    return await buildSystem(manifestNamed(name), { progress: bar.step });
  } finally {
    bar.close();
  }
}

function manifestNamed(name: string): Manifest {
  if (!clusterNames().includes(name))
    throw new Refusal(`there is no image ${name}: ${meant(name, clusterNames())}`);
  return clusterManifest(name);
}

/** A folder that `build` wrote, or what a manifest gives now. */
async function imageOf(text: string): Promise<Parts> {
  const folder = resolve(HERE, text);
  return existsSync(join(folder, 'kernel')) ? readParts(folder) : built(text);
}

function readParts(folder: string): Parts {
  const read = (part: string) => new Uint8Array(readFileSync(join(folder, part)));
  return { firmware: read('firmware'), kernel: read('kernel'), archive: read('archive') };
}

function filesOf({ archive }: Parts): Record<string, Uint8Array> {
  return Object.fromEntries([...readArchive(archive)].map(([name, bytes]) => [`archive: ${name}`, bytes]));
}

interface Difference {
  readonly name: string;
  readonly text: string;
}

function differences(
  before: Readonly<Record<string, Uint8Array>>,
  after: Readonly<Record<string, Uint8Array>>,
): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap(name => {
    const [old, now] = [before[name], after[name]];
    if (old === undefined) return [{ name, text: `new, ${now!.length} bytes` }];
    if (now === undefined) return [{ name, text: 'gone' }];
    if (Buffer.compare(old, now) === 0) return [];
    const at = old.findIndex((byte, index) => byte !== now[index]);
    return [{ name, text: `${old.length} → ${now.length} bytes, from byte ${at < 0 ? old.length : at} on` }];
  });
}

function partLine(name: string, bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${name.padEnd(30)} ${String(bytes.length).padStart(9)} bytes  ${digest}`;
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, { operands }]) =>
    `  image ${name} ${operands}`.trimEnd(),
  );
  return `Usage: npm run --silent image -- COMMAND\n\n${lines.join('\n')}\n\nNAME is a manifest of images/cluster, ${NAME_DEFAULT} unless stated.`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
