/**
 * The shell without its system: its WebAssembly in this process, over a small world of files, pipes and
 * processes. What the shell asks of the system is one file, userland/sh/system.ts; another takes its place.
 *
 *     const { output, errors, status } = await runShell('echo $((1 + 2))');
 *
 * A process runs to its end, and only when another waits for it or reads from a pipe that it writes to.
 * Beside the shell there are the programs of PROGRAMS.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, formatDiagnostics } from '../../hw/cpu/asc.ts';
import { compilerOptions } from '../../images/guest/profile.ts';
import { ERROR_IS_DIRECTORY, ERROR_NO_CHILD, ERROR_NOT_FOUND, ERROR_TOO_MANY } from '../../os/abi/errors.ts';
import { KIND_DIRECTORY, KIND_FILE, OPEN_APPEND, OPEN_CREATE, OPEN_TRUNCATE } from '../../os/abi/file.ts';

export interface ShellRun {
  readonly output: string;
  readonly errors: string;
  readonly status: number;
}

export interface ShellSetting {
  readonly files?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** How wide the terminal is that its descriptors are; absent: they are none. */
  readonly columns?: number;
  /** How many pipes can be made. */
  readonly pipes?: number;
  /** Instead of `sh -c script`. */
  readonly args?: readonly string[];
}

/** Runs `sh -c script`. */
export async function runShell(script: string, setting: ShellSetting = {}): Promise<ShellRun> {
  const { files = {}, columns = 0, pipes = Infinity } = setting;
  const world = new World(await shellModule(), files, columns, pipes);
  return world.run(setting.args ?? ['sh', '-c', script], setting.input ?? '');
}

let made: Promise<WebAssembly.Module> | undefined;

function shellModule(): Promise<WebAssembly.Module> {
  made ??= compiledShell();
  return made;
}

async function compiledShell(): Promise<WebAssembly.Module> {
  const seam = readFileSync(fileURLToPath(new URL('guest/system.ts', import.meta.url)), 'utf8')
    // its imports are those of its own place
    .replaceAll("'../../../userland/", "'../");
  const result = await compile({
    entries: ['userland/sh/sh.ts'],
    options: compilerOptions('program', 65_536),
    virtualFiles: new Map([['userland/sh/system.ts', seam]]),
    sourceMap: true,
  });
  if (!result.ok) throw new Error(formatDiagnostics(result.diagnostics));
  return new WebAssembly.Module(result.wasm as Uint8Array<ArrayBuffer>);
}

/** What commands beside the shell's own make of their input and arguments. */
type Program = (input: () => string, args: readonly string[], world: World) => string | number;
const PROGRAMS: Readonly<Record<string, Program>> = {
  cat: (input, [, ...names], { files }) =>
    names.length > 0 ? names.map(name => files.get(`/work/${name}`)).join('') : input(),
  echo: (_, [, ...words]) => `${words.join(' ')}\n`,
  sleep: () => 0,
};

interface OpenObject {
  /** So many characters at most; '' at the end. */
  read(max: number): string;
  write(text: string): number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly held: Set<number>;
  readonly start: () => number;
  readonly directory: string;
  state: 'ready' | 'running' | 'ended';
  how: number;
  value: number;
  isTold: boolean;
}

/** Thrown through a process by a signal to itself. */
class Killed extends Error {
  readonly signal: number;
  constructor(signal: number) {
    super();
    this.signal = signal;
  }
}

const EXITED = 1;
const SIGNALLED = 2;
const BROKEN_PIPE_SIGNAL = 13;

class World {
  readonly processes: Process[] = [];
  readonly objects: OpenObject[] = [];
  readonly files: Map<string, string>;
  readonly module: WebAssembly.Module;
  readonly columns: number;
  pipesLeft: number;

  constructor(
    module: WebAssembly.Module,
    files: Readonly<Record<string, string>>,
    columns: number,
    pipes: number,
  ) {
    this.module = module;
    this.columns = columns;
    this.pipesLeft = pipes;
    this.files = new Map(Object.entries(files).map(([name, text]) => [`/work/${name}`, text]));
    for (const name of [...Object.keys(PROGRAMS), 'sh']) this.files.set(`/bin/${name}`, '');
    this.files.set('/dev/null', '');
  }

