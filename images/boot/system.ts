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
import { type Manifest, manifestFile, readManifest } from './manifest.ts';
import { commandNames, manualPage } from './manual.ts';
import type { Part, ProcessPart } from './part.ts';
import { buildParts, type Progress } from './parts.ts';
import { stripped } from './stripped.ts';
import { placeFile } from './symbols.ts';

export interface SystemImages {
  readonly firmware: Uint8Array;
  readonly kernel: Uint8Array;
  readonly archive: Uint8Array;
}

const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
const CLUSTERS = 'images/cluster';
const FIRMWARE: Part = { name: 'firmware', kind: 'firmware' };
const KERNEL: Part = { name: 'kernel', kind: 'kernel' };

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
  const processes: readonly ProcessPart[] = [
    { name: 'init', kind: 'service', source: 'os/service/init/init.ts' },
    ...manifest.services.map(
      ({ name, source = placeOfService(name) }) => ({ name, kind: 'service', source }) as const,
    ),
    ...programParts('program', programSources(manifest.programs)),
    ...programParts('service', more),
  ];
  const built = await buildParts([FIRMWARE, KERNEL, ...processes], progress);
  const elfOf = ({ name }: Part) => built.get(name)!.elf;
  const files = new Map([
    ['kernel.symbols', placeFile(elfOf(KERNEL))],
    ['manifest', manifestFile(manifest)],
    ...Object.entries(others),
  ]);
  for (const process of processes) addProcess(files, process, elfOf(process));
  const privileged = manifest.privileged.map(name => `bin/${name}`);
  return { firmware: elfOf(FIRMWARE), kernel: elfOf(KERNEL), archive: buildArchive(files, privileged) };
}

function programParts(
  kind: ProcessPart['kind'],
  sources: Readonly<Record<string, string>>,
): readonly ProcessPart[] {
  return Object.entries(sources).map(([name, source]) => ({ name: `bin/${name}`, kind, source }));
}

/** By each of its names, with its places and its page of the manual. */
function addProcess(files: Map<string, Uint8Array>, { name, source }: ProcessPart, elf: Uint8Array): void {
  const page = manualPage(readFileSync(join(PROJECT_DIRECTORY, source), 'utf8'));
  const names = new Set([name, ...commandNames(page).map(command => `bin/${command}`)]);
  for (const each of names) {
    files.set(each, stripped(elf)).set(`symbols/${each}`, placeFile(elf));
    if (page !== '') files.set(each.replace(/^bin/, 'man'), new TextEncoder().encode(page));
  }
}

/** Where the entry source of a service lies that says nothing else. */
export function placeOfService(name: string): string {
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
