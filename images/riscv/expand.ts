/**
 * The machine intrinsics' instructions (the table of them is intrinsics.ts).
 */
import { GP, SP, TP, ZERO } from './calling-convention.ts';
import { Line } from './line.ts';
import { type MachineInstruction, NONE } from './machine.ts';

const ATOMICS: ReadonlySet<string> = new Set([
  'amoswap',
  'amoadd',
  'amoxor',
  'amoand',
  'amoor',
  'amomin',
  'amomax',
  'amominu',
  'amomaxu',
]);
const VOLATILE: Readonly<Record<string, string>> = {
  load8: 'lbu',
  load16: 'lhu',
  load32: 'lw',
  store8: 'sb',
  store16: 'sh',
  store32: 'sw',
};
const CSR: Readonly<Record<string, string>> = {
  csr_read: 'csrrs',
  csr_write: 'csrrw',
  csr_swap: 'csrrw',
  csr_set: 'csrrs',
  csr_clear: 'csrrc',
  csr_read_set: 'csrrs',
  csr_read_clear: 'csrrc',
};

export function expandIntrinsic(instruction: MachineInstruction): Line[] {
  const { symbol: name = '', immediate, origin } = instruction;
  const [d, a, b] = [instruction.d, instruction.a, instruction.b].map(r => (r === NONE ? ZERO : r)) as [
    number,
    number,
    number,
  ];
  const line = (op: string, rd: number, rs1: number, rs2: number, value = 0) =>
    new Line(op, rd, rs1, rs2, value, origin);
  const csr = CSR[name];
  if (csr !== undefined) return [line(csr, d, a, ZERO, immediate)];
  const volatile = VOLATILE[name];
  if (volatile !== undefined) return [line(volatile, d, a, b, immediate)];
  if (ATOMICS.has(name)) return [line(`${name}.w`, d, a, b, ACQUIRE_RELEASE)];
  switch (name) {
    case 'ecall':
    case 'wfi':
      return [line(name, ZERO, ZERO, ZERO)];
    case 'fence':
      return [line('fence', ZERO, ZERO, ZERO, ALL_ORDERED)];
    case 'fence_i':
      return [line('fence.i', ZERO, ZERO, ZERO)];
    case 'sfence_vma':
      return [line('sfence.vma', ZERO, a, b)];
    case 'sfence_vma_all':
      return [line('sfence.vma', ZERO, ZERO, ZERO)];
    case 'compiler_barrier':
    case 'unlikely':
      return [];
    case 'lr':
      return [line('lr.w', d, a, ZERO, ACQUIRE_RELEASE)];
    case 'sc':
      return [line('sc.w', d, a, b, ACQUIRE_RELEASE)];
    case 'sp':
      return [line('addi', d, SP, ZERO)];
    case 'set_sp':
      return [line('addi', SP, a, ZERO)];
    case 'tp':
      return [line('addi', d, TP, ZERO)];
    case 'set_tp':
      return [line('addi', TP, a, ZERO)];
    case 'gp':
      return [line('addi', d, GP, ZERO)];
    case 'switch_context':
      return switchContext(line, a, b);
    case 'trap':
      return [line('unimp', ZERO, ZERO, ZERO)];
    case 'breakpoint':
      return [line('ebreak', ZERO, ZERO, ZERO)];
    case 'hint':
      return [line('slti', ZERO, ZERO, ZERO, immediate)];
    case 'hint_value':
      return [line('sltiu', ZERO, a, ZERO, immediate)];
    default:
      throw new Error(`the intrinsic ${name} has no expansion`);
  }
}

/** Both order bits of an atomic. */
export const ACQUIRE_RELEASE = 3;
/** Predecessor and successor sets: input, output, reads, writes. */
export const ALL_ORDERED = 0xff;

/** Stores where to go on and sp at `from`, takes both from `to`. No other register survives. */
function switchContext(
  line: (op: string, rd: number, rs1: number, rs2: number, value?: number) => Line,
  from: number,
  to: number,
): Line[] {
  const T0 = from === 5 || to === 5 ? (from === 6 || to === 6 ? 7 : 6) : 5;
  const here = line('auipc', T0, ZERO, ZERO, 0);
  const resume = line('addi', T0, T0, ZERO, 0);
  here.skips = 6;
  resume.wide = true;
  return [
    here,
    resume,
    line('sw', ZERO, from, T0, 0),
    line('sw', ZERO, from, SP, 4),
    line('lw', T0, to, ZERO, 0),
    line('lw', SP, to, ZERO, 4),
    line('jalr', ZERO, T0, ZERO, 0),
  ];
}
