/**
 * One program touches registers of all devices, in all sizes, also where nothing is, and prints what came
 * back or the cause of the fault: the same on this machine and on QEMU's `virt`. Left out is what the two
 * tell differently by right: vendors, features, sizes, times, and two places where QEMU leaves the PC16550D's
 * data sheet: modem control after reset, and changes of the modem's lines in loopback.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';
import { bootProgram } from './board-rig.ts';

const hasQemu = spawnSync('qemu-system-riscv32', ['--version']).status === 0;

type Touch = readonly [operation: 'lb' | 'lh' | 'lw' | 'sb' | 'sh' | 'sw', address: number, value?: number];
const OPERATIONS = ['lb', 'lh', 'lw', 'sb', 'sh', 'sw'] as const;

const loads = (address: number): Touch[] => [
  ['lb', address],
  ['lh', address],
  ['lw', address],
];
/** Writes the word, reads it back. */
const kept = (address: number, value: number): Touch[] => [
  ['sw', address, value],
  ['lw', address],
];
const words = (base: number, ...offsets: number[]): Touch[] => offsets.map(offset => ['lw', base + offset]);

const TOUCHES: Readonly<Record<string, readonly Touch[]>> = {
  nothing: [0x0, 0x0010_2000, 0x0201_0000, 0x0c60_0000, 0x1000_0008, 0x1000_9000, 0x0060_0000].flatMap(
    address => [...loads(address), ['sb', address, 1] as const, ['sw', address, 1] as const],
  ),
  power: [
    ['lb', 0x10_0000],
    ['lh', 0x10_0000],
    ['lw', 0x10_0000],
    ['sb', 0x10_0000, 1],
    ['sw', 0x10_0000, 0x1234],
  ],
  rtc: [
    ...loads(0x10_1010),
    ...kept(0x10_1010, 3),
    ...kept(0x10_1010, 0),
    ...words(0x10_1000, 0x08, 0x0c, 0x14, 0x18, 0x1c),
    ...kept(0x10_100c, 0x7fff_ffff),
    ...kept(0x10_1008, 5),
    ...words(0x10_1000, 0x0c, 0x18),
    ['sw', 0x10_1014, 1],
    ...words(0x10_1000, 0x18, 0x20, 0x24),
    ['sw', 0x10_1024, 1],
    ['sh', 0x10_1010, 1],
  ],
  clint: [
    ...loads(0x200_0000),
    ...kept(0x200_0000, 0xffff_fffe),
    ...kept(0x200_0000, 0xffff_ffff),
    ...kept(0x200_0000, 0),
    ...kept(0x200_4000, 0x1234_5678),
    ...kept(0x200_4004, 0x7654_3210),
    ['lh', 0x200_4000],
    ['sb', 0x200_0000, 1],
    ['lw', 0x200_0004],
  ],
  plic: [
    ...loads(0xc00_0004),
    ...kept(0xc00_0004, 0xff),
    ...kept(0xc00_0000 + 4 * 95, 5),
    ...kept(0xc00_2000, 0xffff_fffe),
    ...kept(0xc00_2088, 0x8000_0001),
    ...kept(0xc20_0000, 0xfe),
    ...kept(0xc20_1000, 3),
    ...words(0xc00_0000, 0x1000, 0x1008, 0x20_0004, 0x20_1004, 0x2100, 0x30_0000),
    ['sb', 0xc00_0004, 1],
    ['sh', 0xc20_0000, 1],
  ],
  uart: [
    ['sb', 0x1000_0004, 0],
    ...[1, 2, 3, 4, 5, 6, 7].map(offset => ['lb', 0x1000_0000 + offset] as const),
    ['lh', 0x1000_0006],
    ['lw', 0x1000_0004],
    ['sb', 0x1000_0003, 0x83],
    ['sb', 0x1000_0001, 0x12],
    ['lb', 0x1000_0001],
    ['sb', 0x1000_0001, 0],
    ['sb', 0x1000_0003, 0x03],
    ['sb', 0x1000_0001, 0xff],
    ['lb', 0x1000_0001],
    ['sb', 0x1000_0001, 0],
    ['sb', 0x1000_0002, 0x01],
    ['lb', 0x1000_0002],
    ['sw', 0x1000_0004, 0x0a],
    ['lw', 0x1000_0004],
    ['sb', 0x1000_0007, 0xa5],
    ['lb', 0x1000_0007],
  ],
  'empty slot': [
    ...words(0x1000_1000, 0x00, 0x04, 0x08, 0x10, 0x34, 0x44, 0x60, 0x70, 0xfc),
    ...kept(0x1000_1070, 1),
  ],
  'entropy in slot 7': [
    ...words(0x1000_8000, 0x00, 0x04, 0x08, 0x44, 0x60, 0x70, 0xfc),
    ['lb', 0x1000_8000],
    ['lh', 0x1000_8070],
    ['lw', 0x1000_8100],
    ['lb', 0x1000_8100],
    ...kept(0x1000_8070, 1),
    ...kept(0x1000_8070, 3),
    ['sb', 0x1000_8070, 0],
    ['lw', 0x1000_8070],
    ['sw', 0x1000_8030, 1],
    ...words(0x1000_8000, 0x34, 0x44),
    ['sw', 0x1000_8024, 0],
    ['sw', 0x1000_8020, 0],
    ['sw', 0x1000_8024, 1],
    ['sw', 0x1000_8020, 1],
    ...kept(0x1000_8070, 11),
    ...kept(0x1000_8070, 0),
  ],
};

