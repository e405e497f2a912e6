/**
 * One program in this process: its start block, its memory, and its calls, taken apart by the contract of the
 * method and answered by the world.
 *
 *     0x800    the thread's frame: os/runtime/call.ts
 *     0x10000  the start block: os/abi/start.ts
 */

import type { Method as ContractMethod } from '../../images/guest/contract.ts';
import { layoutOf } from '../../images/guest/contract.ts';
import * as errors from '../../os/abi/errors.ts';
import * as abi from '../../os/abi/file.ts';
import * as start from '../../os/abi/start.ts';
import type { World } from './program-world.ts';

export interface Method extends ContractMethod {
  readonly contract: string;
}

export interface Answers {
  readonly world: World;
  readonly modules: ReadonlyMap<string, WebAssembly.Module>;
  readonly methods: ReadonlyMap<number, Method>;
  /** Processes that have ended and are not waited for yet: how and value. */
  readonly ended: Map<number, { readonly how: number; readonly value: number }>;
}

export interface Start {
  readonly args: readonly string[];
  readonly environment: readonly string[];
  readonly directory: string;
  readonly descriptors: readonly number[];
}

const FRAME = 0x800;
const START = 0x1_0000;
const FRAME_WORDS = 64;
const EXTRAS_VALUES = 4;
const EXTRAS_RANGES = 40;
const RANGE_SIZE = 12;
/** Handles that are servers'. */
const NAME_SERVER = 9001;
const PROCESS_SERVER = 9002;
const TREE_SERVER = 9003;
const CLOCK_SERVER = 9004;
const EXITED = 1;
const SIGNALLED = 2;
const CYCLES_PER_TICK = 10;
const CYCLES_OF_PROGRAM = 123_456_789n;

class Exit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

class Killed extends Error {}

/** A call as a handler sees it: arguments by name, and what lies in the ranges that it lends. */
interface Call {
  readonly words: Readonly<Record<string, bigint>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly bytes: Readonly<Record<string, Uint8Array>>;
  readonly handles: readonly number[];
  /** Puts bytes into the lent range and gives how many. */
  readonly deliver: (name: string, bytes: Uint8Array | number) => number;
}

/** A status; or with it the fields of the method's class. */
type Answer = number | Readonly<Record<string, number | bigint>>;
type Handler = (call: Call, port: number) => Answer;

export class Instance {
  private readonly answers: Answers;
  private readonly starting: Start;
  private memory!: WebAssembly.Memory;
  private result = 0;
  private ticks = 0n;

  constructor(answers: Answers, starting: Start) {
    this.answers = answers;
    this.starting = starting;
  }

  /** The exit status; 128 + n for one that ended by signal n. */
  run(): number {
    const [name] = this.starting.args;
    const module = this.answers.modules.get(name!.slice(name!.lastIndexOf('/') + 1))!;
    const imports = this.imports();
    const needed = WebAssembly.Module.imports(module);
    const given = Object.fromEntries(
      [...new Set(needed.map(({ module: from }) => from))].map(from => [from, imports[from] ?? {}]),
    );
    try {
      // Programs that have top-level code run it when they are made, before their memory is known here.
      const instance = new WebAssembly.Instance(module, given);
      const { memory, main, finish } = instance.exports as unknown as Exports;
      this.memory = memory;
      this.writeStart();
      return finish(main());
    } catch (error) {
      if (error instanceof Exit) return error.status;
      if (error instanceof Killed) return 128 + 13;
      throw error;
    }
  }

  private imports(): Record<string, Record<string, (...values: number[]) => number>> {
    const call = (port: number, label: number, ...rest: number[]) => this.call(port, label, rest);
    const ecall = (number: number, a0 = 0, a1 = 0) => this.systemCall(number, a0, a1);
    return {
      rv: {
        tp: () => FRAME,
        csr_read: (csr: number) => this.counter(csr),
        ecall0: ecall,
        ecall1: ecall,
        ecall2: ecall,
        ecall3: ecall,
        ecall5: ecall,
        ecall6: ecall,
        ecall_result: () => this.result,
      },
      ipc: { call_port: call, call_framed: call, receive: (message: number) => this.receive(message) },
    };
  }

  private view(): DataView {
    return new DataView(this.memory.buffer);
  }

  private writeStart(): void {
    const view = this.view();
    const bytes = new Uint8Array(this.memory.buffer);
    const { args, environment, directory, descriptors } = this.starting;
    const handles: [string, number][] = [
      ['space', 9000],
      ['name', NAME_SERVER],
      ['process', PROCESS_SERVER],
      ['clock', CLOCK_SERVER],
      ...descriptors.map((handle, index): [string, number] => [`fd${index}`, handle]),
    ];
    let at = start.START_HEADER_SIZE;
    const place = (field: number) => view.setUint32(START + field, at, true);
    const put = (text: string) => {
      bytes.set(new TextEncoder().encode(`${text}\0`), START + at);
      at += new TextEncoder().encode(text).length + 1;
    };
    place(start.START_HANDLES);
    for (const [name, value] of handles) {
      bytes.set(new TextEncoder().encode(name), START + at);
      view.setUint32(START + at + start.START_HANDLE_VALUE, value, true);
      at += start.START_HANDLE_SIZE;
    }
    view.setUint32(START + start.START_PID, 100, true);
    view.setUint32(START + start.START_MODE_MASK, start.MODE_MASK_USUAL, true);
    view.setUint32(START + start.START_HANDLE_COUNT, handles.length, true);
    view.setUint32(START + start.START_ARGUMENT_COUNT, args.length, true);
    view.setUint32(START + start.START_ENVIRONMENT_COUNT, environment.length, true);
    place(start.START_ARGUMENTS);
    args.forEach(put);
    place(start.START_ENVIRONMENT);
    environment.forEach(put);
    place(start.START_DIRECTORY);
    put(directory);
  }

