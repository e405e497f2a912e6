/**
 * A parallel copy as a sequence of single moves. Operands are machine registers or slots of the frame.
 *
 * A target that nobody still needs as a source can be written; when only cycles are left, one value is put
 * aside into the scratch register and its cycle opens.
 */
import { RA, SCRATCH } from './calling-convention.ts';
import { MachineInstruction, NONE, SLOT } from './machine.ts';

/** The moves in order; `mv`, `spill` and `reload`. From slot to slot they go through ra. */
export function sequence(
  defs: readonly number[],
  uses: readonly number[],
  origin: number,
): MachineInstruction[] {
  const code: MachineInstruction[] = [];
  const source = new Map<number, number>();
  const readers = new Map<number, number>();
  defs.forEach((to, i) => {
    const from = uses[i]!;
    if (from === to) return;
    source.set(to, from);
    readers.set(from, (readers.get(from) ?? 0) + 1);
  });
  const ready = [...source.keys()].filter(to => !readers.has(to));
  while (source.size > 0) {
    const to = ready.pop();
    if (to === undefined) {
      const blocked = source.keys().next().value!;
      // Everything that reads `blocked` reads the scratch register from now on.
      move(code, SCRATCH, blocked, origin);
      for (const [target, from] of source) if (from === blocked) source.set(target, SCRATCH);
      readers.set(SCRATCH, readers.get(blocked)!);
      readers.delete(blocked);
      ready.push(blocked);
      continue;
    }
    const from = source.get(to)!;
    source.delete(to);
    move(code, to, from, origin);
    const left = readers.get(from)! - 1;
    readers.set(from, left);
    if (left > 0) continue;
    readers.delete(from);
    if (source.has(from)) ready.push(from);
  }
  return code;
}

function move(code: MachineInstruction[], to: number, from: number, origin: number): void {
  const add = (op: string, d: number, a: number, b: number, immediate: number) => {
    const instruction = new MachineInstruction(op, d, a, b, immediate);
    instruction.origin = origin;
    code.push(instruction);
  };
  if (to < SLOT && from < SLOT) {
    add('mv', to, from, NONE, 0);
  } else if (to < SLOT) {
    add('reload', to, NONE, NONE, from - SLOT);
  } else if (from < SLOT) {
    add('spill', NONE, NONE, from, to - SLOT);
  } else {
    add('reload', RA, NONE, NONE, from - SLOT);
    add('spill', NONE, NONE, RA, to - SLOT);
  }
}
