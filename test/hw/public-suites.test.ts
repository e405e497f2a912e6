/**
 * Other people's proof, where it is: the public RISC-V suites, OpenSBI and Linux, run from files beside the
 * project that the environment names. Nothing of theirs is here; without them these tests are skipped.
 *
 *     RISCV_TESTS=FOLDER   riscv-tests built: rv32ui-p-add, rv32si-p-wfi …
 *     ARCH_TESTS=FOLDER    riscv-arch-test built for HTIF: elf/SUITE/NAME.elf, ref/SUITE/NAME.sig
 *     OPENSBI=FILE         fw_jump.elf of the generic platform, rv32, jumping to 0x80400000
 *     LINUX=FOLDER         Image and initrd.cpio.gz, with a shell on ttyS0 and drivers for virtio-mmio
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { Board, type BoardDescription } from '../../hw/board.ts';
import { Htif } from '../../hw/console/htif.ts';
import { signatureText } from '../../hw/console/signature.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { EchoPeer } from '../../hw/lab/echo-peer.ts';
import { Medium } from '../../hw/lab/medium.ts';
import { Random } from '../../hw/lab/random.ts';
import { SymbolTable } from '../../hw/lab/symbols.ts';

const RISCV_TESTS = process.env['RISCV_TESTS'] ?? '';
const ARCH_TESTS = process.env['ARCH_TESTS'] ?? '';
const OPENSBI = process.env['OPENSBI'] ?? '';
const LINUX = process.env['LINUX'] ?? '';

/** Suites that want the A and D bits set by software; the others do not care or want hardware to. */
const FAULTING_SUITES = ['vm_sv32'];
/** Misaligned accesses to RAM work on this machine, which excludes the signatures of one on which they trap. */
const FOREIGN_SUITES = ['privilege-trap'];
const SLICE_NS = 40_960;
const SLICES_MAX = 3000;

interface Outcome {
  readonly value: number | undefined;
  readonly signature: string | undefined;
}

/** Runs a bare ELF to the end that it tells through `tohost`. */
async function outcomeOf(path: string, adBits: 'hardware' | 'fault'): Promise<Outcome> {
  const images = { firmware: readFileSync(path) };
  const board = new Board({ name: basename(path), seed: 1, images, adBits }, await loadCore());
  const symbols = new SymbolTable(board.plan.symbols);
  const htif = Htif.find(board.ram, symbols, () => {});
  board.powerOn();
  let value: number | undefined;
  for (let slice = 0; slice < SLICES_MAX && value === undefined; slice += 1) {
    board.runUntil(board.now + SLICE_NS);
    value = htif?.look();
  }
  return { value, signature: signatureText(board.ram, symbols)?.trim() };
}

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

describe.skipIf(RISCV_TESTS === '')('riscv-tests', () => {
  it.each(foldersIn(RISCV_TESTS).filter(name => /^rv32[a-z]+-[pv]-[-a-z0-9_]+$/.test(name)))(
    '%s passes',
    async name => {
      expect((await outcomeOf(join(RISCV_TESTS, name), 'hardware')).value).toBe(1);
    },
  );
});

describe.skipIf(ARCH_TESTS === '')('riscv-arch-test', () => {
  const suites = foldersIn(join(ARCH_TESTS, 'elf')).filter(suite => !FOREIGN_SUITES.includes(suite));
  it.each(suites)('%s leaves the reference signatures', async suite => {
    const adBits = FAULTING_SUITES.includes(suite) ? 'fault' : 'hardware';
    for (const name of foldersIn(join(ARCH_TESTS, 'elf', suite)).filter(file => file.endsWith('.elf'))) {
      const reference = join(ARCH_TESTS, 'ref', suite, name.replace(/\.elf$/, '.sig'));
      const { signature } = await outcomeOf(join(ARCH_TESTS, 'elf', suite, name), adBits);
      expect({ name, signature }).toEqual({ name, signature: readFileSync(reference, 'utf8').trim() });
    }
  });
});

/** A person at the serial line, who waits for at most so many simulated seconds. */
async function sitDown(description: Omit<BoardDescription, 'name' | 'seed'>) {
  const whole = { name: 'public', seed: 1, serialLine: 'fast' as const, ramSize: 0x800_0000, ...description };
  const board = new Board(whole, await loadCore());
  let text = '';
  board.onSerial(byte => {
    text += String.fromCharCode(byte);
  });
  const expectText = (wanted: string, seconds: number) => {
    for (const end = board.now + seconds * 1e9; board.now < end && !text.includes(wanted); ) {
      board.runUntil(board.now + 1_000_000);
    }
    expect(text).toContain(wanted);
    text = '';
  };
  for (const nic of board.nics) nic.attach(new EchoPeer(nic, [10, 0, 2, 2]));
  board.powerOn();
  return { board, expectText, type: (line: string) => board.uart.receive(new TextEncoder().encode(line)) };
}

test.skipIf(OPENSBI === '')('OpenSBI finds every device of its platform', async () => {
  const { expectText } = await sitDown({ images: { firmware: readFileSync(OPENSBI) } });
  expectText('Domain0 Next Mode', 2);
});

test.skipIf(OPENSBI === '' || LINUX === '')(
  'Linux boots to a shell, with disk and network at work',
  async () => {
    const [kernel, initrd] = ['Image', 'initrd.cpio.gz'].map(name => readFileSync(join(LINUX, name)));
    const medium = new Medium({ random: new Random(1).stream('medium'), size: 0x100_0000 });
    const { board, expectText, type } = await sitDown({
      images: { firmware: readFileSync(OPENSBI), kernel, initrd },
      commandLine: 'console=ttyS0',
      drives: [{ medium, serial: 'proof' }],
      nics: [{}],
    });
    expectText('# ', 20);
    type('mke2fs -q /dev/vda && mount -t ext2 /dev/vda /mnt && echo $((6*7)) >/mnt/f && sync; cat /mnt/f\n');
    expectText('\n42', 10);
    type('ifconfig eth0 10.0.2.15 && ping -c 1 10.0.2.2\n');
    expectText('1 packets received', 10);
    type('poweroff -f\n');
    for (let slice = 0; slice < 1000 && board.power === 'on'; slice += 1)
      board.runUntil(board.now + 10_000_000);
    expect(board.poweredOff).toEqual({ by: 'guest', status: 0 });
  },
);
