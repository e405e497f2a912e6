/**
 * An instance of the core's module with its memory: layout for a RAM size, exports, typed access to fields.
 */
import { COUNTERS, LINE_TABLE, PAGE_MARKS, RAM_HOST, RAM_SIZE } from '../manual/core-layout.ts';

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
}

/** The core's imports: undefined and false are turned into what the module understands. */
export interface BusImports {
  read(pa: number, size: number): number;
  write(pa: number, size: number, value: number): number;
}

const WASM_PAGE = 65_536;

export class CoreInstance {
  readonly exports: CoreExports;
  readonly bytes: Uint8Array;
  /** One byte a page of RAM. */
  readonly pageMarks: Uint8Array;
  /** Guest RAM. */
  readonly ram: Uint8Array;
  private readonly view: DataView;

  constructor(module: WebAssembly.Module, ramSize: number, bus: BusImports) {
    const marks = LINE_TABLE + ramSize / 16;
    const ramHost = align(marks + ramSize / 4096);
    const pages = (ramHost + align(ramSize)) / WASM_PAGE;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(module, { env: { memory }, bus: { ...bus } });
    this.exports = instance.exports as unknown as CoreExports;
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.pageMarks = this.bytes.subarray(marks, marks + ramSize / 4096);
    this.ram = this.bytes.subarray(ramHost, ramHost + ramSize);
    this.setWord(RAM_SIZE, ramSize);
    this.setWord(RAM_HOST, ramHost);
    this.setWord(PAGE_MARKS, marks);
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
