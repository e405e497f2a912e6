/**
 * The linker, seen through the executables it makes: what lies where, what is refused and with which
 * words, and what binutils and gdb read in the result where they are installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bareDescription, kernelDescription, programDescription } from '../../images/link/description.ts';
import { link } from '../../images/link/link.ts';
import type { ObjectFile } from '../../images/object.ts';
import {
  ADDI_A0_A0,
  ADDI_A0_GP,
  AUIPC_A0,
  BEQZ_A0,
  data,
  JAL_RA,
  LUI_A0,
  label,
  NOP,
  object,
  RET,
  SW_A0_A0,
  text,
} from './objects.ts';

const bare = bareDescription({ base: 0x8000_0000 });
const jump = (to: string, at = 0) => ({ at, kind: 'JAL', to }) as const;

/** The word of the image at a virtual address, found through the program headers. */
function wordAt(elf: Uint8Array, address: number): number {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const count = view.getUint16(44, true);
  for (let index = 0; index < count; index += 1) {
    const at = 52 + 32 * index;
    const start = view.getUint32(at + 8, true);
    const size = view.getUint32(at + 16, true);
    if (view.getUint32(at, true) !== 1 || address < start || address >= start + size) continue;
    return view.getUint32(view.getUint32(at + 4, true) + address - start, true);
  }
  throw new Error(`no segment holds 0x${address.toString(16)}`);
}

function problemsOf(objects: readonly ObjectFile[], description = bare): string {
  try {
    link(objects, description);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no problem';
}

function written(elf: Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'link-')), 'image.elf');
  writeFileSync(file, elf);
  return file;
}

const installed = (tool: string) => spawnSync(tool, ['--version']).status === 0;

describe('layout', () => {
  const { elf, symbols } = link(
    [
      object(
        'a',
        text('other', [RET]),
        text('_start', [JAL_RA, LUI_A0, RET], {
          uses: [jump('other'), { at: 4, kind: 'HI20', to: 'table' }, { at: 8, kind: 'HI20', to: 'zeros' }],
        }),
        data('table', 'r', [1, 2, 3, 4]),
        data('zeros', 'rw', [], { size: 100 }),
      ),
    ],
    bare,
  );

  it('puts the entry first and every protection on pages of its own', () => {
    expect(symbols.get('_start')).toBe(0x8000_0000);
    expect(symbols.get('other')).toBe(0x8000_000c);
    expect(symbols.get('table')).toBe(0x8000_1000);
    expect(symbols.get('zeros')).toBe(0x8000_2000);
    expect(symbols.get('__bss_end')).toBe(0x8000_2064);
    expect(wordAt(elf, 0x8000_1000)).toBe(0x04030201);
  });

  it('no segment is both writable and executable', () => {
    const view = new DataView(elf.buffer);
    const flags = Array.from({ length: view.getUint16(44, true) }, (_, i) =>
      view.getUint32(52 + 32 * i + 24, true),
    );
    expect(flags).toEqual([5, 4, 6, 6]);
  });

  it('leaves out what the entry does not reach', () => {
    const unused = text('unused', [JAL_RA], { uses: [jump('nowhere')] });
    const image = link([object('a', text('_start', [RET]), unused)], bare);
    expect(image.symbols.has('unused')).toBe(false);
    expect(image.sizes.get('.text')).toBe(4);
  });

  it('links a kernel high and loads it low, and a program leaves page 0 unmapped', () => {
    const start = object('a', text('_start', [RET]), data('memory', 'rw', [7], { address: 0xc010_0000 }));
    const kernel = link([start], kernelDescription({}));
    const view = new DataView(kernel.elf.buffer);
    expect(kernel.entry).toBe(0xc000_0000);
    expect([view.getUint32(52 + 12, true), view.getUint32(84 + 12, true)]).toEqual([
      0x8020_0000, 0x8030_0000,
    ]);
    expect(
      problemsOf(
        [object('a', text('_start', [RET]), data('low', 'rw', [1], { address: 16 }))],
        programDescription({}),
      ),
    ).toBe(".rw.low of a at 0x10 lies below the memory's start, 0x1000");
  });

  it('states the extensions that its code may use', () => {
    const attributes = (extensions: { zba: boolean; zbb: boolean }) =>
      new TextDecoder().decode(link([object('a', text('_start', [RET]))], bare, extensions).elf);
    expect(attributes({ zba: true, zbb: false })).toContain('_zifencei2p0_zba1p0\0');
    expect(attributes({ zba: false, zbb: false })).toContain('_zifencei2p0\0');
  });

  it('the same objects give the same bytes', () => {
    const objects = () => [
      object('a', text('_start', [JAL_RA], { uses: [jump('f')] })),
      object('b', text('f', [RET])),
    ];
    expect(link(objects(), bare).elf).toEqual(link(objects(), bare).elf);
  });
});

