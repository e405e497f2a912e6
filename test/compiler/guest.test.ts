/**
 * Guest sources on their way in: what a kernel may not say, how errors read, and what the editor sees.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guestFolders, PROJECT_DIRECTORY, typeFaults } from '../../images/guest/check-types.ts';
import { compileGuest, type GuestModule, typedManual } from '../../images/guest/compile.ts';
import type { GuestProfile } from '../../images/guest/profile.ts';
import { readSourceMap } from '../../images/guest/source-map.ts';
import { INTRINSICS } from '../../images/riscv/intrinsics.ts';
import { readModule } from '../../images/wasm/reader.ts';

function written(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'guest-'));
  writeFileSync(join(folder, 'main.ts'), text);
  return folder;
}

function compiled(text: string, profile: GuestProfile = 'kernel'): Promise<GuestModule> {
  return compileGuest({ entry: 'main.ts', baseDir: written(text), profile });
}

async function errorOf(text: string, profile: GuestProfile = 'kernel'): Promise<string> {
  return compiled(text, profile).then(
    () => 'no error',
    error => (error as Error).message,
  );
}

describe('what is wrong with a source', () => {
  it('is named with file, line, column and the compiler’s message', async () => {
    expect(await errorOf('export function f(x: i32): string {\n  return x;\n}')).toBe(
      "main.ts:2:10: error: Type 'i32' is not assignable to type '~lib/string/String'.",
    );
  });

  it('an import that is not there is named', async () => {
    expect(
      await errorOf("import { f } from './other.ts';\nexport function g(): i32 { return f(); }"),
    ).toMatch(/^main\.ts:1:\d+: error: File 'other\.ts' not found\.$/);
  });

  it('a syntax error is named', async () => {
    expect(await errorOf('export function (')).toMatch(/^main\.ts:1:16: error: Identifier expected\./);
  });
});

describe('a kernel and a service allocate nothing managed', () => {
  const managed = [
    [
      'a managed object',
      'class Box { x: i32 = 1; }\nexport function f(): i32 {\n  return new Box().x;\n}',
      'main.ts:3:10: error: Box#constructor',
    ],
    [
      'a string made of two',
      "export function f(s: string): i32 {\n  return (s + 'x').length;\n}",
      'main.ts:2:11: error: String.__concat',
    ],
    [
      'a growing array',
      'const a: i32[] = [];\nexport function f(): void {\n  a.push(1);\n}',
      'main.ts:3:5: error: Array<i32>#push',
    ],
    [
      'a map',
      'export function f(): i32 {\n  const m = new Map<i32, i32>();\n  return m.size;\n}',
      'main.ts:2:13: error: Map',
    ],
  ] as const;

  it.each(managed)('%s is an error at its place', async (_name, text, start) => {
    for (const profile of ['kernel', 'service'] as const) {
      const [first] = (await errorOf(text, profile)).split('\n');
      expect(first?.replace(/:\d+: error/, ': error')).toContain(start.replace(/:\d+: error/, ': error'));
      expect(first).toContain(`allocates managed memory, which a ${profile} has not`);
    }
  });

  it('code in a function that nothing calls is no allocation', async () => {
    expect(
      await errorOf(
        'class Box {}\nfunction unused(): Box { return new Box(); }\nexport function f(): i32 { return 1; }',
      ),
    ).toBe('no error');
  });

  it('top-level code with effects is an error at its place', async () => {
    expect(
      await errorOf(
        'function now(): i32 { return load<i32>(64); }\nlet n: i32 = now();\nexport function f(): i32 { return n; }',
      ),
    ).toMatch(/^main\.ts:\d:\d+: error: top-level code with effects, which a kernel must not have/);
  });

  it('a program may do all of it', async () => {
    for (const [, text] of managed) expect(await errorOf(text, 'program')).toBe('no error');
  });
});

describe('the module', () => {
  it('lies where its profile says, and tells where static memory ends', async () => {
    const source = 'const buffer = memory.data(100);\nexport function f(): usize { return buffer; }';
    const kernel = await compiled(source);
    expect([kernel.memoryBase, kernel.memoryEnd]).toEqual([0xc010_0000, 0xc010_0064]);
    expect((await compiled(source, 'service')).memoryBase).toBe(4096);
  });

  it('keeps the table whose entries it asks the addresses of', async () => {
    const text =
      "import { code_address } from 'rv';\nfunction g(): void {}\n" +
      'export function f(): u32 {\n  const pointer: () => void = g;\n  return code_address(pointer.index);\n}';
    expect(readModule((await compiled(text)).wasm).tables).toHaveLength(1);
  });

  it('has intrinsics as imports and places of the sources', async () => {
    const { wasm, sourceMap } = await compiled(
      "import { csr_read } from 'rv';\nexport function f(): u32 {\n  return csr_read(0x180);\n}",
    );
    expect(WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(wasm)))).toEqual([
      { module: 'rv', name: 'csr_read', kind: 'function' },
    ]);
    expect(readSourceMap(sourceMap).map(({ file, line }) => `${file}:${line}`)).toContain('main.ts:3');
  });

  it('the same sources in another folder give the same bytes', async () => {
    const source = 'export function f(x: u32): u32 { assert(x != 3, "three"); return x * 5; }';
    const [a, b] = [await compiled(source), await compiled(source)];
    expect(a.wasm).toEqual(b.wasm);
    expect(a.sourceMap).toBe(b.sourceMap);
  });

  it('sees the data sheets’ numbers as u32', () => {
    const sheet =
      'export const BASE = 0x8000_0000;\nexport const HALF = BASE / 2;\nexport const rows = row(1);\nexport const LIST = [1];';
    expect(typedManual(sheet, 'hw/manual/memory-map.ts').split('\n')).toEqual([
      'export const BASE: u32 = 0x8000_0000;',
      'export const HALF: u32 = BASE / 2;',
      'export const rows = row(1);',
      'export const LIST = [1];',
    ]);
    expect(typedManual(sheet, 'os/lib/x.ts')).toBe(sheet);
  });
});

describe('what the editor sees', () => {
  const faults = (text: string) => {
    const file = join(written(text), 'main.ts');
    return typeFaults(join(PROJECT_DIRECTORY, 'images/guest/system.tsconfig.json'), [file]).map(line =>
      line.slice(line.lastIndexOf('main.ts')),
    );
  };

  it.each(guestFolders())('%s has no fault', folder => {
    expect(typeFaults(join(PROJECT_DIRECTORY, folder, 'tsconfig.json'))).toEqual([]);
  });

  it('a stray Map, a Node import and a console are errors in a kernel', () => {
    expect(faults('export const m = new Map();\n')).toEqual([
      "main.ts:1:22: Cannot find name 'Map'. Do you need to change your target library? Try changing the 'lib' compiler option to 'es2015' or later.",
    ]);
    expect(faults("import { readFileSync } from 'node:fs';\nexport const r = readFileSync;\n")[0]).toContain(
      "Cannot find module 'node:fs'",
    );
    expect(faults("export function f(): void { console.log('x'); }\n")[0]).toContain(
      "Cannot find name 'console'",
    );
  });

  it('intrinsics are typed', () => {
    expect(
      faults("import { wfi, csr_write } from 'rv';\nexport function f(): void { wfi(); csr_write(1); }\n"),
    ).toEqual(['main.ts:2:36: Expected 2 arguments, but got 1.']);
  });

  it('and are exactly those of the back end, with its parameters', () => {
    const text = readFileSync(join(PROJECT_DIRECTORY, 'images/guest/rv.ts'), 'utf8');
    const declared = [
      ...text.matchAll(/^\/\/@external\("rv", "(\w+)"\)\nexport declare function (\w+)\(([^)]*)\): (\w+);/gm),
    ];
    expect(declared.map(([, external, name]) => [external, name]).sort()).toEqual(
      [...INTRINSICS.keys()].map(name => [name, name]).sort(),
    );
    for (const [, , name, parameters, result] of declared) {
      const { parameters: letters, result: resultLetter } = INTRINSICS.get(name!)!;
      const constants = parameters!
        .split(/,\s*/)
        .filter(Boolean)
        .map(each => (/^(csr|result|code):/.test(each) ? 'c' : 'i'));
      expect([name, constants.join(''), result === 'void' ? '' : 'i']).toEqual([name, letters, resultLetter]);
    }
  });
});
