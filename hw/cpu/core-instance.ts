/**
 * An instance of the core's module with its memory: layout for a RAM size, exports, typed access to fields.
 */
import {
  COUNTERS,
  DECODED_BITS,
  LINE_TABLE,
  PAGE_CODE,
  PAGE_MARKS,
  RAM_HOST,
  RAM_SIZE,
} from '../manual/core-layout.ts';

export interface CoreExports {
  run(until: number): number;
  hasInterrupt(): number;
  ramWritten(pa: number, size: number): void;
  pageMarksTaken(): void;
  flushCaches(): void;
  resume(): void;
  setTimer(): void;
  setPrivilege(privilege: number): void;
  debugReadCsr(number: number): number;
  debugWriteCsr(number: number, value: number): number;
  debugTranslate(va: number, execute: number): number;
  leaf(): number;
  explain(pa: number): void;
  wasDecoded(pa: number): number;
  setEntry(pa: number, index: number, parameter: number): void;
  forgetLine(pa: number): void;
  forgetJumps(): void;
}

/** The core's imports: undefined and false are turned into what the module understands. */
export interface BusImports {
  read(pa: number, size: number): number;
  write(pa: number, size: number, value: number): number;
}

/** Who is told what a translator must know. */
export interface TranslatorImports {
  sample(pc: number): void;
  exited(pc: number): void;
  overwritten(pa: number): void;
  decoded(pa: number): void;
}

const WASM_PAGE = 65_536;
const PAGE_CODE_SIZE = 16;
/** Functions at first. */
const TABLE_SIZE = 256;

export class CoreInstance {
  readonly exports: CoreExports;
  readonly bytes: Uint8Array;
  /** One byte a page of RAM. */
  readonly pageMarks: Uint8Array;
  /** Guest RAM. */
  readonly ram: Uint8Array;
  /** Of 64 KiB, the module's memory. */
  readonly memoryPages: number;
  private readonly view: DataView;
  /** What generated modules may import. */
  private surroundings: WebAssembly.Imports;
  /** Functions of regions, by index. */
  private readonly table = new WebAssembly.Table({ element: 'anyfunc', initial: TABLE_SIZE });

  constructor(module: WebAssembly.Module, ramSize: number, bus: BusImports, translator: TranslatorImports) {
    const marks = LINE_TABLE + ramSize / 16;
    const pageCode = Math.ceil((marks + ramSize / 4096) / PAGE_CODE_SIZE) * PAGE_CODE_SIZE;
    const decoded = pageCode + (ramSize / 4096) * PAGE_CODE_SIZE;
    const ramHost = align(decoded + ramSize / 16);
    this.memoryPages = (ramHost + align(ramSize)) / WASM_PAGE;
    const memory = new WebAssembly.Memory({ initial: this.memoryPages, maximum: this.memoryPages });
    const env = { memory, table: this.table };
    this.surroundings = { env };
    const instance = new WebAssembly.Instance(module, {
      env,
      bus: { ...bus },
      translator: { ...translator },
    });
    this.exports = instance.exports as unknown as CoreExports;
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.pageMarks = this.bytes.subarray(marks, marks + ramSize / 4096);
    this.ram = this.bytes.subarray(ramHost, ramHost + ramSize);
    this.setWord(RAM_SIZE, ramSize);
    this.setWord(RAM_HOST, ramHost);
    this.setWord(PAGE_MARKS, marks);
    this.setWord(PAGE_CODE, pageCode);
    this.setWord(DECODED_BITS, decoded);
  }

  /** Goes on in the region of an index: a function that regions import beside those of the core. */
  set enterFunction(enterFunction: CallableFunction) {
    const core = { ...this.exports, enterFunction } as unknown as Record<string, WebAssembly.ImportValue>;
    this.surroundings = { ...this.surroundings, core };
  }

  /** The only function of a module that imports the table, or of one that imports memory and functions of the core. */
  instantiate(bytes: Uint8Array<ArrayBuffer>): CallableFunction {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.surroundings);
    return exports['region'] as CallableFunction;
  }

  /** Gives the function of a region its index. */
  setRegion(index: number, region: CallableFunction): void {
    if (index >= this.table.length) this.table.grow(this.table.length);
    this.table.set(index, region);
  }

  removeRegion(index: number): void {
    this.table.set(index, null);
  }

  /** The record of a page in the page code table, as four words; `page` counts from RAM's base. */
  pageCode(page: number): number[] {
    const at = this.word(PAGE_CODE) + page * PAGE_CODE_SIZE;
    return [0, 4, 8, 12].map(offset => this.word(at + offset));
  }

  setPageCode(page: number, words: readonly number[]): void {
    const at = this.word(PAGE_CODE) + page * PAGE_CODE_SIZE;
    words.forEach((word, index) => {
      this.setWord(at + 4 * index, word);
    });
  }

  word(at: number): number {
    return this.view.getUint32(at, true);
  }

  setWord(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  /** A u64 field as a number: exact below 2^53, Infinity from 2^62 on. */
  long(at: number): number {
    const high = this.view.getUint32(at + 4, true);
    const low = this.view.getUint32(at, true);
    return high >= 0x4000_0000 ? Number.POSITIVE_INFINITY : high * 2 ** 32 + low;
  }

  /** Integers of -2^53 … 2^53. */
  setLong(at: number, value: number): void {
    this.view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
    this.view.setUint32(at, value >>> 0, true);
  }

  signedLong(at: number): number {
    return this.view.getInt32(at + 4, true) * 2 ** 32 + this.view.getUint32(at, true);
  }

  counter(index: number): number {
    return this.long(COUNTERS + index * 8);
  }
}

function align(size: number): number {
  return Math.ceil(size / WASM_PAGE) * WASM_PAGE;
}
