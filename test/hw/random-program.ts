/**
 * Random programs for the CPU, as assembly: every instruction of the table in hw/manual/isa.ts, with
 * whatever traps they cause, in a loop that always ends.
 *
 *     prologue   trap handler, page tables, all registers set, into the wanted privilege
 *     body       random instructions; branches and jumps go forward, loads and stores mostly near `data`
 *     tail       counts down, again into the body
 *     finish     `finish` in machine mode: registers at `result`, behind them a hash of every trap and of `data`
 *
 * s0 and sp point into `data`, s1 counts rounds; nothing else is kept. The handler skips the instruction
 * that trapped; where it cannot know it (a fault of fetch) it goes to the tail.
 */
import { Random } from '../../hw/lab/random.ts';
import { type Instruction, ISA } from '../../hw/manual/isa.ts';

export interface RandomProgramOptions {
  readonly seed: number;
  readonly instructions: number;
  readonly rounds: number;
  readonly privilege: 'machine' | 'supervisor' | 'user';
  /** Instructions left out: what another implementation may answer differently. */
  readonly without?: readonly string[];
  /** Instructions that go nowhere but near `data`, where nothing faults. */
  readonly near?: RegExp;
  /** Assembly at the label `finish`, entered in machine mode. */
  readonly finish: string;
}

const DATA_SIZE = 8192;
/** Would end the program, leave its loop or depend on where it runs. */
const EXCLUDED = ['mret', 'sret', 'wfi', 'jalr', 'c.jr', 'c.jalr', 'c.addi16sp', 'c.jal', 'c.j', 'jal'];
const KEPT = [2, 8, 9];
const WRITABLE = Array.from({ length: 32 }, (_, index) => index).filter(index => !KEPT.includes(index));
const CSRS = ['sscratch', 'stval', 'scause', '0x123'];

export function randomProgram(options: RandomProgramOptions): string {
  const random = new Random(options.seed).stream('program');
  const pool = ISA.filter(each => !EXCLUDED.includes(each.name) && !options.without?.includes(each.name)).map(
    each =>
      options.near?.test(each.name) === true
        ? { ...each, operands: each.operands.replace('(rs1)', '(s0)') }
        : each,
  );
  const body = Array.from({ length: options.instructions }, (_, index) => {
    const statement = randomStatement(random, pool, index, options.instructions);
    return `i${index}: ${statement}`;
  });
  return `${prologue(options)}
round:
${body.join('\n')}
i${options.instructions}:
  addi s1, s1, -1
  beqz s1, leave
  tail round
leave:
  ecall
${HANDLER}
finish:
${DUMP}
${options.finish}
${DATA}`;
}

function randomStatement(random: Random, pool: readonly Instruction[], index: number, count: number): string {
  const label = (distance: number) => `i${Math.min(count, index + 1 + random.below(distance))}`;
  switch (random.below(24)) {
    case 0:
      return `jal x${pick(random, WRITABLE)}, ${label(12)}`;
    case 1: {
      const register = pick(random, WRITABLE.slice(1));
      return `la x${register}, ${label(40)}\n jalr x${pick(random, WRITABLE)}, (x${register})`;
    }
    case 2: // in the space for custom extensions, of which there are none
      return `.half ${(random.below(512) << 7) | 0x0b}, ${random.below(65536)}`;
    case 3:
      return changingItself(random, index);
    case 4:
      return choosing(random, index, label);
    default:
      return randomInstruction(random, pick(random, pool), label);
  }
}

/** Adds one to the immediate of an instruction behind. */
function changingItself(random: Random, index: number): string {
  const [a, b, c] = [pick(random, [5, 6, 7]), pick(random, [10, 11, 12]), pick(random, [13, 14, 15])];
  return `la x${a}, p${index}
  lw x${b}, 0(x${a})
  lui x${c}, 256
  add x${b}, x${b}, x${c}
  sw x${b}, 0(x${a})
  ${random.chance(1, 2) ? 'fence.i' : 'nop\n fence.i'}
  .balign 4
  .option norvc
p${index}: addi x${b}, x${a}, 1
  .option rvc`;
}

/** Jumps by a register to one of four places, as other registers decide. */
function choosing(random: Random, index: number, label: (distance: number) => string): string {
  const [a, b] = [pick(random, [5, 6, 7]), pick(random, [10, 11, 12])];
  const ways = Array.from({ length: 4 }, () => `j ${label(40)}`);
  return `la x${a}, w${index}
  andi x${b}, x${pick(random, WRITABLE)}, 12
  add x${a}, x${a}, x${b}
  jr x${a}
  .balign 4
  .option norvc
w${index}: ${ways.join('\n  ')}
  .option rvc`;
}

