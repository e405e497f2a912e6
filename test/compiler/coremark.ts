/**
 * CoreMark on the emulated CPU, from files that were built elsewhere:
 *
 *     COREMARK_WASM=FILE    a module that exports `run` and imports from `bench`: cycles, instructions, put
 *     COREMARK_ELF=FILE     the same sources by another compiler, for comparison
 *
 * Either writes EEMBC's report and a line `measured cycles N instructions N` of the timed part.
 */
import { readFileSync } from 'node:fs';
import { readElf } from '../../hw/elf.ts';
import { buildGuest } from '../../images/guest/build.ts';
import { bareDescription, runOnBoard } from './bare/machine.ts';

export const COREMARK_WASM = process.env['COREMARK_WASM'] ?? '';
export const COREMARK_ELF = process.env['COREMARK_ELF'] ?? '';

export interface CoreMark {
  readonly report: string;
  readonly cycles: number;
  readonly instructions: number;
  /** Bytes of all functions. */
  readonly textSize: number;
}

export async function ourCoreMark(): Promise<CoreMark> {
  const { elf } = await buildGuest({
    modules: [
      { name: 'main', wasm: new Uint8Array(readFileSync(COREMARK_WASM)), profile: 'kernel' },
      { name: 'bench', entry: 'test/compiler/bare/guest/bench.ts', profile: 'kernel' },
    ],
    assembly: ['test/compiler/bare/start.s', 'test/compiler/bare/run-main.s'],
    description: bareDescription({ pagesFirst: 2, pagesLimit: 2 }),
    extensions: { zba: true, zbb: true },
  });
  return measured(elf);
}

export function otherCoreMark(): Promise<CoreMark> {
  return measured(new Uint8Array(readFileSync(COREMARK_ELF)));
}

async function measured(elf: Uint8Array): Promise<CoreMark> {
  const { output } = await runOnBoard({ elf });
  const report = new TextDecoder().decode(output);
  const [, cycles, instructions] = /measured cycles (\d+) instructions (\d+)/.exec(report) ?? [];
  const functions = readElf(elf).symbols.filter(({ kind }) => kind === 'function');
  const sizes = new Map(functions.map(({ address, size }) => [address, size]));
  const textSize = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { report, cycles: Number(cycles), instructions: Number(instructions), textSize };
}
