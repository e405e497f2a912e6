/**
 * The devicetree of a board: what firmware and kernel are told about the hardware, in the words of the
 * bindings that Linux and OpenSBI know, node for node as QEMU's `virt` says it.
 *
 *     /chosen                stdout-path, bootargs, linux,initrd-start/-end, rng-seed
 *     /memory@80000000
 *     /cpus/cpu@0            riscv,isa, caches and TLBs, its interrupt controller
 *     /soc                   plic, clint, serial, virtio_mmio slots, rtc, test (power)
 *     /poweroff /reboot      how to use `test`, as syscon registers
 *
 * Addresses and interrupts are those of hw/manual/memory-map.ts; every slot is described, used or not.
 */
import { flattenTree, type Property, type TreeNode } from './flattened-tree.ts';
import * as map from './manual/memory-map.ts';
import { LINE_SIZE } from './manual/timing.ts';

/** What differs from board to board. */
export interface TreeFacts {
  readonly ramSize: number;
  readonly clockHz: number;
  readonly cacheSize: number;
  readonly cacheWays: number;
  readonly tlbEntries: number;
  /** The kernel's command line. */
  readonly commandLine: string;
  /** Physical addresses of the initial RAM disk's first byte and of the byte after its last. */
  readonly initrd: { readonly start: number; readonly end: number } | undefined;
  /** Entropy for an early kernel. */
  readonly rngSeed: Uint8Array;
}

export const ISA_EXTENSIONS = ['i', 'm', 'a', 'c', 'zicsr', 'zifencei', 'zba', 'zbb', 'sstc'] as const;

const CPU = 1;
const CPU_INTERRUPTS = 2;
const PLIC = 3;
const TEST = 4;

/** Cause numbers in mip/mie, Privileged 3.1.9. */
const MACHINE_SOFTWARE = 3;
const MACHINE_TIMER = 7;
const SUPERVISOR_EXTERNAL = 9;
const MACHINE_EXTERNAL = 11;

/** PLIC sources, source 0 not counted. */
const PLIC_SOURCES = 0x60;
const UART_CLOCK_HZ = 3_686_400;

export function devicetree(facts: TreeFacts): Uint8Array {
  return flattenTree(boardTree(facts), 0);
}

function boardTree(facts: TreeFacts): TreeNode {
  return node(
    {
      '#address-cells': 2,
      '#size-cells': 2,
      compatible: 'riscv-virtio',
      model: 'riscv-virtio,gossamer',
    },
    {
      chosen: chosen(facts),
      [unit('memory', map.RAM_BASE)]: node({
        device_type: 'memory',
        reg: range(map.RAM_BASE, facts.ramSize),
      }),
      cpus: cpus(facts),
      soc: soc(),
      poweroff: node({ compatible: 'syscon-poweroff', regmap: TEST, offset: 0, value: 0x5555 }),
      reboot: node({ compatible: 'syscon-reboot', regmap: TEST, offset: 0, value: 0x7777 }),
    },
  );
}

function chosen(facts: TreeFacts): TreeNode {
  return node({
    'stdout-path': `/soc/${unit('serial', map.UART_BASE)}`,
    'rng-seed': facts.rngSeed,
    ...(facts.commandLine === '' ? {} : { bootargs: facts.commandLine }),
    ...(facts.initrd === undefined
      ? {}
      : { 'linux,initrd-start': facts.initrd.start, 'linux,initrd-end': facts.initrd.end }),
  });
}