  run(args: readonly string[], input: string): ShellRun {
    const [standardInput, output, errors] = [new Buffered(input), new Buffered(''), new Buffered('')];
    this.objects.push(standardInput, output, errors);
    const first = this.spawn(0, args, ['PATH=/bin', 'HOME=/home'], [0, 1, 2], '/work');
    const { value, how } = this.runProcess(first);
    while (this.runOne());
    return { output: output.text, errors: errors.text, status: how === EXITED ? value : 128 + value };
  }

  spawn(
    parent: number,
    args: readonly string[],
    environment: readonly string[],
    table: readonly number[],
    directory: string,
  ): Process {
    const pid = 100 + this.processes.length;
    const name = args[0]!.slice(args[0]!.lastIndexOf('/') + 1);
    const start = () => {
      if (name === 'sh') return new Guest(this, process, args, environment, table).run();
      const result = PROGRAMS[name]!(() => this.readAll(table[0]!), args, this);
      if (typeof result === 'number') return result;
      this.objects[table[1]!]!.write(result);
      return 0;
    };
    const held = new Set(table.filter(object => object >= 0));
    const process: Process = {
      ...{ pid, parent, held, start, directory },
      ...{ state: 'ready', how: EXITED, value: 0, isTold: false },
    };
    this.processes.push(process);
    return process;
  }

  runProcess(process: Process): Process {
    process.state = 'running';
    try {
      process.value = process.start() & 0xff;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      process.how = SIGNALLED;
      process.value = error.signal;
    }
    process.state = 'ended';
    process.held.clear();
    return process;
  }

  runOne(): boolean {
    const next = this.processes.find(({ state }) => state === 'ready');
    if (next !== undefined) this.runProcess(next);
    return next !== undefined;
  }

  isHeld(object: number): boolean {
    return this.processes.some(({ held }) => held.has(object));
  }

  readAll(object: number): string {
    let text = '';
    for (;;) {
      const more = object < 0 ? '' : this.objects[object]!.read(Number.POSITIVE_INFINITY);
      if (more === '') return text;
      text += more;
    }
  }

  kill(by: Process, pid: number, signal: number): number {
    const target = this.processes.find(each => each.pid === Math.abs(pid));
    if (target === undefined || target.state === 'ended') return -46;
    if (signal === 0) return 0;
    if (target === by) throw new Killed(signal);
    target.value = signal;
    target.how = SIGNALLED;
    target.state = 'ended';
    target.held.clear();
    return 0;
  }

  stat(path: string): number {
    if (this.files.has(path)) return KIND_FILE;
    return path === '/' || [...this.files.keys()].some(each => each.startsWith(`${path}/`))
      ? KIND_DIRECTORY
      : 0;
  }
}

/** Text that is read from its start and written at its end. */
class Buffered implements OpenObject {
  text: string;
  constructor(text: string) {
    this.text = text;
  }
  read(max: number): string {
    const text = this.text.slice(0, max);
    this.text = this.text.slice(max);
    return text;
  }
  write(text: string): number {
    this.text += text;
    return text.length;
  }
}

class FileObject implements OpenObject {
  private position = 0;
  private readonly files: Map<string, string>;
  private readonly path: string;
  constructor(files: Map<string, string>, path: string) {
    this.files = files;
    this.path = path;
  }
  read(max: number): string {
    const text = this.files.get(this.path)!.slice(this.position, this.position + max);
    this.position += text.length;
    return text;
  }
  write(text: string): number {
    if (this.path !== '/dev/null') this.files.set(this.path, this.files.get(this.path)! + text);
    return text.length;
  }
}

/** One shell process. */
class Guest {
  private readonly world: World;
  private readonly process: Process;
  private readonly args: readonly string[];
  private readonly environment: readonly string[];
  private readonly table: readonly number[];
  private memory = new DataView(new ArrayBuffer(0));
  private answer = '';
  private directory: string;

  constructor(
    world: World,
    process: Process,
    args: readonly string[],
    environment: readonly string[],
    table: readonly number[],
  ) {
    this.world = world;
    this.process = process;
    this.args = args;
    this.environment = environment;
    this.table = table;
    this.directory = process.directory;
  }

  run(): number {
    const instance = new WebAssembly.Instance(this.world.module, { host: this.calls() });
    const { memory, main } = instance.exports as { memory: WebAssembly.Memory; main: () => number };
    this.memory = new DataView(memory.buffer);
    this.grown = () => {
      this.memory = new DataView(memory.buffer);
    };
    return main();
  }

  private grown = () => {};

  private text(pointer: number): string {
    this.grown();
    const size = this.memory.getUint32(pointer - 4, true);
    return String.fromCharCode(...new Uint16Array(this.memory.buffer, pointer, size / 2));
  }

