/**
 * NAME
 *     compile: guest sources to an executable for the machine
 * SYNOPSIS
 *     npm run --silent compile -- FILE… -o OUT [--profile PROFILE] [--name NAME] [--plain]
 * DESCRIPTION
 *     One FILE.ts or FILE.wasm is the program's module; every FILE.s is assembly, one of which has _start.
 *     Exports of the module are the symbols NAME.<export>; NAME.start must be called before them.
 *
 *     -o OUT             the ELF32 executable; written whole or not at all
 *     --profile PROFILE  kernel, service or program (the default): what the source may use, where it goes
 *     --name NAME        the module's name; by default that of its file
 *     --plain            RV32IMAC only, without Zba and Zbb
 * EXIT STATUS
 *     0, or 1 with what is wrong on standard error, a line each: file:line:column: error: message.
 * SEE ALSO
 *     images/guest/build.ts, images/link/description.ts, images/disassemble.ts
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, extname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kernelDescription, programDescription } from '../link/description.ts';
import { buildGuest, type GuestInput } from './build.ts';
import type { GuestProfile } from './profile.ts';

const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
const USAGE =
  'usage: npm run --silent compile -- FILE… -o OUT [--profile kernel|service|program] [--name NAME] [--plain]';

interface Request {
  readonly module: GuestInput;
  readonly assembly: readonly string[];
  readonly profile: GuestProfile;
  readonly out: string;
  readonly plain: boolean;
}

/** Throws an error with the line to print. */
function requestOf(commandLine: readonly string[]): Request {
  const { values, positionals } = parseArgs({
    args: [...commandLine],
    allowPositionals: true,
    options: {
      out: { type: 'string', short: 'o' },
      profile: { type: 'string', default: 'program' },
      name: { type: 'string' },
      plain: { type: 'boolean', default: false },
    },
  });
  const { profile, out, plain } = values;
  if (!isProfile(profile)) throw new Error(USAGE);
  const assembly = positionals.filter(file => extname(file) === '.s').map(file => resolve(file));
  const modules = positionals.filter(file => extname(file) !== '.s');
  const [file] = modules;
  if (file === undefined || modules.length > 1 || out === undefined) throw new Error(USAGE);
  const name = values.name ?? basename(file, extname(file));
  const module: GuestInput =
    extname(file) === '.wasm'
      ? { name, profile, wasm: new Uint8Array(readFileSync(file)) }
      : { name, profile, ...sourceOf(file) };
  return { module, assembly, profile, out, plain };
}

function isProfile(text: string): text is GuestProfile {
  return text === 'kernel' || text === 'service' || text === 'program';
}

/** Sources of the project are named relative to it, others relative to the current folder. */
function sourceOf(file: string): { entry: string; baseDir?: string } {
  const entry = relative(PROJECT_DIRECTORY, resolve(file)).replaceAll('\\', '/');
  return entry.startsWith('../') ? { entry: file, baseDir: process.cwd() } : { entry };
}

async function main(commandLine: readonly string[]): Promise<void> {
  const { module, assembly, profile, out, plain } = requestOf(commandLine);
  const description = profile === 'kernel' ? kernelDescription({}) : programDescription({});
  const { elf, sizes } = await buildGuest({
    modules: [module],
    assembly,
    description,
    extensions: { zba: !plain, zbb: !plain },
  });
  const partial = `${out}.${process.pid}`;
  writeFileSync(partial, elf);
  renameSync(partial, out);
  const parts = Object.entries(sizes).map(([name, size]) => `${name} ${size}`);
  process.stdout.write(`${out}: ${parts.join(', ')} bytes\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
