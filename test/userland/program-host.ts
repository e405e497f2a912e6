/**
 * Programs of userland without their system: each one's WebAssembly in this process, its calls answered by a
 * small world (program-world.ts) as the contracts of os/proto have them.
 *
 *     const { output, errors, status } = await run('sort -n', { input: '10\n9\n' });
 *
 * The working directory is /work. A program that starts another has it run to its end at once; `programs`
 * names those that it may start.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, formatDiagnostics } from '../../hw/cpu/asc.ts';
import { commandNames, manualPage } from '../../images/boot/manual.ts';
import { readContract } from '../../images/guest/contract.ts';
import { generatedSources } from '../../images/guest/generated.ts';
import { compilerOptions } from '../../images/guest/profile.ts';
import { type Answers, Instance, type Method } from './program-instance.ts';
import { World } from './program-world.ts';

export interface ProgramRun {
  readonly output: string;
  readonly errors: string;
  readonly status: number;
  readonly world: World;
}

export interface Setting {
  /** Files in /work, by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly input?: string | Uint8Array;
  readonly environment?: readonly string[];
  readonly programs?: readonly string[];
  /** More to do to the world before. */
  readonly prepare?: (world: World) => void;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Static memory begins behind the start block, which lies low here. */
const MEMORY_BASE = 0x2_0000;

/** `command` is divided at blanks; an argument with blanks in it is written in quotes. */
export async function run(command: string | readonly string[], setting: Setting = {}): Promise<ProgramRun> {
  const args = typeof command === 'string' ? wordsOf(command) : command;
  const world = new World();
  world.put('/work/.keep', '');
  world.remove('/work/.keep', false);
  for (const [name, content] of Object.entries(setting.files ?? {})) world.put(`/work/${name}`, content);
  for (const name of setting.programs ?? []) world.put(`/bin/${name}`, '');
  setting.prepare?.(world);
  const modules = new Map<string, WebAssembly.Module>();
  for (const name of [args[0]!, ...(setting.programs ?? [])]) modules.set(name, await moduleOf(name));
  const files = ['input', 'output', 'errors'].map(name => {
    world.put(`/${name}`, name === 'input' ? (setting.input ?? '') : '');
    return world.open(`/${name}`, 3, 0);
  });
  const environment = setting.environment ?? ['PATH=/bin', 'HOME=/work'];
  const answers: Answers = { world, modules, methods: methods(), ended: new Map() };
  const status = new Instance(answers, { args, environment, directory: '/work', descriptors: files }).run();
  return { output: world.text('/output')!, errors: world.text('/errors')!, status, world };
}

/** What it writes, where it must neither complain nor fail. */
export async function outputOf(command: string | readonly string[], setting: Setting = {}): Promise<string> {
  const { output, errors, status } = await run(command, setting);
  return errors === '' && status === 0 ? output : `${output}${errors}exit ${status}`;
}

function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

const made = new Map<string, Promise<WebAssembly.Module>>();

function moduleOf(name: string): Promise<WebAssembly.Module> {
  const module = made.get(name) ?? compiled(name);
  made.set(name, module);
  return module;
}

async function compiled(name: string): Promise<WebAssembly.Module> {
  const rv = readFileSync(join(ROOT, 'images/guest/rv.ts'), 'utf8');
  const start = readFileSync(join(ROOT, 'os/abi/start.ts'), 'utf8').replace('0x7f00_0000', '0x1_0000');
  const result = await compile({
    entries: [sourceOf(name), 'userland/lib/finish.ts'],
    options: compilerOptions('program', MEMORY_BASE),
    virtualFiles: new Map([['rv.ts', rv], ['os/abi/start.ts', start], ...(await generatedSources())]),
    sourceMap: true,
  });
  if (!result.ok)
    throw new Error(formatDiagnostics(result.diagnostics.filter(({ severity }) => severity === 'error')));
  return new WebAssembly.Module(result.wasm as Uint8Array<ArrayBuffer>);
}

/** A program of userland/bin, by any of its names. */
function sourceOf(name: string): string {
  const source = `userland/bin/${name}.ts`;
  if (existsSync(join(ROOT, source))) return source;
  const files = readdirSync(join(ROOT, 'userland/bin')).map(file => `userland/bin/${file}`);
  const namesOf = (file: string) => commandNames(manualPage(readFileSync(join(ROOT, file), 'utf8')));
  return files.find(file => namesOf(file).includes(name)) ?? source;
}

let known: ReadonlyMap<number, Method> | undefined;

/** Methods of all contracts by the label of their calls. */
function methods(): ReadonlyMap<number, Method> {
  if (known !== undefined) return known;
  const folder = join(ROOT, 'os/proto');
  const contracts = readdirSync(folder).map(file =>
    readContract(file, readFileSync(join(folder, file), 'utf8')),
  );
  known = new Map(
    contracts.flatMap(contract =>
      contract !== undefined && 'methods' in contract
        ? contract.methods.map(method => [method.label, { ...method, contract: contract.name }] as const)
        : [],
    ),
  );
  return known;
}