describe('relocations', () => {
  it('an absolute address, a pc-relative one and one through gp are all the same place', () => {
    const start = label(
      text('_start', [LUI_A0, ADDI_A0_A0, AUIPC_A0, ADDI_A0_A0, SW_A0_A0, ADDI_A0_GP], {
        uses: [
          { at: 0, kind: 'HI20', to: 'value', addend: 4 },
          { at: 4, kind: 'LO12_I', to: 'value', addend: 4 },
          { at: 8, kind: 'PCREL_HI20', to: 'value', addend: 4 },
          { at: 12, kind: 'PCREL_LO12_I', to: 'here' },
          { at: 16, kind: 'LO12_S', to: 'value', addend: 4 },
          { at: 20, kind: 'GPREL_I', to: 'value', addend: 4 },
        ],
      }),
      'here',
      8,
    );
    const { elf } = link([object('a', start, data('value', 'rw', [1, 0, 0, 0, 2, 0, 0, 0]))], bare);
    const word = (index: number) => wordAt(elf, 0x8000_0000 + 4 * index);
    expect([word(0) >>> 12, word(1) >>> 20]).toEqual([0x80001, 4]);
    expect([word(2) >>> 12, word(3) >>> 20]).toEqual([1, 0xffc]);
    expect([word(4) >>> 25, (word(4) >>> 7) & 31]).toEqual([0, 4]);
    expect((word(5) | 0) >> 20).toBe(4 - 0x800);
  });

  it('a branch that does not reach is refused by name', () => {
    const far = object(
      'a',
      text('_start', [BEQZ_A0, ...new Array(2000).fill(NOP), JAL_RA], {
        uses: [{ at: 0, kind: 'BRANCH', to: 'end' }, jump('end', 8004)],
      }),
      text('end', [RET]),
    );
    expect(problemsOf([far])).toBe(
      'a (.text._start + 0x0): BRANCH to end: 8008 bytes away, out of reach (±4096)',
    );
  });

  it('a call beyond one MiB goes through an island', () => {
    const filler = new Array(150_000).fill(NOP);
    const { elf, symbols } = link(
      [
        object(
          'a',
          text('_start', [JAL_RA], { uses: [jump('one')] }),
          text('one', [JAL_RA, ...filler], { uses: [jump('last')] }),
          text('two', [JAL_RA, ...filler], { uses: [jump('_start')] }),
          text('last', [JAL_RA], { uses: [jump('two')] }),
        ),
      ],
      { ...bare, roots: ['two'] },
    );
    const island = symbols.get('far-jumps-0')!;
    const upper = (wordAt(elf, island) | 0) & 0xfffff000;
    const lower = (wordAt(elf, island + 4) | 0) >> 20;
    expect((island + upper + lower) >>> 0).toBe(symbols.get('last'));
  });
});

describe('refusals', () => {
  const start = text('_start', [JAL_RA], { uses: [jump('callee')] });

  it('an undefined symbol is named with who wants it', () => {
    expect(problemsOf([object('a', start)])).toBe('callee is not defined, and is wanted by a (.text._start)');
  });

  it('a symbol defined twice is named with both objects', () => {
    const twice = [
      object('a', start),
      object('b', text('callee', [RET])),
      object('c', text('callee', [RET])),
    ];
    expect(problemsOf(twice)).toBe('callee is defined twice: in b and in c');
  });

  it('a local name is its own in each object', () => {
    const local = (name: string) => object(name, text('callee', [RET], { binding: 'local' }));
    expect(problemsOf([object('a', start), local('b')])).toContain('callee is not defined');
    expect(problemsOf([object('a', start, text('callee', [RET], { binding: 'local' })), local('b')])).toBe(
      'no problem',
    );
  });

  it('an image over its limit says what takes the room', () => {
    const big = object(
      'a',
      text('_start', [LUI_A0], { uses: [{ at: 0, kind: 'HI20', to: 'heap' }] }),
      data('heap', 'rw', [], { size: 3_000_000 }),
    );
    expect(problemsOf([big], kernelDescription({}))).toBe(
      'kernel: data takes 3000000 bytes, 2737856 more than its limit of 262144; the largest in it:\n    3000000  .rw.heap of a',
    );
  });
});

