/**
 * NAME
 *     start - boot a cluster and show it
 *
 * SYNOPSIS
 *     npm start -- [option]...
 *
 * DESCRIPTION
 *     Builds what has changed, boots the cluster, and shows a console for each node on the whole terminal;
 *     without one, as lines. --script runs a script instead, --replay does a recorded session again.
 *
 * EXIT STATUS
 *     0 passed, 1 failed, 2 bad input, 3 invariant broken, 4 kernel panic, 5 no progress in simulated time,
 *     6 not deterministic, 7 the images cannot be built, 130 interrupted.
 *
 * SEE ALSO
 *     hw/console/start-options.ts, hw/console/commands.ts, hw/session/session.ts
 */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BootImages } from '../boot-plan.ts';
import { loadCore } from '../cpu/load-core.ts';
import { meant } from '../lab/suggestion.ts';
import { isComputer, linksByNode } from '../lab/topology.ts';
import { asciicast } from '../session/asciicast.ts';
import { chromeTrace } from '../session/chrome-trace.ts';
import { type ClusterShape, clusterShape } from '../session/cluster-source.ts';
import { type ClusterDescription, commandLineOf } from '../session/description.ts';
import { EXIT_CODES, failureReport, SessionFailure } from '../session/failure.ts';
import {
  formatRecording,
  type ImageFiles,
  type Origin,
  parseRecording,
  type Recording,
} from '../session/recording.ts';
import { Session } from '../session/session.ts';
import { hashBytes } from '../state.ts';
import { aboutHost, aboutInput, BadInput, hostWords } from './bad-input.ts';
import type { Live } from './live.ts';
import { Narrator, onLostStream } from './narrator.ts';
import { OutsideNodes } from './outside-nodes.ts';
import { Plain } from './plain.ts';
import { writeQemuNode } from './qemu-node.ts';
import { loadScript } from './script.ts';
import { parseStartOptions, type StartOptions, sameCluster, startOptionsHelp } from './start-options.ts';
import { HEIGHT_MIN, WIDTH_MIN } from './ui/size.ts';

/** Where boot images come from: hw knows no operating system. */
export interface SystemSource {
  readonly names: readonly string[];
  readonly defaultName: string;
  /** Of each board's disk, in bytes, where nobody says. */
  readonly diskSize: number;
  /** Of the clusters that the systems are made for. */
  readonly nodesMax: number;
  /** Builds what has changed. Throws an error in words where that cannot be done. */
  readonly build: (name: string) => Promise<BootImages>;
  /** Where files for nodes outside are laid. */
  readonly outsideFolder: string;
}

/** How long the host may wait for its turn while a session runs, in milliseconds. */
const TURN_MS = 30;
/** How long somebody outside may have to wait for the next slice. */
const OUTSIDE_TICK_MS = 4;
/** What ends a session from outside. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** Gives the exit status. */
export async function start(words: readonly string[], source: SystemSource): Promise<number> {
  try {
    const options = parseStartOptions(words);
    if (!options.help) return await startSession(options, source);
    process.stdout.write(helpText());
    return EXIT_CODES.passed;
  } catch (error) {
    process.stderr.write(`start: ${refusalText(error)}\n`);
    return EXIT_CODES.usage;
  }
}

/** What the person can mend. Throws all other errors. */
function refusalText(error: unknown): string {
  if (error instanceof BadInput) return error.message;
  const words = hostWords(error);
  if (words === undefined) throw error;
  return `${(error as NodeJS.ErrnoException).path ?? 'the disk'} ${words}`;
}

