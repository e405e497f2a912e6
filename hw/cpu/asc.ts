/**
 * AssemblyScript compiler, driven inside this process: sources in, WebAssembly bytes out.
 *
 * Every source text passes through `prepareSource` and, after it, through the caller's own transform,
 * so that files can be written in the project's style and still type-check in an editor:
 *
 *     import { x } from './y.ts'      the dialect wants './y'
 *     //@inline  (a line of its own)   a decorator, which an editor's type checker refuses on a function
 *     import { type X } from './y.ts'  the dialect has no imports of types alone
 *
 * Neither moves a line. Results are kept under .build/asc: a file named by the hash of entries, options and
 * compiler version has a manifest of each of the last compilations, what was read with its hash (of the text
 * as transformed); the artifact is named by the hash of all of it. Both are put in place by an atomic rename,
 * so that any number of processes may compile at once, of the sources of any branch.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type asc from 'assemblyscript/asc';

const PROJECT_DIRECTORY = projectDirectory();
const CACHE_DIRECTORY = join(PROJECT_DIRECTORY, '.build', 'asc');
/** Kept of one request: as many states of its sources are found again. */
const MANIFESTS_MAX = 8;

export interface Compilation {
  /** Paths of the entry files, relative to `baseDir`. */
  readonly entries: readonly string[];
  /** Absent: the project's own directory. */
  readonly baseDir?: string;
  /** Command line options of asc, without entries, output and base directory. */
  readonly options: readonly string[];
  /** Applied to every source after `prepareSource`; it must keep lines where they are. */
  readonly transform?: (text: string, file: string) => string;
  /** Sources that are not on disk, by path relative to `baseDir`; they go before files. */
  readonly virtualFiles?: ReadonlyMap<string, string>;
  /** Also wanted beside the bytes. */
  readonly sourceMap?: boolean;
  readonly text?: boolean;
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Relative to `baseDir`; empty where the compiler names no place. Line and column count from 1. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type CompilationResult =
  | {
      readonly ok: true;
      readonly wasm: Uint8Array;
      readonly sourceMap: string | undefined;
      readonly text: string | undefined;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Compiles, or answers from the cache. Never throws for what is wrong with a source. */
export function compile(compilation: Compilation): Promise<CompilationResult> {
  const result = queue.then(() => fromCache(compilation) ?? compileNow(compilation));
  queue = result.then(
    () => undefined,
    () => undefined,
  );
  return result;
}

/** One line a diagnostic, as compilers print them. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(each => `${each.file}:${each.line}:${each.column}: ${each.severity}: ${each.message}`)
    .join('\n');
}

/** The dialect's text for a file in the project's style; every line stays where it is. */
export function prepareSource(text: string): string {
  return text
    .replace(/^(\s*)\/\/@(\w+(?:\([^)]*\))?)[ \t]*$/gm, '$1@$2')
    .replace(/(\bfrom\s+['"]\.[^'"]*)\.ts(['"])/g, '$1$2')
    .replace(/^import\s[^;]*?\bfrom\b/gm, names => names.replace(/\btype\s+(?=[\w{])/g, ''));
}

/** The compiler keeps global state while it runs, so that compilations of one process take turns. */
let queue: Promise<unknown> = Promise.resolve();

interface Manifest {
  /** Every file asked for, in order, with the hash of its text, or null where there was none. */
  readonly files: readonly (readonly [string, string | null])[];
  readonly diagnostics: readonly Diagnostic[];
}

async function compileNow(compilation: Compilation): Promise<CompilationResult> {
  const texts = new Map<string, string | null>();
  const outputs = new Map<string, Uint8Array | string>();
  const diagnostics: Diagnostic[] = [];
  const compiler = await loadCompiler();
  const { error, stderr } = await compiler.main(arguments_(compilation), {
    readFile: file => {
      const path = file.replaceAll('\\', '/');
      const text = readSource(compilation, path);
      texts.set(path, text);
      return text;
    },
    writeFile: (file, contents) => void outputs.set(file, contents),
    listFiles: () => [],
    reportDiagnostic: each => {
      const found = describe(each, texts);
      if (found !== undefined) diagnostics.push(found);
    },
  });
  const wasm = outputs.get('out.wasm');
  if (error !== null || !(wasm instanceof Uint8Array)) {
    if (!diagnostics.some(each => each.severity === 'error')) {
      const message = error?.message ?? stderr.toString();
      diagnostics.push({ severity: 'error', message, file: '', line: 0, column: 0 });
    }
    return { ok: false, diagnostics };
  }
  const manifest: Manifest = {
    files: [...texts].map(([file, text]) => [file, text === null ? null : hashOf(text)] as const),
    diagnostics,
  };
  const result = {
    ok: true as const,
    wasm,
    sourceMap: textOf(outputs.get('out.wasm.map')),
    text: textOf(outputs.get('out.wat')),
    diagnostics,
  };
  keep(compilation, manifest, result);
  return result;
}

/** Half a gigabyte of compiler, which those who find what they want in the cache do without. */
async function loadCompiler(): Promise<typeof asc> {
  if (!isLoaderAdded) register(`data:text/javascript,${encodeURIComponent(LOADER)}`);
  isLoaderAdded = true;
  return (await import('assemblyscript/asc')).default;
}

/** What a loader that rewrites modules, such as tsx, would spend seven seconds on to change nothing. */
const LOADER = `
import { readFile } from 'node:fs/promises';
export async function load(url, context, next) {
  if (!url.endsWith('/node_modules/binaryen/index.js')) return next(url, context);
  return { format: 'module', source: await readFile(new URL(url)), shortCircuit: true };
}`;
let isLoaderAdded = false;

function arguments_(compilation: Compilation): string[] {
  return [
    ...compilation.entries,
    ...compilation.options,
    '--outFile',
    'out.wasm',
    ...(compilation.sourceMap === true ? ['--sourceMap'] : []),
    ...(compilation.text === true ? ['--textFile', 'out.wat'] : []),
  ];
}

function readSource(compilation: Compilation, file: string): string | null {
  const path = join(compilation.baseDir ?? PROJECT_DIRECTORY, file);
  const given = compilation.virtualFiles?.get(file);
  if (given === undefined && (!file.endsWith('.ts') || !existsSync(path))) return null;
  const text = prepareSource(given ?? readFileSync(path, 'utf8'));
  return compilation.transform === undefined ? text : compilation.transform(text, file);
}

type AscDiagnostic = Parameters<
  NonNullable<NonNullable<Parameters<typeof asc.main>[1]>['reportDiagnostic']>
>[0];

function describe(each: AscDiagnostic, texts: ReadonlyMap<string, string | null>): Diagnostic | undefined {
  const severity = ([undefined, 'info', 'warning', 'error'] as const)[each.category];
  if (severity === undefined) return undefined;
  if (each.range === null) return { severity, message: each.message, file: '', line: 0, column: 0 };
  const file = each.range.source.normalizedPath;
  const before = (texts.get(file) ?? '').slice(0, each.range.start);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return { severity, message: each.message, file, line, column };
}

function fromCache(compilation: Compilation): CompilationResult | undefined {
  const hashes = new Map<string, string | null>();
  const isSame = ([file, hash]: Manifest['files'][number]): boolean => {
    const text = hashes.has(file) ? undefined : readSource(compilation, file);
    if (text !== undefined) hashes.set(file, text === null ? null : hashOf(text));
    return hashes.get(file) === hash;
  };
  const manifest = manifestsOf(compilation).find(({ files }) => files.every(isSame));
  if (manifest === undefined) return undefined;
  const artifact = artifactPath(compilation, manifest);
  if (!existsSync(`${artifact}.wasm`)) return undefined;
  return {
    ok: true,
    wasm: new Uint8Array(readFileSync(`${artifact}.wasm`)),
    sourceMap: compilation.sourceMap === true ? readFileSync(`${artifact}.map`, 'utf8') : undefined,
    text: compilation.text === true ? readFileSync(`${artifact}.wat`, 'utf8') : undefined,
    diagnostics: manifest.diagnostics,
  };
}

function keep(
  compilation: Compilation,
  manifest: Manifest,
  result: CompilationResult & { readonly ok: true },
): void {
  mkdirSync(CACHE_DIRECTORY, { recursive: true });
  const artifact = artifactPath(compilation, manifest);
  if (result.sourceMap !== undefined) putInPlace(`${artifact}.map`, result.sourceMap);
  if (result.text !== undefined) putInPlace(`${artifact}.wat`, result.text);
  putInPlace(`${artifact}.wasm`, result.wasm);
  const manifests = [manifest, ...manifestsOf(compilation)].slice(0, MANIFESTS_MAX);
  putInPlace(manifestPath(compilation), JSON.stringify(manifests));
}

/** Newest first. */
function manifestsOf(compilation: Compilation): readonly Manifest[] {
  const path = manifestPath(compilation);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest[]) : [];
}

function manifestPath(compilation: Compilation): string {
  return join(CACHE_DIRECTORY, `${requestHash(compilation)}.manifests`);
}

function putInPlace(path: string, contents: Uint8Array | string): void {
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, path);
}

/** The folder of package.json: this file may itself be a stripped copy under .build. */
function projectDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

function compilerVersion(): string {
  const path = join(PROJECT_DIRECTORY, 'node_modules', 'assemblyscript', 'package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

function requestHash(compilation: Compilation): string {
  return hashOf(JSON.stringify([compilerVersion(), compilation.baseDir ?? '', arguments_(compilation)]));
}

function artifactPath(compilation: Compilation, manifest: Manifest): string {
  return join(CACHE_DIRECTORY, hashOf(JSON.stringify([requestHash(compilation), manifest.files])));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function textOf(contents: Uint8Array | string | undefined): string | undefined {
  return typeof contents === 'string' || contents === undefined
    ? contents
    : new TextDecoder().decode(contents);
}
