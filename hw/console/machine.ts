/**
 * NAME
 *     machine - run one computer with anybody's software on it
 *
 * SYNOPSIS
 *     npm run --silent machine -- [option]... [ELF]
 *
 * DESCRIPTION
 *     A bare ELF is loaded at its own addresses and entered in M mode, like QEMU's `-M virt -bios ELF`.
 *     With --bios and --kernel the firmware starts the kernel in S mode, as OpenSBI does with Linux. The
 *     serial line is standard input and standard output; all that the machine itself has to say goes to
 *     standard error. --help lists the options.
 *
 * EXIT STATUS
 *     the guest's own, from the power device (0 for a plain power off); 0 or 1 for a test that passed or
 *     failed by the tohost convention; 1 where nothing can ever happen any more; 2 for bad input, and then
 *     nothing was written; 124 where --max-cycles or --max-instructions ended the run; 128 plus its number
 *     for a signal.
 *
 * SEE ALSO
 *     hw/README.md, hw/manual
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { constants as systemConstants } from 'node:os';
import { Board, type BoardDescription } from '../board.ts';
import type { BootImages } from '../boot-plan.ts';
import { loadCore } from '../cpu/load-core.ts';
import { isElf, readElf } from '../elf.ts';
import { describePlace, describeTrap } from '../lab/diagnosis.ts';
import { BoardRecord } from '../lab/gdb/record.ts';
import { GdbServer, type OpenSession } from '../lab/gdb/server.ts';
import { GdbSession } from '../lab/gdb/session.ts';
import { Random } from '../lab/random.ts';
import { SymbolTable } from '../lab/symbols.ts';
import { aboutHost, aboutInput, BadInput } from './bad-input.ts';
import { BoardDebuggee } from './debuggee.ts';
import { Drives } from './drives.ts';
import { Htif } from './htif.ts';
import { Network } from './network.ts';
import { type MachineOptions, optionsHelp, parseOptions } from './options.ts';
import { makeReport, reportText } from './report.ts';
import { type End, Run } from './run.ts';
import { checkSignature, signatureText } from './signature.ts';
import { Terminal } from './terminal.ts';
import { Tracer } from './tracer.ts';

const EXIT_BAD_INPUT = 2;
const EXIT_LIMIT = 124;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// npm starts scripts in the project's folder; names of files are meant where the person is.
if (process.env['npm_lifecycle_event'] === 'machine') process.chdir(process.env['INIT_CWD'] ?? '.');
process.exit(await main(process.argv.slice(2)));

async function main(words: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(words);
    if (!options.help) return await runMachine(options);
    process.stdout.write(helpText());
    return 0;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    process.stderr.write(`machine: ${error.message}\n`);
    return EXIT_BAD_INPUT;
  }
}

/** Everything that can be refused is refused before anything is written or run. */
async function runMachine(options: MachineOptions): Promise<number> {
  const images = readImages(options);
  const drives = new Drives(options.drives, new Random(options.seed));
  const board = buildBoard(options, images, drives, await loadCore());
  const symbols = new SymbolTable(board.plan.symbols);
  if (options.signature !== undefined) checkSignature(options.signature, symbols);
  const network = await Network.open(options.nets);
  const tracer = openTracer(options.trace, board, symbols);

  const terminal = new Terminal();
  let record: BoardRecord | undefined;
  const isReplay = () => record?.isReplay === true;
  const print = (byte: number) => {
    if (!isReplay()) terminal.put(byte);
  };
  board.onSerial(print);
  const gdb = await openGdb(
    options.gdb,
    send => {
      record!.restart();
      return new GdbSession(new BoardDebuggee(board, symbols, record!), send);
    },
    () => run.wake(),
  );
  board.powerOn();
  network.attach(board, isReplay);
  if (gdb !== undefined) record = new BoardRecord(board, network.peers);
  const run = new Run({
    board,
    htif: Htif.find(board.ram, symbols, print),
    tracer,
    gdb,
    record,
    maxCycles: options.maxCycles,
    maxInstructions: options.maxInstructions,
    paced: terminal.isInteractive || network.isWired,
    isWired: network.isWired,
    flush: () => terminal.flush(),
  });
  network.open(board, apply => run.deliver(apply));
  const signals = listenToSignals(run);
  terminal.open({
    input: bytes => run.input(bytes),
    end: () => run.inputEnded(),
    quit: () => run.quit('person'),
    where: () => terminal.tell(whereText(board, symbols)),
    brokenPipe: () => run.quit('SIGPIPE'),
  });
  const start = performance.now();
  const end = await run.toEnd();
  const hostSeconds = (performance.now() - start) / 1000;

  terminal.close();
  signals.close();
  tracer?.close();
  gdb?.close();
  network.close();
  drives.close();
  return conclude({ options, board, symbols, end, hostSeconds });
}

function readImages(options: MachineOptions): BootImages {
  const elf = options.elf;
  if (elf !== undefined && !isElf(readImage(elf)))
    throw new BadInput(`${elf} is not an ELF file: give one, or --bios ${elf} where it is a raw image`);
  const read = (file: string | undefined) => (file === undefined ? undefined : readImage(file));
  return { firmware: read(elf ?? options.bios), kernel: read(options.kernel), initrd: read(options.initrd) };
}