/** Everything that can be refused is refused before anything is built. */
async function startSession(options: StartOptions, source: SystemSource): Promise<number> {
  const { replay } = options;
  const recording =
    replay === undefined
      ? undefined
      : aboutInput(`--replay ${replay}: `, () => parseRecording(readText(replay)));
  const script = options.script === undefined ? undefined : await loadScript(options.script);
  const cluster = recording?.origin.cluster ?? options.cluster;
  const shape = aboutInput('', () => clusterShape(cluster, recording?.origin.seed ?? options.seed));
  const outputs = new Outputs(options);
  const outside =
    options.outside.length === 0 ? undefined : await OutsideNodes.open(options.outside, shape.topology);
  const { files = options.files, system = systemName(options, source) } = recording?.origin ?? {};
  const given = files === undefined ? undefined : imagesOfFiles(files);
  if (given === undefined) checkSize(cluster.name, shape, source);
  let images: BootImages;
  try {
    images = given ?? (await source.build(system));
  } catch (error) {
    const why = hostWords(error) === undefined ? (error as Error).message : refusalText(error);
    process.stderr.write(`start: the images of ${system} cannot be built: ${why}\n`);
    return EXIT_CODES.image;
  }
  const diskSize = given === undefined ? source.diskSize : undefined;
  const origin = originOf(
    options,
    { ...shape, diskSize: shape.diskSize ?? diskSize },
    system,
    images,
    recording,
  );
  if (recording !== undefined && origin.images !== recording.origin.images) {
    process.stderr.write(
      'start: the images are not those that were recorded: go back to their sources first\n',
    );
    return EXIT_CODES.image;
  }
  const run = new SessionRun(options, shape, origin, outputs, outside);
  await run.open(images, recording);
  if (outside !== undefined) run.openOutside(outside, source.outsideFolder);
  const code = script === undefined ? await run.live(recording) : await run.script(script);
  run.close(code);
  return code;
}

function systemName({ system }: StartOptions, { names, defaultName }: SystemSource): string {
  if (system === undefined || names.includes(system)) return system ?? defaultName;
  throw new BadInput(`--system ${system} is not known: ${meant(system, names)}`);
}

function checkSize(name: string, { topology }: ClusterShape, { nodesMax }: SystemSource): void {
  const nodes = topology.nodes.filter(isComputer).length;
  if (nodes > nodesMax)
    throw new BadInput(
      `${name} has ${nodes} nodes: the system is for ${nodesMax} at most, other software by --bios`,
    );
}

/** Anybody's software instead of ours. */
function imagesOfFiles({ bios, kernel, initrd }: ImageFiles): BootImages {
  const read = (file: string | undefined) =>
    file === undefined ? undefined : aboutHost(file, () => new Uint8Array(readFileSync(file)));
  return { firmware: read(bios), kernel: read(kernel), initrd: read(initrd) };
}

function originOf(
  options: StartOptions,
  shape: ClusterShape,
  system: string,
  images: BootImages,
  recording: Recording | undefined,
): Origin {
  const parts = [images.firmware, images.kernel, images.initrd].map(part =>
    hashBytes(part ?? new Uint8Array(0)),
  );
  return {
    cluster: recording?.origin.cluster ?? options.cluster,
    seed: shape.seed,
    ramSize: recording?.origin.ramSize ?? options.ramSize ?? shape.ramSize,
    diskSize: recording?.origin.diskSize ?? options.diskSize ?? shape.diskSize,
    system,
    ...epochOf(options, recording),
    ...(options.files === undefined ? {} : { files: options.files }),
    images: hashBytes(new TextEncoder().encode(parts.join())),
  };
}

/** Whoever is outside has the host's time, so the boards are to have it too. */
function epochOf({ outside }: StartOptions, recording: Recording | undefined): Pick<Origin, 'epochSeconds'> {
  const seconds = outside.length > 0 ? Math.floor(Date.now() / 1000) : recording?.origin.epochSeconds;
  return seconds === undefined ? {} : { epochSeconds: seconds };
}

/** Files that are written: each is opened at once, so that a mistyped folder is told before anything runs. */
class Outputs {
  private readonly options: StartOptions;
  private readonly captureFile: number | undefined;

  constructor(options: StartOptions) {
    this.options = options;
    for (const name of ['record', 'trace', 'asciicast'] as const) {
      const file = options[name];
      if (file !== undefined) aboutHost(`--${name} ${file}`, () => closeSync(openSync(file, 'w')));
    }
    const { pcap } = options;
    this.captureFile =
      pcap === undefined ? undefined : aboutHost(`--pcap ${pcap}`, () => openSync(pcap, 'w'));
  }

  begin(session: Session): void {
    const file = this.captureFile;
    const what = `--pcap ${this.options.pcap}`;
    if (file !== undefined) session.startCapture(bytes => void aboutHost(what, () => writeSync(file, bytes)));
  }

  end(session: Session, origin: Origin): void {
    const { record, trace, asciicast: cast } = this.options;
    session.endCapture();
    if (this.captureFile !== undefined) closeSync(this.captureFile);
    const write = (name: string, file: string, text: string) =>
      aboutHost(`--${name} ${file}`, () => writeFileSync(file, text));
    if (record !== undefined) write('record', record, formatRecording(session, origin));
    if (trace !== undefined) write('trace', trace, chromeTrace(session));
    if (cast !== undefined) write('asciicast', cast, asciicast(session, session.boards[0]!));
  }
}

