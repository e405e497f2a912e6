/**
 * The command line of `machine`: one table of options, from which parsing, suggestions and `--help` come.
 *
 *     parseOptions(['--ram', '128M', 'hello.elf']) → MachineOptions
 *
 * Whatever is wrong is thrown as a `BadInput` of one line that names the thing and says the mend.
 */
import { nearestWord } from '../lab/suggestion.ts';
import { BadInput } from './bad-input.ts';

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
  readonly stats: boolean;
  readonly json: boolean;
  readonly gdb: number | undefined;
}

interface OptionRow {
  /** How its value is called in the help; '' for an option without one. */
  readonly value: string;
  readonly help: string;
}

// biome-ignore format: a table
const OPTIONS: Readonly<Record<string, OptionRow>> = {
  bios:      { value: 'F', help: 'firmware: an ELF at its own addresses, or raw at 0x80000000' },
  kernel:    { value: 'F', help: 'kernel for the firmware to start: an ELF, or raw (Linux Image) at 0x80400000' },
  initrd:    { value: 'F', help: 'initial RAM disk, told to the kernel in the devicetree' },
  append:    { value: 'S', help: "the kernel's command line" },
  drive:     { value: 'F[,overlay|,ro]', help: 'a disk: a raw file, written to; with ,overlay changes are kept in memory and lost at the end; with ,ro it is read-only. May be repeated' },
  net:       { value: 'KIND', help: 'a network interface. echo[:ADDRESS]: a neighbour that answers ARP, ping and DHCP (10.0.2.2). listen:PORT and connect:[HOST:]PORT: a wire over TCP to another machine, or to QEMU -netdev socket; the run then depends on the host. none: no interface. May be repeated' },
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
  stats:     { value: '', help: 'at the end, instructions, cycles by cause, host time and speed on standard error' },
  json:      { value: '', help: 'the same as one line of JSON' },
  gdb:       { value: 'PORT', help: 'wait for a debugger on this TCP port of 127.0.0.1 before the first instruction' },
  help:      { value: '', help: 'this text' },
};

const REPEATABLE = ['drive', 'net'];
const ECHO_ADDRESS = '10.0.2.2';

export function parseOptions(words: readonly string[]): MachineOptions {
  const { values, operands } = splitWords(words);
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
  return Object.entries(OPTIONS)
    .map(([name, { value, help }]) => `  ${`--${name} ${value}`.padEnd(25)} ${wrap(help, 70, 28)}\n`)
    .join('');
}

function splitWords(words: readonly string[]): { values: Map<string, string[]>; operands: string[] } {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const [name = '', joined] = splitOnce(word.replace(/^--?/, ''), '=');
    const row = word === '-h' ? OPTIONS['help'] : Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (row === undefined) throw new BadInput(`there is no option ${word}: ${suggestion(name)}`);
    const key = word === '-h' ? 'help' : name;
    if (row.value === '' && joined !== undefined)
      throw new BadInput(`--${key} takes no value: write --${key}`);
    const value = row.value === '' ? '' : (joined ?? words[(at += 1)]);
    if (value === undefined) throw new BadInput(`--${key} lacks its value: write --${key} ${row.value}`);
    if (values.has(key) && !REPEATABLE.includes(key))
      throw new BadInput(`--${key} is given twice: give it once`);
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return { values, operands };
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

function parseSize(option: string, text: string): number {
  const match = /^(\d{1,10})([KMG]?)i?B?$/i.exec(text);
  if (match === null) throw new BadInput(`--${option} ${text} is not a size: write for example 128M`);
  return Number(match[1]) * 1024 ** ' KMG'.indexOf((match[2] || ' ').toUpperCase());
}

function parseHertz(text: string): number {
  const match = /^(\d{1,10}(?:\.\d{1,6})?)([kMG]?)(?:Hz)?$/i.exec(text);
  if (match === null) throw new BadInput(`--clock ${text} is not a frequency: write for example 100M`);
  return Math.round(Number(match[1]) * 1000 ** ' KMG'.indexOf((match[2] || ' ').toUpperCase()));
}

function parseCount(option: string, text: string): number {
  const value = /^(\d{1,16}|0x[0-9a-f]{1,13})$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new BadInput(`--${option} ${text} is not a whole number: write for example --${option} 1000000`);
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find(word => word === text);
  if (found !== undefined) return found;
  throw new BadInput(`--${option} ${text} is not known: give ${allowed.join(' or ')}`);
}

function optional<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function suggestion(name: string): string {
  const near = nearestWord(name, Object.keys(OPTIONS));
  return near === undefined ? '--help lists them' : `did you mean --${near}?`;
}

function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n' + ' '.repeat(indent));
}
