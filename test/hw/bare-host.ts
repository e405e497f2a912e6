/**
 * The machine on a host that has nothing but the language: its modules are loaded into a context of their own, where
 * there are ECMAScript, WebAssembly and the text encodings of every browser, and neither Node's globals nor its modules.
 * What runs there runs in a browser.
 *
 *     const bare = new BareHost();
 *     const { Board } = bare.load<typeof import('../../hw/board.ts')>('hw/board.ts');
 *     new Board(description, bare.compile(bytes));
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

type Exports = Record<string, unknown>;
type Body = (load: (specifier: string) => Exports, exports: Exports) => void;

export class BareHost {
  private readonly context = createContext({ TextEncoder, TextDecoder });
  private readonly modules = new Map<string, Exports>();

  /** Paths of all modules that were loaded. */
  get loaded(): readonly string[] {
    return [...this.modules.keys()];
  }

  /** What a module of the project exports. Throws where it, or what it imports, wants more than its text. */
  load<T>(path: string): T {
    return this.module(path) as T;
  }

  compile(bytes: Uint8Array): WebAssembly.Module {
    return this.run('(bytes => new WebAssembly.Module(bytes))', bytes);
  }

  /** Calls the function that an expression of the context is. */
  run<T>(expression: string, ...operands: readonly unknown[]): T {
    return runInContext(expression, this.context)(...operands);
  }

  private module(path: string): Exports {
    const known = this.modules.get(path);
    if (known !== undefined) return known;
    const exports: Exports = {};
    this.modules.set(path, exports);
    const { outputText } = ts.transpileModule(readFileSync(join(PROJECT, path), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const filename = join(PROJECT, path);
    const body: Body = runInContext(`(function (require, exports) {${outputText}\n})`, this.context, {
      filename,
    });
    body(specifier => this.module(this.resolve(specifier, path)), exports);
    return exports;
  }

  private resolve(specifier: string, importer: string): string {
    if (specifier.startsWith('.')) return join(dirname(importer), specifier);
    throw new Error(`${importer} imports ${specifier}, which is not there outside Node`);
  }
}
