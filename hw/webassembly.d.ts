/**
 * The part of the WebAssembly JavaScript interface that this project uses, as global declarations: the
 * language's own library does not have it, and the browser's whole library must not be in scope.
 */

declare namespace WebAssembly {
  type ImportValue = Memory | Table | Global | ((...values: never[]) => unknown) | number | bigint;
  type Imports = Record<string, Record<string, ImportValue>>;
  type Exports = Record<string, unknown>;

  interface ImportDescription {
    readonly module: string;
    readonly name: string;
    readonly kind: 'function' | 'table' | 'memory' | 'global';
  }
  interface ExportDescription {
    readonly name: string;
    readonly kind: 'function' | 'table' | 'memory' | 'global';
  }

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer);
    static imports(module: Module): ImportDescription[];
    static exports(module: Module): ExportDescription[];
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
  class Memory {
    constructor(limits: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Table {
    constructor(limits: { initial: number; maximum?: number; element: 'anyfunc' });
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value: unknown): void;
    grow(count: number): number;
  }
  class Global {
    constructor(type: { value: 'i32' | 'i64' | 'f32' | 'f64'; mutable?: boolean }, value: number | bigint);
    value: number | bigint;
  }
  class RuntimeError extends Error {}
  class CompileError extends Error {}

  function validate(bytes: Uint8Array | ArrayBuffer): boolean;
  function compile(bytes: Uint8Array | ArrayBuffer): Promise<Module>;
}
