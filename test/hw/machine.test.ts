/**
 * The `machine` command from the outside: what it prints where, with what it exits, what it writes, and
 * what it tells about a guest that gets nowhere.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { Drives } from '../../hw/console/drives.ts';
import { Random } from '../../hw/lab/random.ts';
import { ROUTINES } from './board-rig.ts';
import { MachineRig, program } from './machine-rig.ts';

const rig = new MachineRig();
afterAll(() => rig.remove());

const HELLO = `
        .globl _start
_start: la    a0, text
        call  print
        li    a0, 7
        j     power_off
        ${ROUTINES}
        .data
text:   .asciz "hello\\n"
`;

/** Counts down from a thousand in U mode's reach of nothing: no device, no trap. */
const COUNTDOWN = `
        .globl _start
_start: li    a0, 1000
again:  addi  a0, a0, -1
        bnez  a0, again
        j     power_off
        ${ROUTINES}
`;

function tohost(value: number): Uint8Array {
  const source = `
        .globl _start, tohost, fromhost
_start: la    t0, tohost
        li    t1, ${value}
1:      sw    t1, 0(t0)
        sw    zero, 4(t0)
        j     1b
        .data
        .align 3
tohost: .dword 0
fromhost: .dword 0
`;
  return program(source, ['tohost', 'fromhost']);
}

it('is the serial line on standard output, and the guest decides the exit status', () => {
  rig.write('hello.elf', program(HELLO));
  expect(rig.run(['hello.elf'])).toEqual({ status: 7, out: 'hello\n', err: '' });
});

it('is the serial line on standard input, from a pipe or a file', () => {
  const source = `
        .globl _start
_start: li    s0, 0x10000000
        li    s1, 113
1:      lbu   t0, 5(s0)
        andi  t0, t0, 1
        beqz  t0, 1b
        lbu   t0, 0(s0)
        beq   t0, s1, 2f
        addi  t0, t0, 1
        sb    t0, 0(s0)
        j     1b
2:      li    a0, 0
        j     power_off
        ${ROUTINES}`;
  rig.write('next.elf', program(source));
  expect(rig.run(['next.elf'], 'GNRR`LDQq')).toEqual({ status: 0, out: 'HOSSaMER', err: '' });
});

it.each([
  [1, { status: 0, out: '', err: '' }],
  [11, { status: 1, out: '', err: 'machine: test 5 failed\n' }],
])('ends by the test convention: tohost = %i', (value, ended) => {
  rig.write('test.elf', tohost(value));
  expect(rig.run(['test.elf'])).toEqual(ended);
});

it('writes the signature one word a line', () => {
  const source = `
        .globl _start, tohost, begin_signature, end_signature
_start: la    t0, begin_signature
        li    t1, 0xdeadbeef
        sw    t1, 4(t0)
        la    t0, tohost
        li    t1, 1
        sw    t1, 0(t0)
1:      j     1b
        .data
        .align 3
tohost: .dword 0
begin_signature:
        .word 0x00000001, 0, 0xcafe
end_signature:
        .word 99`;
  rig.write('sign.elf', program(source, ['tohost', 'begin_signature', 'end_signature']));
  expect(rig.run(['--signature', 'sign.out', 'sign.elf']).status).toBe(0);
  expect(readFileSync(rig.path('sign.out'), 'utf8')).toBe('00000001\ndeadbeef\n0000cafe\n');
});

it('stops at exactly the instruction that was asked for, and at the first boundary after the cycle', () => {
  rig.write('down.elf', program(COUNTDOWN));
  for (const limit of [1, 17, 1001]) {
    const { status, err } = rig.run(['--max-instructions', String(limit), '--json', 'down.elf']);
    expect(status).toBe(124);
    expect(err).toMatch(/^machine: stopped at --max-instructions\nmachine: pc 0x[0-9a-f]{8}/);
    expect(report(err)).toMatchObject({ end: 'limit', exitCode: 124, instructions: limit });
  }
  const { cycles } = report(rig.run(['--max-cycles', '500', '--json', 'down.elf']).err);
  expect(cycles).toBeGreaterThanOrEqual(500);
  expect(cycles).toBeLessThan(540);
});

it('tells the same figures of the guest in every run, traced or not', () => {
  rig.write('down.elf', program(COUNTDOWN));
  const first = report(rig.run(['--json', 'down.elf']).err);
  const second = report(rig.run(['--json', 'down.elf']).err);
  const traced = report(rig.run(['--json', '--trace', 'trace.txt', 'down.elf']).err);
  const ofGuest = ({ instructions, cycles, causes }: Report) => ({ instructions, cycles, causes });
  expect(ofGuest(second)).toEqual(ofGuest(first));
  expect(ofGuest(traced)).toEqual(ofGuest(first));
  const sum = Object.values(first.causes).reduce((total, cause) => total + cause.cycles, 0);
  expect(sum).toBe(first.cycles);
});