  private path(pointer: number): string {
    const path = this.text(pointer);
    const names: string[] = [];
    for (const name of (path.startsWith('/') ? path : `${this.directory}/${path}`).split('/')) {
      if (name === '..') names.pop();
      else if (name !== '' && name !== '.') names.push(name);
    }
    return `/${names.join('/')}`;
  }

  private give(text: string): number {
    this.answer = text;
    return text.length;
  }

  private newObject(object: OpenObject): number {
    this.world.objects.push(object);
    this.process.held.add(this.world.objects.length - 1);
    return this.world.objects.length - 1;
  }

  /** A pipe runs those who may write to it before it says that it is at its end. */
  private makePipe(): number {
    const { world } = this;
    if (world.pipesLeft === 0) return ERROR_TOO_MANY;
    world.pipesLeft -= 1;
    const buffer = new Buffered('');
    const writer = world.objects.length + 1;
    const reader = this.newObject({
      read: max => {
        while (buffer.text === '' && world.isHeld(writer) && world.runOne());
        return buffer.read(max);
      },
      write: () => -1,
    });
    const write = (text: string) => {
      if (!world.isHeld(reader)) throw new Killed(BROKEN_PIPE_SIGNAL);
      return buffer.write(text);
    };
    this.newObject({ read: () => '', write });
    return reader;
  }

  private open(path: string, flags: number): number {
    const { files } = this.world;
    if (this.world.stat(path) === KIND_DIRECTORY) return ERROR_IS_DIRECTORY;
    if (!files.has(path)) {
      const folder = path.slice(0, path.lastIndexOf('/'));
      if ((flags & OPEN_CREATE) === 0 || this.world.stat(folder) !== KIND_DIRECTORY) return ERROR_NOT_FOUND;
    }
    if ((flags & OPEN_TRUNCATE) !== 0 || !files.has(path)) files.set(path, '');
    void OPEN_APPEND;
    return this.newObject(new FileObject(files, path));
  }

  private wait(isBlocking: number): number {
    const { processes } = this.world;
    const mine = () => processes.filter(each => each.parent === this.process.pid && !each.isTold);
    for (;;) {
      const ended = mine().find(({ state }) => state === 'ended');
      if (ended !== undefined) {
        ended.isTold = true;
        return this.give(`${ended.pid},${ended.how},${ended.value}`);
      }
      if (mine().length === 0) return this.give(`${ERROR_NO_CHILD},0,0`);
      if (isBlocking === 0) return this.give('0,0,0');
      if (!this.world.runOne()) throw new Error('everybody waits');
    }
  }

  private calls(): Record<string, (...args: number[]) => number | undefined> {
    const { world, process } = this;
    return {
      copy: pointer => {
        this.grown();
        for (let i = 0; i < this.answer.length; i++) {
          this.memory.setUint16(pointer! + 2 * i, this.answer.charCodeAt(i), true);
        }
        return undefined;
      },
      startup: () => this.give([this.directory, ...this.environment, '', ...this.args].join('\0')),
      object: descriptor => this.table[descriptor!] ?? -1,
      pid: () => process.pid,
      close: object => void process.held.delete(object!),
      write: (object, text) => world.objects[object!]!.write(this.text(text!)),
      read: (object, max) => this.give(world.objects[object!]!.read(max!)),
      open: (path, flags) => this.open(this.path(path!), flags!),
      pipe: () => this.makePipe(),
      source: text => this.newObject(new Buffered(this.text(text!))),
      stat: path => world.stat(this.path(path!)),
      list: path => {
        const folder = `${this.path(path!)}/`.replace('//', '/');
        const inside = [...world.files.keys()].filter(each => each.startsWith(folder));
        return this.give(
          [...new Set(inside.map(each => each.slice(folder.length).split('/')[0]!))].join('\0'),
        );
      },
      file: path => this.give(world.files.get(this.path(path!)) ?? ''),
      enter: path => {
        this.directory = this.path(path!);
        return 0;
      },
      spawn: (args, environment, table) =>
        world.spawn(
          process.pid,
          this.text(args!).split('\0'),
          this.text(environment!).split('\0').filter(Boolean),
          this.text(table!).split(',').map(Number),
          this.directory,
        ).pid,
      wait: isBlocking => this.wait(isBlocking!),
      terminal: () => world.columns,
      kill: (pid, signal) => world.kill(process, pid!, signal!),
    };
  }
}