  /** Time passes by being looked at. */
  private counter(csr: number): number {
    this.ticks += 1n;
    const value = (csr & 0x7f) === 1 ? this.ticks : this.ticks * BigInt(CYCLES_PER_TICK);
    return Number((csr & 0x80) === 0 ? value & 0xffff_ffffn : value >> 32n) | 0;
  }

  private systemCall(number: number, a0: number, _a1: number): number {
    const SPACE_EXIT = 33;
    const HANDLE_INSPECT = 12;
    if (number === SPACE_EXIT) throw new Exit(a0);
    this.result = number === HANDLE_INSPECT ? 0xff : 0;
    return 0;
  }

  /** Nothing ever comes: the deadline is there at once. */
  private receive(message: number): number {
    this.ticks = this.view().getBigUint64(message + 40, true);
    return errors.ERROR_TIMED_OUT;
  }

  private call(port: number, label: number, rest: readonly number[]): number {
    const method = this.answers.methods.get(label);
    if (method === undefined) return errors.ERROR_NO_SUCH_CALL;
    const handler = this.handlers[`${method.contract}.${method.name}`];
    if (handler === undefined) throw new Error(`the world has no ${method.contract}.${method.name}`);
    return this.give(method, handler(this.decoded(method, rest), port));
  }

  private decoded(method: Method, rest: readonly number[]): Call {
    const view = this.view();
    const words: Record<string, bigint> = {};
    const bytes: Record<string, Uint8Array> = {};
    const texts: Record<string, string> = {};
    const places: Record<string, { address: number; size: number }> = {};
    let word = 0;
    let range = 0;
    for (const { name, kind } of method.parameters) {
      if (kind.of === 'word') {
        const low = BigInt(rest[word++]! >>> 0);
        const whole = kind.words === 2 ? (BigInt(rest[word++]!) << 32n) | low : low;
        words[name] = kind.type.startsWith('i') ? BigInt.asIntN(kind.words * 32, whole) : whole;
      }
      if (kind.of !== 'range') continue;
      word++;
      const at = FRAME + EXTRAS_RANGES + RANGE_SIZE * range++;
      const [address, size] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
      places[name] = { address, size };
      bytes[name] = new Uint8Array(this.memory.buffer.slice(address, address + size));
      texts[name] = new TextDecoder().decode(bytes[name]);
    }
    const count = view.getUint32(FRAME, true);
    const handles = Array.from({ length: Math.min(count, 4) }, (_, index) =>
      view.getUint32(FRAME + EXTRAS_VALUES + index * 4, true),
    );
    const deliver = (name: string, given: Uint8Array | number) => {
      if (typeof given === 'number') return given;
      const { address, size } = places[name]!;
      new Uint8Array(this.memory.buffer).set(given.subarray(0, size), address);
      return Math.min(given.length, size);
    };
    return { words, texts, bytes, handles, deliver };
  }

  private give({ result }: Method, answer: Answer): number {
    const view = this.view();
    if (typeof answer === 'number') {
      if (result.of === 'handle') view.setUint32(FRAME + EXTRAS_VALUES, answer, true);
      return answer;
    }
    if (result.of !== 'class') return 0;
    const { offsets } = layoutOf(result.fields);
    let handle = 0;
    result.fields.forEach(({ name, kind }, index) => {
      const value = answer[name]!;
      const at = FRAME + FRAME_WORDS + offsets[index]!;
      if (kind.of === 'handle') view.setUint32(FRAME + EXTRAS_VALUES + 4 * handle++, Number(value), true);
      else if (kind.of === 'word' && kind.words === 2) view.setBigUint64(at, BigInt(value), true);
      else view.setUint32(at, Number(value), true);
    });
    return 0;
  }