it('traces every instruction with its cycle, mode and text', () => {
  rig.write('down.elf', program(COUNTDOWN));
  rig.run(['--trace', 'trace.txt', 'down.elf']);
  const lines = readFileSync(rig.path('trace.txt'), 'utf8').split('\n');
  expect(lines[0]).toMatch(/^ +0 {2}M {4}00001000 {2}00000297 {2}auipc +t0/);
  expect(lines.filter(line => /addi +a0,a0,-1$/.test(line))).toHaveLength(1000);
  expect(lines.filter(line => /bnez +a0,0x8[0-9a-f]+ <again>$/.test(line))).toHaveLength(1000);
});

it('names the trap that a guest took, and ends a guest that only jumps to itself', () => {
  const source = `
        .globl _start
_start: la    t0, handler
        csrw  mtvec, t0
fault:  lw    t1, 0(zero)
        .align 2
handler:
        j     handler`;
  rig.write('hung.elf', program(source));
  const { status, out, err } = rig.run(['hung.elf']);
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err.split('\n')).toEqual([
    'machine: the guest jumps to itself with interrupts off',
    expect.stringMatching(/^machine: pc 0x[0-9a-f]{8} \(handler\), machine mode, cycle \d+$/),
    expect.stringMatching(
      /^machine: last trap .*: load access fault at 0x.* \(fault\), value 0x00000000, from/,
    ),
    '',
  ]);
});

it('ends a guest that sleeps while nothing is left to wake it', () => {
  rig.write('sleep.elf', program('.globl _start\n_start: wfi\n j _start'));
  const { status, err } = rig.run(['sleep.elf']);
  expect(status).toBe(1);
  expect(err).toMatch(/^machine: the guest sleeps and nothing is left/);
  expect(err).toContain('asleep in wfi');
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a guest in a tight loop with status %i and says where it was', async (signal, code) => {
  const source = `
        .globl _start
_start: la    t0, trap
        csrw  mtvec, t0
        ecall
        .align 2
trap:   li    t0, 0x10000000
        li    t1, 46
        sb    t1, 0(t0)
busy:   addi  a0, a0, 1
        j     busy`;
  rig.write('busy.elf', program(source));
  const child = spawn(process.execPath, rig.words(['busy.elf']), { cwd: rig.folder });
  let err = '';
  child.stderr.on('data', text => {
    err += text;
  });
  child.stdout.once('data', () => child.kill(signal));
  const status = await new Promise(resolve => child.once('exit', resolve));
  expect(status).toBe(code);
  const [why, where, trap] = err.split('\n');
  expect(why).toBe(`machine: ended by ${signal}`);
  expect(where).toMatch(/^machine: pc 0x[0-9a-f]{8} \(busy.*\), machine mode, cycle \d+$/);
  expect(trap).toMatch(/^machine: last trap at cycle \d+: environment call from machine mode at 0x8/);
});

it('holds no more memory than the guest has touched, 60 MB, and 4 MB for its board', () => {
  rig.write('hello.elf', program(HELLO));
  const { memory } = report(rig.run(['--ram', '512M', '--json', 'hello.elf']).err);
  expect(memory).toBeLessThan(66_000_000);
});

it('leaves an overlaid drive alone, and has everything in a written one at the end', () => {
  for (const mode of ['overlay', 'write'] as const) {
    rig.write('disk.img', new Uint8Array(8192));
    const drives = new Drives([{ file: rig.path('disk.img'), mode }], new Random(1));
    drives.descriptions[0]!.medium.write(3, new Uint8Array(512).fill(0xaa));
    drives.close();
    expect(readFileSync(rig.path('disk.img'))[3 * 512]).toBe(mode === 'write' ? 0xaa : 0);
  }
});

it('explains itself', () => {
  const { status, out, err } = rig.run(['--help']);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  for (const option of ['bios', 'kernel', 'drive', 'net', 'gdb', 'signature', 'max-cycles'])
    expect(out).toContain(`--${option}`);
});

interface Report {
  readonly instructions: number;
  readonly cycles: number;
  readonly memory: number;
  readonly causes: Readonly<Record<string, { readonly count: number; readonly cycles: number }>>;
}

/** The line of JSON at the end of standard error. */
function report(err: string): Report {
  return JSON.parse(err.trimEnd().split('\n').at(-1)!) as Report;
}