function randomInstruction(
  random: Random,
  instruction: Instruction,
  label: (distance: number) => string,
): string {
  const short = instruction.size === 2;
  const writesFirst = /^c\.(srli|srai|andi|sub|xor|or|and)$/.test(instruction.name);
  const nearData = short || random.chance(7, 8);
  const operands = instruction.operands
    .replace('[order] ', '')
    .replace(/\(rs1'?\)/, nearData ? '(s0)' : '(rs1)')
    .replace(/[A-Za-z]\w*'?(≠\d)?/g, token => operand(random, token, { writesFirst, label }));
  return `${instruction.name} ${operands}`;
}

interface OperandContext {
  readonly writesFirst: boolean;
  readonly label: (distance: number) => string;
}

function operand(random: Random, token: string, context: OperandContext): string {
  const [name, condition] = token.split('≠');
  switch (name) {
    case 'rd':
      return `x${pick(random, condition === undefined ? WRITABLE : WRITABLE.slice(1))}`;
    case 'rs1':
    case 'rs2':
    case 'rs2c':
      return `x${random.below(31) + (condition === undefined ? 0 : 1)}`;
    case "rd'":
      return `x${10 + random.below(6)}`;
    case "rs1'":
      return `x${(context.writesFirst ? 10 : 8) + random.below(6)}`;
    case "rs2'":
      return `x${8 + random.below(8)}`;
    case 'immI':
    case 'immS':
      return `${random.below(4096) - 2048}`;
    case 'immB':
      return context.label(30);
    case 'immCB':
      return context.label(12);
    case 'immU':
      return `${random.below(1 << 20)}`;
    case 'shamt':
      return `${random.below(32)}`;
    case 'shamtC':
      return `${1 + random.below(31)}`;
    case 'csr':
      return `${pick(random, CSRS)}`;
    case 'uimm':
      return `${random.below(32)}`;
    case 'pred':
    case 'succ':
      return pick(random, ['r', 'w', 'rw', 'iorw']);
    case 'immCI':
      return `${random.below(64) - 32}`;
    case 'immCIU':
      return `${1 + random.below(31)}`;
    case 'immCIW':
      return `${4 * (1 + random.below(255))}`;
    case 'immCL':
      return `${4 * random.below(32)}`;
    case 'immCLSP':
    case 'immCSSP':
      return `${4 * random.below(64)}`;
    case 'zero':
    case 'sp':
    case 's0':
      return name;
    default:
      throw new Error(`the operand ${token} has no random value`);
  }
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.below(choices.length)] as T;
}

function prologue({ privilege, rounds, seed }: RandomProgramOptions): string {
  const random = new Random(seed).stream('registers');
  const registers = WRITABLE.slice(1).map(index => `li x${index}, ${random.u32()}`);
  const paged = privilege !== 'machine';
  return `
  la t0, handler
  csrw mtvec, t0
  la t0, saved
  csrw mscratch, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  ${paged ? pageTables(privilege === 'user' ? 0x1f : 0x0f, random.below(512)) : ''}
  la t0, start
  csrw mepc, t0
  li t0, 0x1800
  csrc mstatus, t0
  li t0, ${{ machine: 0x1800, supervisor: 0x0800, user: 0 }[privilege]}
  csrs mstatus, t0
  mret
start:
  la s0, data + ${DATA_SIZE / 2}
  mv sp, s0
  li s1, ${rounds}
  ${registers.join('\n')}`;
}

/** The first MiB of RAM at its own address, by pages of 4 KiB. A and D are left to the hardware. */
function pageTables(flags: number, asid: number): string {
  return `
  la t0, root
  la t1, leaves
  srli t2, t1, 12
  slli t2, t2, 10
  ori t2, t2, 1
  li t3, 0x800
  add t3, t3, t0
  sw t2, 0(t3)
  li t2, 0x20000000 | ${flags}
  li t3, 256
fill:
  sw t2, 0(t1)
  addi t1, t1, 4
  addi t2, t2, 0x400
  addi t3, t3, -1
  bnez t3, fill
  srli t0, t0, 12
  li t1, 0x80000000 | ${asid << 22}
  or t0, t0, t1
  csrw satp, t0
  sfence.vma`;
}

const HANDLER = `
  .balign 4
handler:
  csrrw t0, mscratch, t0
  sw t1, 4(t0)
  sw t2, 8(t0)
  csrr t1, mscratch
  sw t1, 0(t0)
  csrw mscratch, t0
  lw t1, 12(t0)
  csrr t2, mcause
  slli t0, t1, 5
  add t1, t1, t0
  add t1, t1, t2
  addi t2, t2, -3
  beqz t2, noValue   # what a breakpoint leaves in mtval differs between implementations
  csrr t2, mtval
  slli t0, t1, 5
  add t1, t1, t0
  add t1, t1, t2
noValue:
  csrr t2, mepc
  slli t0, t1, 5
  add t1, t1, t0
  add t1, t1, t2
  csrr t0, mscratch
  sw t1, 12(t0)
  la t1, leave
  beq t1, t2, left
  lhu t1, 0(t2)
  andi t1, t1, 3
  addi t1, t1, -3
  addi t2, t2, 2
  bnez t1, skip
  addi t2, t2, 2
skip:
  csrw mepc, t2
  lw t1, 4(t0)
  lw t2, 8(t0)
  lw t0, 0(t0)
  mret
left:
  lw t1, 4(t0)
  lw t2, 8(t0)
  lw t0, 0(t0)
  j finish
`;

const DUMP = `
  csrw mscratch, x31
  la x31, result
${Array.from({ length: 30 }, (_, index) => `  sw x${index + 1}, ${4 * (index + 1)}(x31)`).join('\n')}
  csrr x1, mscratch
  sw x1, 124(x31)
  la x1, saved
  lw x1, 12(x1)
  sw x1, 128(x31)
  la x1, data
  li x2, ${DATA_SIZE / 4}
  li x3, 0
hash:
  lw x4, 0(x1)
  slli x5, x3, 5
  add x3, x3, x5
  add x3, x3, x4
  addi x1, x1, 4
  addi x2, x2, -1
  bnez x2, hash
  sw x3, 132(x31)
`;

const DATA = `
  .balign 4096
root: .zero 4096
leaves: .zero 4096
data: .zero ${DATA_SIZE}
result: .zero 256
saved: .zero 64
`;