/**
 * For each touch (operation, address, value): does it, and keeps what came back or `z`, as a digit above 9,
 * and the cause. At the end, with the UART as it should be, prints eight digits a touch, from `0` upwards.
 */
const PROGRAM = `
        la    t0, trap
        csrw  mtvec, t0
        la    s0, table
next:   lw    s1, 0(s0)
        bltz  s1, done
        lw    s2, 4(s0)
        lw    s3, 8(s0)
        slli  s1, s1, 3
        la    t0, code
        add   t0, t0, s1
        mv    a0, zero
        jr    t0
        .option norvc
code:   lbu   a0, 0(s2)
        j     keep
        lhu   a0, 0(s2)
        j     keep
        lw    a0, 0(s2)
        j     keep
        sb    s3, 0(s2)
        j     keep
        sh    s3, 0(s2)
        j     keep
        sw    s3, 0(s2)
        j     keep
        .balign 4
trap:   la    t0, keep
        csrw  mepc, t0
        li    t0, 0x1800
        csrs  mstatus, t0
        csrr  a0, mcause
        li    t1, 0x7a000000
        or    a0, a0, t1
        mret
keep:   sw    a0, 8(s0)
        addi  s0, s0, 12
        j     next

done:   li    s4, 0x10000000
        sb    zero, 4(s4)
        sb    zero, 1(s4)
        la    s0, table
line:   lw    t0, 0(s0)
        bltz  t0, off
        lw    s1, 8(s0)
        li    s2, 28
digit:  srl   a0, s1, s2
        andi  a0, a0, 15
        addi  a0, a0, 48
        jal   send
        addi  s2, s2, -4
        bgez  s2, digit
        li    a0, 10
        jal   send
        addi  s0, s0, 12
        j     line
send:   lbu   t0, 5(s4)
        andi  t0, t0, 0x40
        beqz  t0, send
        sb    a0, 0(s4)
        ret
off:    lbu   t0, 5(s4)
        andi  t0, t0, 0x40
        beqz  t0, off
        li    t0, 0x100000
        li    t1, 0x5555
        sw    t1, 0(t0)
2:      j     2b
        .balign 4
table:
`;

function programFor(touches: readonly Touch[]): string {
  const rows = touches.map(([operation, address, value = 0]) => {
    return `        .word ${OPERATIONS.indexOf(operation)}, ${address}, ${value}`;
  });
  return `${PROGRAM}${rows.join('\n')}\n        .word -1\n`;
}

function onQemu(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'devices-'));
  const image = join(folder, 'image.bin');
  writeFileSync(image, assembleFlat(source, { origin: RAM_BASE }).bytes);
  const machine = ['-M', 'virt', '-cpu', 'rv32,h=false', '-m', '16M', '-bios', image];
  const devices = [
    '-device',
    'virtio-rng-device,bus=virtio-mmio-bus.7',
    '-global',
    'virtio-mmio.force-legacy=false',
  ];
  const serial = ['-display', 'none', '-monitor', 'none', '-serial', `file:${join(folder, 'serial')}`];
  spawnSync('qemu-system-riscv32', [...machine, ...devices, ...serial], { timeout: 60_000 });
  const output = readFileSync(join(folder, 'serial'), 'latin1');
  rmSync(folder, { recursive: true });
  return output;
}

/** What each touch gave, beside what it was, so that a difference can be read. */
function lines(touches: readonly Touch[], output: string): string[] {
  const results = output.split('\n');
  return touches.map(
    ([operation, address], index) => `${operation} ${address.toString(16)}: ${results[index]}`,
  );
}

describe.skipIf(!hasQemu)('registers are the same as on QEMU', () => {
  it.each(Object.entries(TOUCHES))('%s', async (_, touches) => {
    const source = programFor(touches);
    const { board, output } = await bootProgram(source);
    board.runUntil(100_000_000);
    expect(board.poweredOff).toEqual({ by: 'guest', status: 0 });
    expect(lines(touches, output())).toEqual(lines(touches, onQemu(source)));
  });
});