  private readonly handlers: Readonly<Record<string, Handler>> = {
    'Name.list': ({ deliver }) => deliver('into', new TextEncoder().encode('/\0/dev/clock\0')),
    'Name.resolve': ({ texts }) => ({
      server: texts['path'] === '/' ? TREE_SERVER : CLOCK_SERVER,
      consumed: texts['path']!.length,
    }),
    'Tree.open': ({ texts, words }) =>
      this.world.open(texts['path']!, Number(words['flags']), Number(words['mode'])),
    'Tree.stat': ({ texts, words, deliver }) => {
      const node = this.world.find(texts['path']!, (Number(words['flags']) & abi.OPEN_NO_FOLLOW) === 0);
      return deliver('into', typeof node === 'number' ? node : this.world.statRecord(node));
    },
    'Tree.makeDirectory': ({ texts, words }) =>
      this.world.makeDirectory(texts['path']!, Number(words['mode'])),
    'Tree.remove': ({ texts, words }) => this.world.remove(texts['path']!, words['isDirectory'] === 1n),
    'Tree.rename': ({ texts }) => this.world.rename(texts['from']!, texts['to']!),
    'Tree.link': ({ texts }) => this.world.link(texts['from']!, texts['to']!),
    'Tree.symbolicLink': ({ texts }) => this.world.symbolicLink(texts['target']!, texts['path']!),
    'Tree.readLink': ({ texts, deliver }) => {
      const node = this.world.find(texts['path']!, false);
      if (typeof node === 'number') return node;
      if (node.kind !== abi.KIND_SYMBOLIC_LINK) return errors.ERROR_BAD_ARGUMENT;
      return deliver('into', new TextEncoder().encode(node.target));
    },
    'Tree.beyond': () => errors.ERROR_BAD_ARGUMENT,
    'Tree.setMode': ({ texts, words }) => {
      const node = this.world.find(texts['path']!);
      if (typeof node === 'number') return node;
      node.mode = Number(words['mode']);
      return 0;
    },
    'Tree.setTime': ({ texts, words }) => {
      const node = this.world.find(texts['path']!);
      if (typeof node === 'number') return node;
      node.modified = words['modified']!;
      return 0;
    },
    'Tree.space': () => ({ blockSize: 4096, blocks: 1000, free: 250 }),
    'Tree.sync': () => 0,
    'File.read': ({ deliver, bytes }, port) => deliver('into', this.world.read(port, bytes['into']!.length)),
    'File.write': ({ bytes }, port) => this.world.write(port, bytes['from']!),
    'File.seek': ({ words }, port) => {
      const object = this.world.handles[port]!;
      const from = [0, object.position, object.node.content.length][Number(words['whence'])]!;
      object.position = from + Number(words['offset']);
      return { offset: object.position };
    },
    'File.stat': ({ deliver }, port) =>
      deliver('into', this.world.statRecord(this.world.handles[port]!.node)),
    'File.truncate': ({ words }, port) => {
      const { node } = this.world.handles[port]!;
      const content = new Uint8Array(Number(words['size']));
      content.set(node.content.subarray(0, content.length));
      node.content = content;
      return 0;
    },
    'File.list': ({ deliver }, port) => deliver('into', this.world.list(port)),
    'File.sync': () => 0,
    'File.control': () => errors.ERROR_NOT_TERMINAL,
    'Clock.now': () => ({ nanoseconds: this.world.now }),
    'Clock.set': ({ words }) => {
      this.world.now = words['nanoseconds']!;
      return 0;
    },
    'Process.identify': () => ({ pid: 100, parent: 1, group: 100, session: 100, user: 0 }),
    'Terminal.readAs': () => errors.ERROR_NO_SUCH_CALL,
    'Process.place': () => 0,
    'Process.list': ({ words, deliver }) =>
      deliver('into', this.world.processRecords(Number(words['first']))),
    'Process.spawn': call => this.spawn(call),
    'Process.wait': ({ words }) => {
      const pid = Number(words['which']);
      const end = this.answers.ended.get(pid);
      if (end === undefined) return errors.ERROR_NO_CHILD;
      this.answers.ended.delete(pid);
      return { pid, ...end, cycles: CYCLES_OF_PROGRAM };
    },
    'Process.halt': ({ words }) => {
      this.world.halted = Number(words['how']);
      return 0;
    },
    'Process.kill': () => {
      throw new Killed();
    },
  };

  private get world(): World {
    return this.answers.world;
  }

  private spawn({ texts, bytes, handles }: Call): number {
    const path = texts['image']!;
    const found = this.world.find(path);
    if (typeof found === 'number') return found;
    const block = bytes['start']!;
    const view = new DataView(block.buffer);
    const textsAt = (offset: number, count: number) => {
      const all = new TextDecoder().decode(block.subarray(view.getUint32(offset, true))).split('\0');
      return all.slice(0, count);
    };
    const args = textsAt(start.START_ARGUMENTS, view.getUint32(start.START_ARGUMENT_COUNT, true));
    const starting = {
      args: [path.slice(path.lastIndexOf('/') + 1), ...args.slice(1)],
      environment: textsAt(start.START_ENVIRONMENT, view.getUint32(start.START_ENVIRONMENT_COUNT, true)),
      directory: textsAt(start.START_DIRECTORY, 1)[0]!,
      descriptors: handles,
    };
    const status = new Instance(this.answers, starting).run();
    const pid = 101 + this.answers.ended.size;
    const end = status < 128 ? { how: EXITED, value: status } : { how: SIGNALLED, value: status - 128 };
    this.answers.ended.set(pid, end);
    return pid;
  }
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly main: () => number;
  readonly finish: (status: number) => number;
}