/** One session from its boot to its exit code. */
class SessionRun {
  private readonly options: StartOptions;
  private readonly shape: ClusterShape;
  private readonly origin: Origin;
  private readonly outputs: Outputs;
  private readonly outside: OutsideNodes | undefined;
  private session!: Session;
  private description!: ClusterDescription;
  private images: BootImages = {};
  /** For the person, from the beginning. */
  private readonly notes: string[] = [];
  private narrator!: Narrator;
  private readonly isFullScreen: boolean;
  private lastTurnMs = performance.now();

  constructor(
    options: StartOptions,
    shape: ClusterShape,
    origin: Origin,
    outputs: Outputs,
    outside: OutsideNodes | undefined,
  ) {
    this.options = options;
    this.isFullScreen = isFullScreen(options);
    this.shape = shape;
    this.origin = origin;
    this.outputs = outputs;
    this.outside = outside;
  }

  async open(images: BootImages, recording: Recording | undefined): Promise<void> {
    this.images = images;
    const { topology, seed } = this.shape;
    const { ramSize, diskSize, epochSeconds } = this.origin;
    const { script } = this.options;
    this.description = {
      topology,
      seed,
      imagesOf: () => images,
      ...(ramSize === undefined ? {} : { ramSize }),
      ...(diskSize === undefined ? {} : { diskSize }),
      ...(epochSeconds === undefined ? {} : { epochSeconds }),
    };
    const again = `npm start -- ${sameCluster(this.options, seed)}`;
    const sessionOptions = {
      replayLine: script === undefined ? again : `${again} --script ${script}`,
      afterSlice: () => this.afterSlice(),
    };
    const core = await loadCore();
    this.session = aboutInput('', () => Session.build(this.description, core, sessionOptions));
    this.narrator = new Narrator(this.session, this.options.json);
    this.outputs.begin(this.session);
    if (recording === undefined) this.session.switchOn();
    else this.session.repeat(recording.entries, recording.endNs);
    for (const stream of [process.stdin, process.stdout]) stream.on('error', onLostStream);
  }

  /** Lets those who are outside connect, and tells how. */
  openOutside(outside: OutsideNodes, folder: string): void {
    const { session, description, images } = this;
    const { topology } = this.shape;
    outside.attach(session);
    for (const { node, links } of outside.nodes) {
      const { name, hardware } = topology.nodes[node]!;
      const { ramSize, diskSize } = { ...this.origin, ...hardware };
      const commandLine = commandLineOf(description, node);
      const wires = linksByNode(topology)[node]!.map(link => topology.links[link]!);
      const nics = links.map(({ port }, nic) => ({ port, mtu: wires[nic]!.mtu }));
      const ports = links.map(({ port }) => port);
      const line = writeQemuNode(folder, { node, name, commandLine, images, ramSize, diskSize, nics });
      this.notes.push(`${name} is outside, at port ${ports.join(', ')}: ${line} starts it on QEMU`);
    }
    if (!this.isFullScreen) for (const note of this.notes) this.narrator.note(note);
  }

  private letIn(live: Live): void {
    const { outside } = this;
    if (outside === undefined) return;
    live.tickMsMax = OUTSIDE_TICK_MS;
    outside.onArrival = () => live.enqueue(() => outside.deliver());
  }

  async script(script: (session: Session) => void | Promise<void>): Promise<number> {
    this.endOnSignal();
    try {
      await script(this.session);
      return EXIT_CODES.passed;
    } catch (error) {
      this.narrator.failure(await this.failureOf(error));
      return error instanceof SessionFailure ? EXIT_CODES[error.kind] : EXIT_CODES.failed;
    }
  }

  /** A person's session, or lines from a pipe, or a recording that is compared. */
  async live(recording: Recording | undefined): Promise<number> {
    const { session, origin, options, narrator } = this;
    if (this.isFullScreen) return this.fullScreen();
    this.endOnSignal();
    if (recording !== undefined) return this.compare(recording);
    const plain = new Plain({ session, origin, narrator, forNs: options.forNs });
    this.letIn(plain.live);
    const { code, words } = await plain.run();
    if (words !== undefined) narrator.failure(await failureReport(session, words));
    return code;
  }

