/**
 * The firmware with a client of a few lines of assembly in S mode, on our board and, where it is present, on
 * QEMU. The client prints on the UART itself and ends by the power device.
 *
 *     show       prints a0 and a1 in hexadecimal and a new line
 *     end        powers off with status 0
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Board } from '../../hw/board.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';
import { buildFirmware } from '../../images/boot/firmware.ts';

export const CLIENT_BASE = 0x8040_0000;
const SECOND = 1_000_000_000;

const ROUTINES = `
show:   li    t0, 0x10000000
        li    t3, 2
1:      li    t1, 28
2:      srl   t2, a0, t1
        andi  t2, t2, 15
        addi  t2, t2, 48
        li    t4, 58
        blt   t2, t4, 3f
        addi  t2, t2, 39
3:      lbu   t4, 5(t0)
        andi  t4, t4, 0x20
        beqz  t4, 3b
        sb    t2, 0(t0)
        addi  t1, t1, -4
        bgez  t1, 2b
        mv    a0, a1
        addi  t3, t3, -1
        li    t2, 32
        bnez  t3, 4f
        li    t2, 10
4:      lbu   t4, 5(t0)
        andi  t4, t4, 0x20
        beqz  t4, 4b
        sb    t2, 0(t0)
        bnez  t3, 1b
        ret
end:    li    t0, 0x100000
        li    t1, 0x5555
        sw    t1, 0(t0)
1:      j     1b
`;

/** An SBI call of these registers: extension, function, a0, a1, … */
export function sbi(extension: number, call: number, ...values: number[]): string {
  const loads = values.map((value, index) => `li a${index}, ${value >>> 0}`);
  return [...loads, `li a6, ${call >>> 0}`, `li a7, ${extension}`, 'ecall'].join('\n');
}

export interface ClientRun {
  readonly output: string;
  /** The exit status of the power device; undefined where it did not end in a second. */
  readonly status: number | undefined;
  readonly board: Board;
}

export async function runOnBoard(
  source: string,
  input = '',
  prepare: (board: Board) => void = () => {},
): Promise<ClientRun> {
  const { elf } = await buildFirmware();
  const board = new Board(
    {
      name: 'test',
      seed: 1,
      ramSize: 0x100_0000,
      serialLine: 'fast',
      images: { firmware: elf, kernel: client(source) },
    },
    await loadCore(),
  );
  let output = '';
  board.onSerial(byte => {
    output += String.fromCharCode(byte);
  });
  board.powerOn();
  prepare(board);
  board.uart.receive(new TextEncoder().encode(input));
  board.runUntil(SECOND);
  const off = board.poweredOff;
  return { output, status: off?.by === 'guest' ? off.status : undefined, board };
}

export const QEMU = 'qemu-system-riscv32';
export const hasQemu = spawnSync(QEMU, ['--version']).status === 0;

export async function runOnQemu(source: string, cpu: string): Promise<string> {
  const { elf } = await buildFirmware();
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-'));
  try {
    writeFileSync(join(folder, 'firmware.elf'), elf);
    writeFileSync(join(folder, 'client.bin'), client(source));
    const options = '-M virt -m 16M -nographic -monitor none -bios firmware.elf -kernel client.bin -cpu';
    return execFileSync(QEMU, [...options.split(' '), cpu], {
      cwd: folder,
      encoding: 'latin1',
      input: '',
      timeout: 20_000,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The output's lines as pairs of words. */
export function pairs(output: string): readonly (readonly number[])[] {
  const lines = output.trimEnd().split('\n');
  return lines.map(line => line.split(' ').map(word => Number.parseInt(word, 16) | 0));
}

function client(source: string): Uint8Array {
  return assembleFlat(`${source}\n${ROUTINES}`, { origin: CLIENT_BASE }).bytes;
}
