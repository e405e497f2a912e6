/**
 * The command line of `machine`: one table of options, from which parsing, suggestions and `--help` come.
 *
 *     parseOptions(['--ram', '128M', 'hello.elf']) → MachineOptions
 *
 * Whatever is wrong is thrown as a `BadInput` of one line that names the thing and says the mend.
 */
import { BadInput } from './bad-input.ts';
import {
  type OptionTable,
  oneOf,
  optional,
  parseCount,
  parseSize,
  splitOnce,
  splitWords,
  tableHelp,
} from './option-table.ts';

export interface DriveOption {
  readonly file: string;
  /** Writes go to the file; to memory only; nowhere, the guest is told that the drive is read-only. */
  readonly mode: 'write' | 'overlay' | 'read';
}

export type NetOption =
  | { readonly kind: 'echo'; readonly address: readonly number[] }
  | { readonly kind: 'listen'; readonly port: number }
  | { readonly kind: 'connect'; readonly host: string; readonly port: number };

export interface MachineOptions {
  readonly help: boolean;
  readonly elf: string | undefined;
  readonly bios: string | undefined;
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
  readonly append: string;
  readonly drives: readonly DriveOption[];
  readonly nets: readonly NetOption[];
  readonly ramSize: number | undefined;
  readonly clockHz: number | undefined;
  readonly cacheSize: number | undefined;
  readonly adBits: 'hardware' | 'fault';
  readonly serialLine: 'fast' | 'divisor';
  readonly seed: number;
  readonly maxCycles: number;
  readonly maxInstructions: number;
  readonly trace: string | undefined;
  readonly signature: string | undefined;
  readonly translate: boolean;
  readonly stats: boolean;
  readonly json: boolean;
  readonly gdb: number | undefined;
}

// biome-ignore format: a table
const OPTIONS: OptionTable = {
  bios:      { value: 'F', help: 'firmware: an ELF at its own addresses, or raw at 0x80000000' },
  kernel:    { value: 'F', help: 'kernel for the firmware to start: an ELF, or raw (Linux Image) at 0x80400000' },
  initrd:    { value: 'F', help: 'initial RAM disk, told to the kernel in the devicetree' },
  append:    { value: 'S', help: "the kernel's command line" },
  drive:     { value: 'F[,overlay|,ro]', help: 'a disk: a raw file, written to; with ,overlay changes are kept in memory and lost at the end; with ,ro it is read-only', repeats: true },
  net:       { value: 'KIND', help: 'a network interface. echo[:ADDRESS]: a neighbour that answers ARP, ping and DHCP (10.0.2.2). listen:PORT and connect:[HOST:]PORT: a wire over TCP to another machine, or to QEMU -netdev socket; the run then depends on the host. none: no interface', repeats: true },
  ram:       { value: 'SIZE', help: '64M unless stated; K, M and G are powers of 1024' },
  clock:     { value: 'HERTZ', help: '100M unless stated; k, M and G are powers of 1000' },
  cache:     { value: 'SIZE', help: 'of the instruction and of the data cache each, 16K unless stated' },
  ad:        { value: 'WHO', help: 'who sets the A and D bits of page tables: hardware (default), or software after a page fault (fault)' },
  serial:    { value: 'LINE', help: 'fast (default): a character takes no time; divisor: as long as its bits at the programmed rate' },
  seed:      { value: 'N', help: 'all chance in the machine comes from it, 1 unless stated' },
  'max-cycles':       { value: 'N', help: 'stop at this cycle' },
  'max-instructions': { value: 'N', help: 'stop when so many instructions have retired' },
  trace:     { value: 'F', help: 'write every instruction, disassembled, with its cycle; - for standard error' },
  signature: { value: 'F', help: 'at the end, write the words from begin_signature to end_signature' },
  'no-translate':     { value: '', help: 'interpret all instructions, and make no WebAssembly of hot code: the same result, more slowly' },
  stats:     { value: '', help: 'at the end, instructions, cycles by cause, host time and speed on standard error' },
  json:      { value: '', help: 'the same as one line of JSON' },
  gdb:       { value: 'PORT', help: 'wait for a debugger on this TCP port of 127.0.0.1 before the first instruction' },
  help:      { value: '', help: 'this text' },
};

const ECHO_ADDRESS = '10.0.2.2';