describe('stack', () => {
  const frame = (frameSize: number, ...calls: string[]) => ({ stack: { frameSize, calls } });
  const limited = (from: string, sizeMax: number) => ({ ...bare, stack: { from: [from], sizeMax } });
  const a = text('_start', [JAL_RA], { ...frame(16, 'b', '*(i32)'), uses: [jump('b'), jump('b')] });
  const b = text('b', [RET], frame(100));
  const held = text('held', [RET], { stack: { frameSize: 200, calls: ['b'], signature: '(i32)' } });

  it('the deepest way is found, through tables too', () => {
    const { stacks } = link([object('a', a, b, held)], bare);
    expect(stacks.get('_start')).toEqual({ size: 316, path: ['_start', 'held', 'b'], unstated: [] });
  });

  it('a stack over its limit is refused with the way that takes it', () => {
    expect(problemsOf([object('a', a, b, held)], limited('_start', 300))).toBe(
      'bare: the stack below _start takes 316 bytes, limit 300: _start → held → b',
    );
  });

  it('recursion is named as unbounded', () => {
    const again = text('b', [RET], frame(100, '_start'));
    expect(problemsOf([object('a', a, again, held)], limited('_start', 300))).toBe(
      'bare: the stack below _start has no bound: recursion through _start → b → _start',
    );
  });
});

describe('other readers', () => {
  const at = (offset: number, line: number) => ({ offset, file: 'os/kernel/trap.ts', line, column: 3 });
  const { elf, symbols } = link(
    [
      object(
        'a',
        text('_start', [JAL_RA, NOP, RET], {
          uses: [jump('leave')],
          lines: [at(0, 10), at(4, 300), at(8, 12)],
        }),
        text('leave', [LUI_A0, RET], {
          uses: [{ at: 0, kind: 'HI20', to: 'cell' }],
          lines: [{ ...at(4, 7), file: 'boot.s' }],
        }),
        data('cell', 'rw', [1], { size: 64 }),
      ),
    ],
    bare,
  );

  it.skipIf(!installed('riscv64-unknown-elf-readelf'))('readelf finds nothing to complain about', () => {
    const result = spawnSync('riscv64-unknown-elf-readelf', ['-a', '-w', '-W', written(elf)], {
      encoding: 'utf8',
    });
    expect(result.stderr).toBe('');
    expect(result.stdout).not.toMatch(/warning|error|corrupt/i);
    expect(result.stdout).toContain('os/kernel/trap.ts');
  });

  it.skipIf(!installed('riscv64-unknown-elf-addr2line'))('addr2line gives functions and lines', () => {
    const addresses = [0, 4, 8].map(offset => `0x${(symbols.get('_start')! + offset).toString(16)}`);
    const leave = `0x${(symbols.get('leave')! + 4).toString(16)}`;
    const out = execFileSync(
      'riscv64-unknown-elf-addr2line',
      ['-f', '-e', written(elf), ...addresses, leave],
      { encoding: 'utf8' },
    );
    const lines = out
      .trim()
      .split('\n')
      .map(line => line.replace(/^\.\//, ''));
    expect(lines).toEqual([
      '_start',
      'os/kernel/trap.ts:10',
      '_start',
      'os/kernel/trap.ts:300',
      '_start',
      'os/kernel/trap.ts:12',
      'leave',
      'boot.s:7',
    ]);
  });

  it.skipIf(!installed('gdb-multiarch'))('gdb shows TypeScript lines', () => {
    const commands = ['-ex', 'info line *_start', '-ex', 'info symbol leave', '-ex', 'x/2i _start'];
    const out = execFileSync('gdb-multiarch', ['-nx', '-batch', ...commands, written(elf)], {
      encoding: 'utf8',
    });
    expect(out).toContain('Line 10 of "os/kernel/trap.ts" starts at address 0x80000000 <_start>');
    expect(out).toContain('leave in section .text');
  });
});