  /** With everything written that was asked for. A second signal ends it at once. */
  private endOnSignal(): void {
    for (const signal of SIGNALS) {
      process.once(signal, () => {
        this.close(EXIT_CODES.interrupted);
        process.exit(EXIT_CODES.interrupted);
      });
    }
  }

  private async fullScreen(): Promise<number> {
    const { Ui } = await import('./ui/ui.ts');
    const { session, origin, images, notes } = this;
    const ui = new Ui({ session, origin, images, notes });
    this.letIn(ui.live);
    let ending: string | undefined;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        ui.live.quit();
        // whoever repeats it does not want to wait; the terminal is given back in any case
        if (ending !== undefined && signal !== 'SIGHUP') process.exit(EXIT_CODES.interrupted);
        ending = ending === 'SIGHUP' ? ending : signal;
      });
    }
    process.stdin.once('end', () => process.emit('SIGHUP', 'SIGHUP'));
    process.on('uncaughtException', error => {
      ui.close();
      this.tellSlip(error);
      process.exit(EXIT_CODES.failed);
    });
    await ui.run();
    if (ending === 'SIGHUP') this.endHungUp();
    return ending === undefined ? EXIT_CODES.passed : EXIT_CODES.interrupted;
  }

  /** Without its terminal Node cannot end in the ordinary way: it aborts when it wants to give the mode back. */
  private endHungUp(): void {
    this.outputs.end(this.session, this.origin);
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }

  /** A mistake of the program itself: what led to it is kept, so that it can be had again. */
  private tellSlip(error: Error): void {
    const file = join(tmpdir(), `gossamer-${process.pid}.jsonl`);
    writeFileSync(file, formatRecording(this.session, this.origin));
    process.stderr.write(
      `${error.stack ?? error.message}\nstart: that is a mistake in Gossamer; what led to it: npm start -- --replay ${file}\n`,
    );
  }

  close(exitCode: number): void {
    const { script, replay, json } = this.options;
    if (!this.isFullScreen) {
      this.narrator.tell('rest');
      if (script !== undefined || replay !== undefined || json) this.narrator.result(exitCode);
    }
    this.outside?.close();
    this.outputs.end(this.session, this.origin);
  }

  private async compare({ endNs, hash }: Recording): Promise<number> {
    await this.session.runTo(endNs);
    const found = this.session.hash();
    if (found === hash) return EXIT_CODES.passed;
    const what = `not deterministic: the recording ended with hash ${hash} and the replay with ${found}`;
    this.narrator.failure(await failureReport(this.session, what));
    return EXIT_CODES['not-deterministic'];
  }

  private async failureOf(error: unknown): Promise<string> {
    if (error instanceof SessionFailure) return error.message;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return failureReport(this.session, what);
  }

  /** Prints what was said, and lets the host serve signals now and then. */
  private async afterSlice(): Promise<void> {
    if (!this.isFullScreen) this.narrator.tell();
    if (this.outside !== undefined) return this.outside.betweenSlices();
    const now = performance.now();
    if (now - this.lastTurnMs < TURN_MS) return;
    this.lastTurnMs = now;
    await new Promise(resolve => setImmediate(resolve));
  }
}

/** A terminal that can be drawn on, and a person who did not ask for lines. */
function isFullScreen({ plain, json, script }: StartOptions): boolean {
  const { columns = 0, rows = 0 } = process.stdout;
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const isDumb = ['dumb', '', undefined].includes(process.env['TERM']);
  const isWanted = !plain && !json && script === undefined;
  return isTerminal && !isDumb && isWanted && columns >= WIDTH_MIN && rows >= HEIGHT_MIN;
}

function readText(file: string): string {
  return aboutHost(file, () => readFileSync(file, 'utf8'));
}

function helpText(): string {
  return `Usage: npm start -- [option]...

Boots a cluster of emulated computers and shows a console for each node. Without a terminal, with --plain,
or where TERM is dumb, it prints lines with a prefix for each node.

${startOptionsHelp()}
In the full screen, ? helps. In plain mode a line is typed at the console that was last chosen; @node1 chooses
another, and :help lists commands.

Exit status: 0 passed, 1 failed, 2 bad input, 3 invariant broken, 4 kernel panic, 5 no progress in simulated
time, 6 not deterministic, 7 the images cannot be built, 130 interrupted.

Examples:
  npm start
  npm start -- --cluster ring:5 --seed 7 --record session.jsonl
  npm start -- --replay session.jsonl
  npm start -- --nodes 4 --script test/console/scripts/hello.ts
`;
}
