/**
 * The firmware as its client in S mode sees it: each extension's answers and refusals, what is protected,
 * and where traps go. The same client gets the same answers under QEMU, with Sstc and without.
 */
import { expect, it } from 'vitest';
import { hasQemu, pairs, runOnBoard, runOnQemu, sbi } from './firmware-rig.ts';

const BASE = 0x10;
const TIME = 0x5449_4d45;
const IPI = 0x73_5049;
const RFENCE = 0x5246_4e43;
const HSM = 0x48_534d;
const SRST = 0x5352_5354;
const DBCN = 0x4442_434e;
const NOT_SUPPORTED = -2;
const INVALID_PARAM = -3;

/** The client makes these calls, shows what each answers, and powers off. */
async function answers(...calls: string[]): Promise<readonly (readonly number[])[]> {
  const { output, status } = await runOnBoard(`${calls.map(call => `${call}\ncall show`).join('\n')}\nj end`);
  expect(status).toBe(0);
  return pairs(output);
}

it('says which version of the SBI it serves, and which extensions', async () => {
  const present = [BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN, 1, 2];
  const probes = [...present, 3, 0x504d55].map(extension => sbi(BASE, 3, extension));
  const [version, implementation, ...found] = await answers(sbi(BASE, 0), sbi(BASE, 1), ...probes);
  expect(version).toEqual([0, 0x200_0000]);
  expect(implementation).toEqual([0, 0x4773]);
  expect(found).toEqual([...present.map(() => [0, 1]), [0, 0], [0, 0]]);
});

it('refuses extensions and functions that are not there', async () => {
  const extensions = [BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN];
  const calls = [sbi(0x1234_5678, 0), ...extensions.map(extension => sbi(extension, 99))];
  expect(await answers(...calls)).toEqual(calls.map(() => [NOT_SUPPORTED, 0]));
});

