/**
 * What a person can get wrong at the command line: each time one line that says what and how to mend it,
 * exit status 2, and nothing written.
 */
import { chmodSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MachineRig, program } from './machine-rig.ts';

const rig = new MachineRig();
const HELLO = program('.globl _start\n_start: j _start');

beforeAll(() => {
  rig.write('good.elf', HELLO);
  rig.write('cut.elf', HELLO.subarray(0, HELLO.length / 2));
  rig.write('short.elf', HELLO.subarray(0, 40));
  rig.write('empty.elf', '');
  rig.write('text.txt', 'to whom it may concern');
  rig.write('wide.elf', patched(4, 2));
  rig.write('arm.elf', patched(18, 40));
  rig.write('low.elf', moved(0x0800_0000));
  rig.write('large.bin', new Uint8Array(0x90_0000).fill(1));
  rig.write('empty.img', '');
  rig.write('locked.img', new Uint8Array(4096));
  chmodSync(rig.path('locked.img'), 0o444);
});

afterAll(() => rig.remove());

/** Words, and what the line must say. */
const CASES: readonly [string, RegExp][] = [
  ['', /nothing to run: give an ELF/],
  ['--krenel x', /no option --krenel: did you mean --kernel\?/],
  ['--frobnicate good.elf', /no option --frobnicate: --help lists them/],
  ['--ram', /--ram lacks its value: write --ram SIZE/],
  ['--ram lots good.elf', /--ram lots is not a size: write for example 128M/],
  ['--ram 5 good.elf', /5 bytes of RAM are not possible: give a multiple/],
  ['--ram 4G good.elf', /are not possible: give .* to 1 GiB/],
  ['--clock 1 good.elf', /clock of 1 Hz is not possible/],
  ['--clock fast good.elf', /--clock fast is not a frequency/],
  ['--cache 5K good.elf', /cache/],
  ['--max-cycles many good.elf', /--max-cycles many is not a whole number/],
  ['--seed -1 good.elf', /--seed -1 is not a whole number/],
  ['--stats=yes good.elf', /--stats takes no value/],
  ['--ad sometimes good.elf', /--ad sometimes is not known: give hardware or fault/],
  ['--bios a --bios b', /--bios is given twice/],
  ['good.elf good.elf', /is one file too many/],
  ['--bios good.elf good.elf', /are firmware: give one of them/],
  ['--gdb 99999 good.elf', /'99999' is not a TCP port/],
  ['--net ring:3 good.elf', /--net ring:3 is not known: give none, echo/],
  ['--net echo:1.2.3 good.elf', /not an IPv4 address/],
  ['--net connect:1 good.elf', /nobody answers: start the other side first/],
  ['missing.elf', /missing.elf does not exist: correct its name/],
  ['text.txt', /text.txt is not an ELF file/],
  ['empty.elf', /empty.elf is (empty|not an ELF)/],
  ['cut.elf', /cut.elf: .*cut short/],
  ['short.elf', /short.elf: .*cut short/],
  ['wide.elf', /wide.elf: an ELF64 file.*build it for rv32/],
  ['arm.elf', /arm.elf: .*machine 40.*build it for rv32/],
  ['low.elf', /firmware wants to be at 0x08000000, but RAM begins at 0x80000000/],
  ['--kernel good.elf', /nothing to run|needs firmware/],
  ['--ram 8M --bios large.bin', /firmware \(9 MiB\) does not fit in 8 MiB of RAM: give/],
  ['--ram 8M --bios good.elf --kernel large.bin', /kernel \(9 MiB\) does not fit/],
  ['--ram 8M --initrd large.bin good.elf', /initial RAM disk \(9 MiB\) does not fit/],
  ['--drive missing.img good.elf', /drive missing.img does not exist/],
  ['--drive empty.img good.elf', /drive empty.img is empty/],
  ['--drive . good.elf', /drive . is (not a file|a directory)/],
  ['--drive locked.img good.elf', /locked.img is read-only: .*,overlay or .*,ro/],
  ['--signature out good.elf', /has no symbol begin_signature/],
  ['--trace no/where good.elf', /--trace no\/where .*correct its name/],
];

it.each(CASES)('machine %s: is refused in one line', (words, message) => {
  const before = readdirSync(rig.folder);
  const { status, out, err } = rig.run(words.split(' ').filter(word => word !== ''));
  expect(err).toMatch(message);
  expect(err).toMatch(/^machine: [^\n]*\n$/);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(readdirSync(rig.folder)).toEqual(before);
});

it('refuses a debugger port that is taken', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const { status, err } = rig.run(['--gdb', String(port), 'good.elf']);
  server.close();
  expect(status).toBe(2);
  expect(err).toMatch(/^machine: --gdb \d+: the port is taken: give another, or 0 for any\n$/);
});

/** The good program with one byte of its ELF header changed. */
function patched(at: number, byte: number): Uint8Array {
  const bytes = HELLO.slice();
  bytes[at] = byte;
  return bytes;
}

/** The good program with its first segment loaded somewhere else. */
function moved(address: number): Uint8Array {
  const bytes = HELLO.slice();
  const view = new DataView(bytes.buffer);
  const table = view.getUint32(28, true);
  for (let at = table; view.getUint32(at, true) !== 1; at += 32)
    if (at > bytes.length) throw new Error('no segment');
  const count = view.getUint16(44, true);
  for (let at = table; at < table + count * 32; at += 32)
    if (view.getUint32(at, true) === 1)
      view.setUint32(at + 12, view.getUint32(at + 12, true) - 0x8000_0000 + address, true);
  return bytes;
}
