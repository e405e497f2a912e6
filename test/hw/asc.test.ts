/**
 * The AssemblyScript driver: sources in the project's style compile, faults are named by place, results
 * are kept until a source changes.
 */
import { describe, expect, it } from 'vitest';
import { compile, formatDiagnostics } from '../../hw/cpu/asc.ts';

const OPTIONS = ['-O1', '--runtime', 'stub', '--noAssert'];

function compileText(
  files: Readonly<Record<string, string>>,
  more: Partial<Parameters<typeof compile>[0]> = {},
) {
  const virtualFiles = new Map(Object.entries(files));
  return compile({ entries: ['main.ts'], baseDir: '/nowhere', options: OPTIONS, virtualFiles, ...more });
}

async function run(files: Readonly<Record<string, string>>): Promise<unknown> {
  const result = await compileText(files);
  if (!result.ok) throw new Error(formatDiagnostics(result.diagnostics));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(result.wasm)), {});
  return (instance.exports['answer'] as () => unknown)();
}

describe('asc', () => {
  it('compiles imports that end in .ts and decorators in comment lines', async () => {
    const main = `import { half } from './half.ts';\nexport function answer(): i32 { return half(84); }\n`;
    const half = '//@inline\nexport function half(n: i32): i32 { return n / 2; }\n';
    expect(await run({ 'main.ts': main, 'half.ts': half })).toBe(42);
  });

  it('answers with what the sources say now, not what they said', async () => {
    const main = (n: number) => ({ 'main.ts': `export function answer(): i32 { return ${n}; }` });
    expect([await run(main(1)), await run(main(2)), await run(main(1))]).toEqual([1, 2, 1]);
  });

  it('names the file, line and column of a fault', async () => {
    const result = await compileText({
      'main.ts': '\n\nexport function answer(): i32 { return nothing; }\n',
    });
    expect(result.ok).toBe(false);
    const error = result.diagnostics.find(each => each.severity === 'error');
    expect(error).toMatchObject({ file: 'main.ts', line: 3, column: 40 });
  });

  it('says so where an entry file is missing', async () => {
    const result = await compileText({});
    expect(result.ok).toBe(false);
    expect(formatDiagnostics(result.diagnostics)).toContain("'main.ts' not found");
  });

  it('applies the transform of the caller, and gives text and source map where they are asked for', async () => {
    const files = { 'main.ts': 'export function answer(): i32 { return MAGIC; }' };
    const transform = (text: string) => text.replace('MAGIC', '7');
    const result = await compileText(files, { transform, text: true, sourceMap: true });
    expect(result.ok && result.text).toContain('i32.const 7');
    expect(result.ok && JSON.parse(result.sourceMap!).sources).toContain('main.ts');
  });

  it('takes turns when asked for several at once', async () => {
    const source = (n: number) => ({ 'main.ts': `export function answer(): i32 { return ${n} * ${n}; }` });
    expect(await Promise.all([3, 4, 5].map(n => run(source(n))))).toEqual([9, 16, 25]);
  });
});