it('names no hart but hart 0', async () => {
  const fence = (mask: number, base: number) => sbi(RFENCE, 1, mask, base, 0, 0);
  const calls = [sbi(IPI, 0, 2, 0), sbi(IPI, 0, 1, 1), fence(3, 0), fence(1, 5), fence(1, 0), fence(0, -1)];
  const wrong = [INVALID_PARAM, 0];
  expect(await answers(...calls)).toEqual([wrong, wrong, wrong, wrong, [0, 0], [0, 0]]);
  expect(await answers(sbi(RFENCE, 0, 1, 0), sbi(RFENCE, 2, 1, 0, 0x1000, 0x2000, 1))).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

it('knows that its one hart runs and cannot be started, stopped or suspended in unknown ways', async () => {
  const calls = [
    sbi(HSM, 0, 0, 0x8040_0000, 0),
    sbi(HSM, 0, 1, 0x8040_0000, 0),
    sbi(HSM, 1),
    sbi(HSM, 2, 0),
    sbi(HSM, 2, 1),
    sbi(HSM, 3, 1),
    sbi(HSM, 3, 0x1000_0000),
    sbi(HSM, 3, 0x8000_0000, 0x8000_0000, 0),
  ];
  const errors = (await answers(...calls)).map(([error]) => error);
  expect(errors).toEqual([-6, INVALID_PARAM, -1, 0, INVALID_PARAM, INVALID_PARAM, NOT_SUPPORTED, -5]);
});

it('writes memory to the console, and refuses what is not open RAM', async () => {
  const { output } = await runOnBoard(`
        li a0, 5
        la a1, text
        li a2, 0
        li a6, 0
        li a7, ${DBCN}
        ecall
        call show
        ${sbi(DBCN, 0, 4, 0x8000_0000, 0)}
        call show
        ${sbi(DBCN, 0, 4, 0x1000_0000, 0)}
        call show
        ${sbi(DBCN, 0, 0x7fff_ffff, 0x8040_0000, 0)}
        call show
        ${sbi(DBCN, 0, 1, 0x8040_0000, 1)}
        call show
        ${sbi(DBCN, 2, 0x21)}
        ${sbi(1, 0, 0x3f)}
        j end
text:   .ascii "hello"
        .balign 4`);
  const refused = 'fffffffd 00000000\n';
  expect(output).toBe(`hello00000000 00000005\n${refused.repeat(4)}!?`);
});

it('reads what was typed, and says where nothing was', async () => {
  const { output } = await runOnBoard(
    `
        li    t0, 0x10000000
        li    t1, 1
        sb    t1, 2(t0)            # FIFOs on
        li    s0, 200000           # until the characters have come over the line
1:      addi  s0, s0, -1
        bnez  s0, 1b
        li    a1, 0
        ${sbi(2, 0)}
        call  show
        ${sbi(DBCN, 1, 8, 0x8060_0000, 0)}
        call  show
        li    t0, 0x80600000
        lhu   s0, 0(t0)
        li    a7, 2
        ecall
        mv    a1, s0
        call  show
        j     end`,
    '.xyz', // the first is lost when the FIFOs go on
  );
  expect(pairs(output)).toEqual([
    [0x78, 0],
    [0, 2],
    [-1, 0x7a79],
  ]);
});

it('powers off, off with a failure, and refuses reserved kinds and reasons', async () => {
  expect((await runOnBoard(sbi(SRST, 0, 0, 0))).status).toBe(0);
  expect((await runOnBoard(sbi(SRST, 0, 0, 1))).status).toBe(1);
  const calls = [sbi(SRST, 0, 3, 0), sbi(SRST, 0, 0xf000_0000, 0), sbi(SRST, 0, 0, 2), sbi(SRST, 0, 0, -1)];
  const errors = (await answers(...calls)).map(([error]) => error);
  expect(errors).toEqual([INVALID_PARAM, NOT_SUPPORTED, INVALID_PARAM, NOT_SUPPORTED]);
});

it('starts the machine afresh on a reboot', async () => {
  const { output } = await runOnBoard(`
        li    t0, 0x80600000       # a word that survives the reset
        lw    s0, 0(t0)
        addi  s0, s0, 1
        sw    s0, 0(t0)
        mv    a0, s0
        li    a1, 0
        call  show
        li    t2, 2
        beq   s0, t2, end
        ${sbi(SRST, 0, 1, 0)}`);
  expect(output).toBe('00000001 00000000\n00000002 00000000\n');
});

const TIMER_CLIENT = `
        la    t0, handler
        csrw  stvec, t0
        li    t0, 0x20
        csrw  sie, t0
        csrr  s0, time
        addi  s0, s0, 1000
        mv    a0, s0
        li    a1, 0
        li    a6, 0
        li    a7, ${TIME}
        ecall
        csrsi sstatus, 2
1:      wfi
        j     1b
        .balign 4
handler:
        csrr  t0, time
        sltu  a1, t0, s0           # whether it came too early
        csrr  a0, scause
        call  show
        ${sbi(TIME, 0, -1, -1)}
        csrr  a0, sip
        andi  a0, a0, 0x20
        li    a1, 0
        call  show
        j     end`;

it('raises the supervisor timer interrupt no earlier than asked, and takes it back', async () => {
  const { output } = await runOnBoard(TIMER_CLIENT);
  expect(output).toBe('80000005 00000000\n00000000 00000000\n');
});

it('sends itself a software interrupt, and wakes from a suspension where it was told to', async () => {
  const { output } = await runOnBoard(`
        ${sbi(IPI, 0, 1, 0)}
        csrr  a0, sip
        li    a1, 0
        call  show
        li    t0, 2
        csrw  sie, t0
        li    a0, 0x80000000
        la    a1, resumed
        li    a2, 0x1234
        li    a6, 3
        li    a7, ${HSM}
        ecall
        j     end
        .balign 4
resumed:
        call  show
        j     end`);
  expect(output).toBe('00000002 00000000\n00000000 00001234\n');
});

it('keeps its memory and the timer from S mode, which gets its own access faults', async () => {
  const { output } = await runOnBoard(`
        la    t0, handler
        csrw  stvec, t0
        li    s1, 0x80000000
        lw    t0, 0(s1)
        sw    t0, 4(s1)
        li    s1, 0x0200bff8
        lw    t0, 0(s1)
        j     end
        .balign 4
handler:
        csrr  a0, scause
        csrr  a1, stval
        csrr  s2, sepc
        addi  s2, s2, 4
        csrw  sepc, s2
        call  show
        sret`);
  expect(output).toBe('00000005 80000000\n00000007 80000004\n00000005 0200bff8\n');
});

it('notes its memory in the devicetree, which stays a devicetree', async () => {
  const { board } = await runOnBoard(`
        li    t0, 0x80600000
        sw    a1, 0(t0)
        j     end`);
  const word = (at: number) => new DataView(board.ram.read(at, 4)!.slice().buffer).getUint32(0);
  const tree = new DataView(board.ram.read(0x8060_0000, 4)!.slice().buffer).getUint32(0, true);
  expect(word(tree)).toBe(0xd00d_feed);
  const map = tree + word(tree + 16);
  expect([0, 4, 8, 12, 16, 20, 24, 28].map(at => word(map + at))).toEqual([
    0, 0x8000_0000, 0, 0x2_0000, 0, 0, 0, 0,
  ]);
  expect(word(tree + word(tree + 8))).toBe(1);
});

it('reports a trap of its own with its place, and powers off with a failure', async () => {
  const { output, status, board } = await runOnBoard(sbi(BASE, 0), '', started => {
    const broken = started.plan.symbols.find(symbol => symbol.name === 'firmware.trap')!;
    started.ram.write(broken.address, new Uint8Array(2));
  });
  const place = board.plan.symbols.find(symbol => symbol.name === 'firmware.trap')!.address;
  const pc = `0x${place.toString(16)}`;
  expect(output).toBe(`\r\nfirmware: trap in machine mode: cause 0x00000002, pc ${pc}, value 0x00000000\r\n`);
  expect(status).toBe(1);
});

it('leaves S mode its own exceptions', async () => {
  const { output } = await runOnBoard(`
        la    t0, handler
        csrw  stvec, t0
        ebreak
        .balign 4
handler:
        csrr  a0, scause
        li    a1, 0
        call  show
        j     end`);
  expect(output).toBe('00000003 00000000\n');
});

it.skipIf(!hasQemu)('serves the same timer under QEMU, with stimecmp and with the CLINT', async () => {
  const expected = '80000005 00000000\n00000000 00000000\n';
  expect(await runOnQemu(TIMER_CLIENT, 'rv32,h=false,sstc=true')).toBe(expected);
  expect(await runOnQemu(TIMER_CLIENT, 'rv32,h=false,sstc=false')).toBe(expected);
});