function readImage(file: string): Uint8Array {
  const bytes = aboutHost(file, () => readFileSync(file));
  if (bytes.length === 0) throw new BadInput(`${file} is empty: build or copy it again`);
  if (isElf(bytes)) aboutInput(`${file}: `, () => readElf(bytes));
  return bytes;
}

function buildBoard(
  options: MachineOptions,
  images: BootImages,
  drives: Drives,
  core: WebAssembly.Module,
): Board {
  const description: BoardDescription = {
    name: 'machine',
    seed: options.seed,
    images,
    commandLine: options.append,
    adBits: options.adBits,
    serialLine: options.serialLine,
    drives: drives.descriptions,
    nics: options.nets.map(() => ({})),
    hostClock: () => performance.now(),
    ...(options.translate ? {} : { translateAfter: Number.POSITIVE_INFINITY }),
    ...(options.ramSize === undefined ? {} : { ramSize: options.ramSize }),
    ...(options.clockHz === undefined ? {} : { clockHz: options.clockHz }),
    ...(options.cacheSize === undefined ? {} : { cacheSize: options.cacheSize }),
  };
  return aboutInput('', () => new Board(description, core));
}

function openTracer(file: string | undefined, board: Board, symbols: SymbolTable): Tracer | undefined {
  return file === undefined
    ? undefined
    : aboutHost(`--trace ${file}`, () => new Tracer(board, file, symbols));
}

async function openGdb(
  port: number | undefined,
  openSession: OpenSession,
  changed: () => void,
): Promise<GdbServer | undefined> {
  if (port === undefined) return undefined;
  try {
    const server = await GdbServer.listen(port, openSession, changed);
    process.stderr.write(`machine: waiting for a debugger: target remote 127.0.0.1:${server.port}\n`);
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new BadInput(`--gdb ${port}: the port is taken: give another, or 0 for any`);
  }
}

/** The run ends at a signal, and with its number. */
function listenToSignals(run: Run): { close(): void } {
  const listeners = SIGNALS.map(signal => ({ signal, listener: () => run.quit(signal) }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return {
    close: () => {
      for (const { signal, listener } of listeners) process.removeListener(signal, listener);
    },
  };
}

interface Outcome {
  readonly options: MachineOptions;
  readonly board: Board;
  readonly symbols: SymbolTable;
  readonly end: End;
  readonly hostSeconds: number;
}

function conclude({ options, board, symbols, end, hostSeconds }: Outcome): number {
  const why = endText(end);
  if (why !== undefined) process.stderr.write(`machine: ${why}\n`);
  if (end.kind !== 'off' && end.kind !== 'test') process.stderr.write(whereText(board, symbols));
  let exitCode = exitCodeOf(end);
  if (options.signature !== undefined) {
    const text = signatureText(board.ram, symbols);
    if (text === undefined) {
      process.stderr.write(
        'machine: the signature does not lie in RAM, or is not whole words: none written\n',
      );
      exitCode = exitCode === 0 ? 1 : exitCode;
    } else writeFileSync(options.signature, text);
  }
  if (options.stats || options.json) {
    const report = makeReport(board, end, exitCode, hostSeconds);
    process.stderr.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
  }
  return exitCode;
}

function endText(end: End): string | undefined {
  switch (end.kind) {
    case 'off':
      return undefined;
    case 'limit':
      return `stopped at --max-${end.what}`;
    case 'stuck':
      return `${end.why}`;
    case 'quit':
      return end.by === 'person' ? 'ended' : `ended by ${end.by}`;
    case 'test':
      if (end.value === 1) return undefined;
      if (end.value % 2 === 1) return `test ${end.value >>> 1} failed`;
      return `tohost holds 0x${end.value.toString(16)}, which asks for a service of the host: there is none`;
  }
}

function exitCodeOf(end: End): number {
  switch (end.kind) {
    case 'off':
      return end.status === 0 ? 0 : end.status & 0xff || 1;
    case 'limit':
      return EXIT_LIMIT;
    case 'stuck':
      return 1;
    case 'quit':
      return end.by === 'person' ? 0 : 128 + systemConstants.signals[end.by];
    case 'test':
      return end.value === 1 ? 0 : 1;
  }
}

function whereText(board: Board, symbols: SymbolTable): string {
  const symbolAt = (address: number) => symbols.nearest(address);
  return `machine: ${describePlace(board.hart, symbolAt)}\nmachine: ${describeTrap(board.hart, symbolAt)}\n`;
}

function helpText(): string {
  return `Usage: npm run --silent machine -- [option]... [ELF]

Runs one computer, hardware-compatible with QEMU's virt machine for rv32, with anybody's software on it.
A bare ELF is loaded at its own addresses and entered in M mode. The serial line is standard input and
output. On a terminal every key goes to the guest, Ctrl-C too; Ctrl-A x ends the machine, Ctrl-A h helps.

${optionsHelp()}
Exit status: the guest's own from the power device; 0 or 1 for a test by the tohost convention; 1 where
nothing can happen any more; 2 for bad input; 124 at --max-cycles or --max-instructions; 128 plus its
number for a signal.

Examples:
  npm run --silent machine -- hello.elf
  npm run --silent machine -- --bios fw_dynamic.bin --kernel Image --append console=ttyS0 --drive disk.img
`;
}
