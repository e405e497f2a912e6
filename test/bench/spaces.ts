/**
 * Which program a board executes: an address space is known by what lies at the addresses that it executes. Programs
 * have much in common, so that it takes some of them until only one is left.
 *
 *     const space = spaces.look(board);     … when all has been seen …     spaces.nameOf(space)
 */
import type { Board } from '../../hw/board.ts';
import type { Elf } from '../../hw/elf.ts';

/** Of one that is none of the spaces: machine and supervisor mode. */
const KERNEL = 0;
const CSR_SATP = 0x180;
const SAMPLE_SIZE = 16;

export class Spaces {
  private readonly programs: ReadonlyMap<string, Elf>;
  private readonly possible = new Map<number, readonly string[]>();

  /** The kernel goes by the name `kernel`. */
  constructor(programs: ReadonlyMap<string, Elf>) {
    this.programs = programs;
  }

  /** The space in which the board is about to execute. */
  look(board: Board): number {
    const { hart } = board;
    if (hart.privilege !== 'user') return KERNEL;
    const space = hart.readCsr(CSR_SATP)!;
    const possible = this.possible.get(space) ?? [...this.programs.keys()];
    if (possible.length > 1) this.possible.set(space, this.narrowed(possible, board));
    return space;
  }

  nameOf(space: number): string {
    if (space === KERNEL) return 'kernel';
    const possible = this.possible.get(space)!;
    return possible.length === 1 ? possible[0]! : 'programs';
  }

  private narrowed(possible: readonly string[], board: Board): readonly string[] {
    const { pc } = board.hart;
    const sample = board.inspect(pc, SAMPLE_SIZE);
    return sample === undefined
      ? possible
      : possible.filter(name => holds(this.programs.get(name)!, pc, sample));
  }
}

/** Whether the program has these bytes there. */
function holds({ sections }: Elf, address: number, sample: Uint8Array): boolean {
  return [...sections.values()].some(({ address: start, bytes }) =>
    sample.every((byte, at) => bytes[address - start + at] === byte),
  );
}
