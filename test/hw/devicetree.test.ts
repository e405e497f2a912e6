/**
 * The devicetree of a board: well-formed for the device tree compiler, and in agreement with what QEMU's
 * `virt` machine says about the same hardware. Both checks need tools of the host and skip without them.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { devicetree, type TreeFacts } from '../../hw/devicetree.ts';

const FACTS: TreeFacts = {
  ramSize: 0x0400_0000,
  clockHz: 100_000_000,
  cacheSize: 16_384,
  cacheWays: 4,
  tlbEntries: 32,
  commandLine: 'console=ttyS0',
  initrd: { start: 0x8300_0000, end: 0x8300_1234 },
  rngSeed: new Uint8Array(32).fill(7),
};

const hasCompiler = runs('dtc', '--version');
const hasQemu = hasCompiler && runs('qemu-system-riscv32', '--version');

it('is a version 17 block whose header tells its size', () => {
  const block = devicetree(FACTS);
  const view = new DataView(block.buffer);
  expect(view.getUint32(0)).toBe(0xd00dfeed);
  expect(view.getUint32(4)).toBe(block.length);
  expect(view.getUint32(20)).toBe(17);
  expect(view.getUint32(8) % 4).toBe(0);
  expect(view.getUint32(8) + view.getUint32(36)).toBe(view.getUint32(12));
});

it('says nothing of an initial RAM disk or a command line that is not there', () => {
  const text = new TextDecoder('latin1').decode(devicetree({ ...FACTS, initrd: undefined, commandLine: '' }));
  expect(text).not.toContain('initrd');
  expect(text).not.toContain('bootargs');
  expect(text).toContain('stdout-path');
});

it.skipIf(!hasCompiler)('is decompiled by dtc without a warning', () => {
  const result = decompile(devicetree(FACTS));
  expect(result.warnings).toBe('');
  expect(result.properties.get('/chosen bootargs')).toBe('"console=ttyS0"');
  expect(result.properties.get('/chosen linux,initrd-end')).toBe('<0x83001234>');
  expect(result.properties.get('/cpus/cpu@0 riscv,isa')).toBe('"rv32imac_zicsr_zifencei_zba_zbb_sstc"');
});

it.skipIf(!hasQemu)('says of every device of ours what QEMU says of its own', () => {
  const ours = decompile(devicetree({ ...FACTS, initrd: undefined, commandLine: '' })).properties;
  const theirs = decompile(qemuTree()).properties;
  const differ = ['/ model', '/chosen rng-seed', '/cpus/cpu@0 riscv,isa'];
  const surplus = /^\/cpus\/cpu@0 (riscv,isa-|clock-frequency|[id]-cache|[id]-tlb|tlb-split)/;
  const cells = '/cpus/cpu@0/interrupt-controller #address-cells';
  const wrong = [...ours].filter(
    ([key, value]) =>
      theirs.get(key) !== value && !differ.includes(key) && !surplus.test(key) && key !== cells,
  );
  expect(wrong).toEqual([]);
});

it.skipIf(!hasQemu)('leaves out only hardware that this machine does not have', () => {
  const ours = decompile(devicetree({ ...FACTS, initrd: undefined, commandLine: '' })).properties;
  const absent = /^\/(pmu|fw-cfg@|flash@|platform-bus@|soc\/pci@)/;
  const missing = [...decompile(qemuTree()).properties.keys()].filter(
    key => !ours.has(key) && !absent.test(key),
  );
  expect(missing).toEqual([]);
});

function runs(command: string, ...options: string[]): boolean {
  try {
    execFileSync(command, options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function qemuTree(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-'));
  try {
    const file = join(folder, 'virt.dtb');
    const machine = ['-M', `virt,dumpdtb=${file}`, '-cpu', 'rv32,h=false', '-m', '64M'];
    execFileSync('qemu-system-riscv32', [...machine, '-bios', 'none', '-nographic'], { stdio: 'ignore' });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Properties by `path name`, in dtc's notation, and what dtc complained about. */
function decompile(block: Uint8Array): { properties: Map<string, string>; warnings: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-'));
  try {
    const [binary, source] = [join(folder, 'in.dtb'), join(folder, 'out.dts')];
    writeFileSync(binary, block);
    const warnings = execFileSync('sh', ['-c', 'dtc -I dtb -O dts -o "$0" "$1" 2>&1', source, binary]);
    return { properties: parseSource(readFileSync(source, 'latin1')), warnings: warnings.toString() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseSource(source: string): Map<string, string> {
  const properties = new Map<string, string>();
  const path: string[] = [];
  for (const line of source.split('\n').map(text => text.trim())) {
    const opened = /^(\S+) \{$/.exec(line);
    const property = /^([^\s=]+)(?: = (.*))?;$/.exec(line);
    if (opened) path.push(opened[1] === '/' ? '' : opened[1]!);
    else if (line === '};') path.pop();
    else if (property) properties.set(`${path.join('/') || '/'} ${property[1]}`, property[2] ?? '');
  }
  return properties;
}
