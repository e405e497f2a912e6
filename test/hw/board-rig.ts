/**
 * A board with a program of a few lines of assembly as its firmware, for the stories about whole machines.
 *
 *     const { board, output } = await bootProgram(`${PRINT} …`);
 *     board.runUntil(1_000_000);
 *     expect(output()).toBe('hello');
 */
import { Board, type BoardDescription } from '../../hw/board.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';

export interface BootedProgram {
  readonly board: Board;
  readonly symbols: ReadonlyMap<string, number>;
  /** What the guest has printed so far. */
  output(): string;
}

/** Switches the machine off with the status in a0; prints the text at a0 up to its zero. */
export const ROUTINES = `
power_off:
        slli  a0, a0, 16
        li    t0, 0x3333
        or    a0, a0, t0
        li    t0, 0x100000
        sw    a0, 0(t0)
1:      j     1b
print:
        li    t0, 0x10000000
1:      lbu   t1, 0(a0)
        beqz  t1, 2f
        sb    t1, 0(t0)
        addi  a0, a0, 1
        j     1b
2:      ret
`;

export async function bootProgram(
  source: string,
  description: Partial<BoardDescription> = {},
): Promise<BootedProgram> {
  const program = assembleFlat(source, { origin: RAM_BASE });
  const board = new Board(
    {
      name: 'test',
      seed: 1,
      ramSize: 0x40_0000,
      serialLine: 'fast',
      ...description,
      images: { firmware: program.bytes, ...description.images },
    },
    await loadCore(),
  );
  let text = '';
  board.onSerial(byte => {
    text += String.fromCharCode(byte);
  });
  board.powerOn();
  return { board, symbols: program.symbols, output: () => text };
}