export function parseOptions(words: readonly string[]): MachineOptions {
  const { values, operands } = splitWords(words, OPTIONS);
  const one = (name: string): string | undefined => values.get(name)?.[0];
  const has = (name: string): boolean => values.has(name);
  if (operands.length > 1) throw new BadInput(`'${operands[1]}' is one file too many: give one ELF`);
  const elf = operands[0];
  if (elf !== undefined && has('bios'))
    throw new BadInput(`both '${elf}' and --bios are firmware: give one of them`);
  if (has('gdb') && has('trace'))
    throw new BadInput('--gdb and --trace exclude each other: give one of them');
  const options: MachineOptions = {
    help: has('help'),
    elf,
    bios: one('bios'),
    kernel: one('kernel'),
    initrd: one('initrd'),
    append: one('append') ?? '',
    drives: (values.get('drive') ?? []).map(parseDrive),
    nets: (values.get('net') ?? []).flatMap(parseNet),
    ramSize: optional(one('ram'), text => parseSize('ram', text)),
    clockHz: optional(one('clock'), parseHertz),
    cacheSize: optional(one('cache'), text => parseSize('cache', text)),
    adBits: oneOf('ad', one('ad') ?? 'hardware', ['hardware', 'fault']),
    serialLine: oneOf('serial', one('serial') ?? 'fast', ['fast', 'divisor']),
    seed: optional(one('seed'), text => parseCount('seed', text)) ?? 1,
    maxCycles:
      optional(one('max-cycles'), text => parseCount('max-cycles', text)) ?? Number.POSITIVE_INFINITY,
    maxInstructions:
      optional(one('max-instructions'), text => parseCount('max-instructions', text)) ??
      Number.POSITIVE_INFINITY,
    trace: one('trace'),
    signature: one('signature'),
    translate: !has('no-translate'),
    stats: has('stats'),
    json: has('json'),
    gdb: optional(one('gdb'), text => parsePort('gdb', text)),
  };
  if (!options.help && elf === undefined && options.bios === undefined)
    throw new BadInput('nothing to run: give an ELF, or --bios and --kernel; --help tells more');
  return options;
}

/** The options of `--help`, one or more lines each. */
export function optionsHelp(): string {
  return tableHelp(OPTIONS);
}

function parseDrive(text: string): DriveOption {
  const match = /^(.*),(overlay|ro)$/.exec(text);
  if (match === null) return { file: text, mode: 'write' };
  return { file: match[1]!, mode: match[2] === 'ro' ? 'read' : 'overlay' };
}

function parseNet(text: string): NetOption[] {
  const [kind, rest] = splitOnce(text, ':');
  switch (kind) {
    case 'none':
      return [];
    case 'echo':
      return [{ kind, address: parseAddress(rest ?? ECHO_ADDRESS) }];
    case 'listen':
      return [{ kind, port: parsePort('net listen', rest ?? '') }];
    case 'connect': {
      const match = /^(?:(.*):)?(\d+)$/.exec(rest ?? '');
      if (match === null)
        throw new BadInput(`--net ${text} lacks a port: write --net connect:127.0.0.1:5555`);
      return [{ kind, host: match[1] ?? '127.0.0.1', port: parsePort('net connect', match[2]!) }];
    }
    default:
      throw new BadInput(`--net ${text} is not known: give none, echo, listen:PORT or connect:HOST:PORT`);
  }
}

function parseAddress(text: string): number[] {
  const bytes = text.split('.').map(part => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (bytes.length === 4 && bytes.every(byte => byte < 256)) return bytes;
  throw new BadInput(`'${text}' is not an IPv4 address: write --net echo:${ECHO_ADDRESS}`);
}

function parsePort(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 65_536;
  if (port <= 65_535) return port;
  throw new BadInput(`--${option}: '${text}' is not a TCP port: give 0 to 65535`);
}

function parseHertz(text: string): number {
  const match = /^(\d{1,10}(?:\.\d{1,6})?)([kMG]?)(?:Hz)?$/i.exec(text);
  if (match === null) throw new BadInput(`--clock ${text} is not a frequency: write for example 100M`);
  return Math.round(Number(match[1]) * 1000 ** ' KMG'.indexOf((match[2] || ' ').toUpperCase()));
}
