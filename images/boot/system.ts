/**
 * A node's boot images from a manifest: firmware, kernel, and the boot archive with all that init starts.
 *
 *     init, <service>        executables of os/service and os/driver, found by their name's place
 *     bin/<program>          executables of userland/bin, and userland/<program>/<program>.ts, by each of their names
 *     man/<program>          its page of the manual
 *     symbols/<file>         of each: what is where in it, for messages about faults
 *     kernel.symbols         the kernel's, for its own
 *     manifest               what init does
 *
 * The same sources and manifest give the same bytes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { meant } from '../../hw/lab/suggestion.ts';
import { buildArchive } from './archive.ts';
import { buildFirmware } from './firmware.ts';
import { buildKernel } from './kernel.ts';
import { type Manifest, manifestFile, readManifest } from './manifest.ts';
import { commandNames, manualPage } from './manual.ts';
import { buildProgram, buildService } from './program.ts';
import { stripped } from './stripped.ts';
import { placeFile } from './symbols.ts';

export interface SystemImages {
  readonly firmware: Uint8Array;
  readonly kernel: Uint8Array;
  readonly archive: Uint8Array;
}

const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
const CLUSTERS = 'images/cluster';

/** Names of the manifests in images/cluster. */
export function clusterNames(): readonly string[] {
  return readdirSync(join(PROJECT_DIRECTORY, CLUSTERS))
    .filter(file => file.endsWith('.json'))
    .map(file => file.slice(0, -'.json'.length))
    .sort();
}

/** One of them. Throws an error of one line. */
export function clusterManifest(name: string): Manifest {
  if (!clusterNames().includes(name))
    throw new Error(`there is no cluster named ${name}: ${meant(name, clusterNames())}`);
  const file = `${CLUSTERS}/${name}.json`;
  return readManifest(readFileSync(join(PROJECT_DIRECTORY, file), 'utf8'), file);
}

/** Told before each part: how many of them are built, of how many, and which one is next. */
type Progress = (done: number, total: number, what: string) => void;

interface SystemParts {
  /** Programs beyond userland's: entry sources by name, which manage their memory themselves. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Files that go into the archive as they are. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly progress?: Progress;
}

export async function buildSystem(
  manifest: Manifest,
  { programs: more = {}, files: others = {}, progress = () => {} }: SystemParts = {},
): Promise<SystemImages> {
  const programs = programSources(manifest.programs);
  const total = 3 + manifest.services.length + Object.keys(programs).length + Object.keys(more).length;
  let done = 0;
  const next = (what: string) => progress(done++, total, what);
  next('firmware');
  const firmware = (await buildFirmware()).elf;
  next('kernel');
  const kernel = (await buildKernel()).elf;
  const files = new Map([
    ['kernel.symbols', placeFile(kernel)],
    ['manifest', manifestFile(manifest)],
    ...Object.entries(others),
  ]);
  const add = (name: string, elf: Uint8Array) =>
    files.set(name, stripped(elf)).set(`symbols/${name}`, placeFile(elf));
  next('init');
  add('init', (await buildService('os/service/init/init.ts')).elf);
  for (const { name, source } of manifest.services) {
    next(name);
    add(name, (await buildService(source ?? placeOfService(name))).elf);
  }
  for (const [name, source] of Object.entries(programs)) {
    next(`bin/${name}`);
    const { elf } = await buildProgram(source);
    const page = manualPage(readFileSync(join(PROJECT_DIRECTORY, source), 'utf8'));
    for (const called of new Set([name, ...commandNames(page)])) {
      add(`bin/${called}`, elf);
      if (page !== '') files.set(`man/${called}`, new TextEncoder().encode(page));
    }
  }
  for (const [name, source] of Object.entries(more)) {
    next(`bin/${name}`);
    add(`bin/${name}`, (await buildService(source)).elf);
  }
  const privileged = manifest.privileged.map(name => `bin/${name}`);
  return { firmware, kernel, archive: buildArchive(files, privileged) };
}

function placeOfService(name: string): string {
  const places = [`os/driver/${name}.ts`, `os/service/${name}/${name}.ts`];
  const found = places.find(place => existsSync(join(PROJECT_DIRECTORY, place)));
  if (found === undefined) throw new Error(`the service ${name} has no source: write ${places.join(' or ')}`);
  return found;
}

/** Entry sources of userland by the program's name; of the wanted ones only, if there is a list. */
function programSources(wanted: readonly string[] | undefined): Readonly<Record<string, string>> {
  const found = new Map(sourcesIn('userland/bin').map(name => [name, `userland/bin/${name}.ts`]));
  for (const folder of foldersIn('userland')) {
    const source = `userland/${folder}/${folder}.ts`;
    if (existsSync(join(PROJECT_DIRECTORY, source))) found.set(folder, source);
  }
  const names = wanted ?? [...found.keys()].sort();
  return Object.fromEntries(
    names.map(name => {
      const source = found.get(name);
      if (source === undefined)
        throw new Error(`there is no program named ${name}: ${meant(name, [...found.keys()])}`);
      return [name, source];
    }),
  );
}

function sourcesIn(folder: string): readonly string[] {
  const path = join(PROJECT_DIRECTORY, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter(file => file.endsWith('.ts'))
    .map(file => file.slice(0, -'.ts'.length));
}

function foldersIn(folder: string): readonly string[] {
  const path = join(PROJECT_DIRECTORY, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name);
}