function cpus(facts: TreeFacts): TreeNode {
  const sets = facts.cacheSize / LINE_SIZE / facts.cacheWays;
  const [base, ...named] = [ISA_EXTENSIONS.slice(0, 4).join(''), ...ISA_EXTENSIONS.slice(4)];
  const cpu = node(
    {
      phandle: CPU,
      device_type: 'cpu',
      reg: 0,
      status: 'okay',
      compatible: 'riscv',
      'riscv,isa': ['rv32' + base, ...named].join('_'),
      'riscv,isa-base': 'rv32i',
      'riscv,isa-extensions': ISA_EXTENSIONS,
      'mmu-type': 'riscv,sv32',
      'clock-frequency': facts.clockHz,
      'i-cache-block-size': LINE_SIZE,
      'i-cache-size': facts.cacheSize,
      'i-cache-sets': sets,
      'd-cache-block-size': LINE_SIZE,
      'd-cache-size': facts.cacheSize,
      'd-cache-sets': sets,
      'tlb-split': true,
      'i-tlb-size': facts.tlbEntries,
      'i-tlb-sets': 1,
      'd-tlb-size': facts.tlbEntries,
      'd-tlb-sets': 1,
    },
    {
      'interrupt-controller': node({
        phandle: CPU_INTERRUPTS,
        compatible: 'riscv,cpu-intc',
        'interrupt-controller': true,
        '#interrupt-cells': 1,
        '#address-cells': 0,
      }),
    },
  );
  return node(
    { '#address-cells': 1, '#size-cells': 0, 'timebase-frequency': map.TIME_BASE_HZ },
    { 'cpu@0': cpu, 'cpu-map': node({}, { cluster0: node({}, { core0: node({ cpu: CPU }) }) }) },
  );
}

function soc(): TreeNode {
  const devices: Record<string, TreeNode> = {};
  const add = (name: string, base: number, size: number, properties: Record<string, Property>) => {
    devices[unit(name, base)] = node({ ...properties, reg: range(base, size) });
  };
  const interrupt = (source: number) => ({ 'interrupt-parent': PLIC, interrupts: source });

  add('test', map.POWER_BASE, map.POWER_SIZE, {
    phandle: TEST,
    compatible: ['sifive,test1', 'sifive,test0', 'syscon'],
  });
  add('rtc', map.RTC_BASE, map.RTC_SIZE, { compatible: 'google,goldfish-rtc', ...interrupt(map.RTC_IRQ) });
  add('clint', map.CLINT_BASE, map.CLINT_SIZE, {
    compatible: ['sifive,clint0', 'riscv,clint0'],
    'interrupts-extended': [CPU_INTERRUPTS, MACHINE_SOFTWARE, CPU_INTERRUPTS, MACHINE_TIMER],
  });
  add('plic', map.PLIC_BASE, map.PLIC_SIZE, {
    phandle: PLIC,
    compatible: ['sifive,plic-1.0.0', 'riscv,plic0'],
    'interrupt-controller': true,
    '#interrupt-cells': 1,
    '#address-cells': 0,
    'interrupts-extended': [CPU_INTERRUPTS, MACHINE_EXTERNAL, CPU_INTERRUPTS, SUPERVISOR_EXTERNAL],
    'riscv,ndev': PLIC_SOURCES,
  });
  add('serial', map.UART_BASE, map.UART_SIZE, {
    compatible: 'ns16550a',
    'clock-frequency': UART_CLOCK_HZ,
    ...interrupt(map.UART_IRQ),
  });
  for (let slot = 0; slot < map.VIRTIO_SLOTS; slot += 1)
    add('virtio_mmio', map.VIRTIO_BASE + slot * map.VIRTIO_STRIDE, map.VIRTIO_STRIDE, {
      compatible: 'virtio,mmio',
      ...interrupt(map.VIRTIO_IRQ + slot),
    });

  return node({ '#address-cells': 2, '#size-cells': 2, compatible: 'simple-bus', ranges: true }, devices);
}

function node(
  properties: Record<string, Property>,
  children: Readonly<Record<string, TreeNode>> = {},
): TreeNode {
  return { properties, children };
}

function unit(name: string, base: number): string {
  return `${name}@${base.toString(16)}`;
}

/** An address and a size of two cells each. */
function range(base: number, size: number): number[] {
  return [0, base, 0, size];
}
