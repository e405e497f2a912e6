/**
 * What a person can tell a running cluster, as one table: the terminal UI's `:` line and its keys, and lines
 * that begin with a colon in plain mode, all come here. Each command says which line of a script does
 * the same, so that whoever has done a thing by hand can write it down.
 *
 *     await perform('cut node0 node1', operator)   →   "session.cut('node0', 'node1');"
 *
 * How to add a command: a row in COMMANDS. Its operands are checked, completed and explained by their kinds.
 */
import { checkIntervention } from '../lab/fault.ts';
import { planFaults } from '../lab/fault-plan.ts';
import { isBoard } from '../lab/intervene.ts';
import { Random } from '../lab/random.ts';
import { meant } from '../lab/suggestion.ts';
import { asciicast } from '../session/asciicast.ts';
import { chromeTrace } from '../session/chrome-trace.ts';
import { nanoseconds, timeText } from '../session/duration.ts';
import { frameCapture } from '../session/frame-capture.ts';
import type { Session } from '../session/session.ts';
import { BadInput } from './bad-input.ts';

/** Who gives commands, and what only they can do. */
export interface Operator {
  readonly session: Session;
  /** Views that can be shown; none in plain mode. */
  readonly viewNames: readonly string[];
  pause(): void;
  go(): void;
  setSpeed(factor: number): void;
  showView(name: string): void;
  quit(): void;
  /** A recording of the session so far. */
  recording(): string;
  /** What is on the person's screen, as text. */
  capture(): string;
  readFile(path: string): Uint8Array;
  writeFile(path: string, contents: Uint8Array | string): void;
}

export interface Done {
  /** The line of a script that does the same; empty where scripts have no need of it. */
  readonly line: string;
  /** What there is to say about it. */
  readonly note?: string;
}

type OperandKind = 'node' | 'time' | 'number' | 'word' | 'rest' | 'file' | 'view' | 'bookmark';

interface Operand {
  readonly name: string;
  readonly kind: OperandKind;
  readonly isOptional?: true;
}

export interface Command {
  readonly name: string;
  readonly operands: readonly Operand[];
  readonly help: string;
  readonly perform: (operator: Operator, words: readonly string[]) => Done | Promise<Done>;
}

const NODE: Operand = { name: 'NODE', kind: 'node' };
const OTHER: Operand = { name: 'OTHER', kind: 'node' };
const TIME: Operand = { name: 'TIME', kind: 'time' };
const FILE: Operand = { name: 'FILE', kind: 'file' };
const PERCENT: Operand = { name: 'PERCENT', kind: 'number' };
const PPM_PER_PERCENT = 10_000;

type OneNode = 'powerOff' | 'powerOn' | 'reset' | 'restart';

/** What is done to one node and nothing else. */
function nodeCommand(name: string, method: OneNode, help: string): Command {
  return {
    name,
    operands: [NODE],
    help,
    perform: ({ session }, [node = '']) => {
      session[method](node);
      return { line: `session.${method}(${nodeText(session, node)});` };
    },
  };
}

function wireCommand(name: string, method: 'cut' | 'heal', help: string): Command {
  return {
    name,
    operands: [NODE, OTHER],
    help,
    perform: ({ session }, [a = '', b = '']) => {
      session[method](a, b);
      return { line: `session.${method}(${nodeText(session, a)}, ${nodeText(session, b)});` };
    },
  };
}

function settingCommand(
  name: string,
  operand: Operand,
  help: string,
  setting: (word: string) => Readonly<Record<string, number>>,
): Command {
  return {
    name,
    operands: [NODE, OTHER, operand],
    help,
    perform: ({ session }, [a = '', b = '', word = '']) => {
      const settings = setting(word);
      session.wire(a, b, settings);
      return {
        line: `session.wire(${nodeText(session, a)}, ${nodeText(session, b)}, ${objectText(settings)});`,
      };
    },
  };
}

function breakCommand(name: string, method: 'setBreakpoint' | 'clearBreakpoint', help: string): Command {
  return {
    name,
    operands: [NODE, { name: 'PLACE', kind: 'word' }],
    help,
    perform: ({ session }, [node = '', place = '']) => {
      const address = session[method](node, place);
      return {
        line: `session.${method}(${nodeText(session, node)}, '${place}');`,
        ...(place.startsWith('0x') ? {} : { note: `${place} is at 0x${address.toString(16)}` }),
      };
    },
  };
}

/** What concerns the person and not the cluster. */
function quietly(act: (operator: Operator, words: readonly string[]) => void): Command['perform'] {
  return (operator, words) => {
    act(operator, words);
    return { line: '' };
  };
}

/** In the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  { name: 'run', operands: [TIME], help: 'let so much simulated time pass', perform: run },
  { name: 'pause', operands: [], help: 'stand still', perform: quietly(operator => operator.pause()) },
  { name: 'go', operands: [], help: 'run on', perform: quietly(operator => operator.go()) },
  { name: 'next', operands: [], help: 'to what happens next anywhere', perform: next },
  {
    name: 'speed',
    operands: [{ name: 'FACTOR', kind: 'number' }],
    help: 'simulated seconds a second, for example 0.1',
    perform: quietly((operator, [factor = '']) => operator.setSpeed(positive(factor))),
  },
  { name: 'step', operands: [NODE], help: 'one instruction of the node', perform: step },
  { name: 'back', operands: [NODE], help: 'one instruction of the node backwards', perform: back },
  {
    name: 'goto',
    operands: [{ name: 'TIME', kind: 'bookmark' }],
    help: 'to a time that was passed, or a bookmark',
    perform: goTo,
  },
  {
    name: 'rewind',
    operands: [{ name: 'TIME', kind: 'bookmark' }],
    help: 'the same, forgetting what was done by hand since',
    perform: rewind,
  },
  {
    name: 'bookmark',
    operands: [{ name: 'NAME', kind: 'word' }],
    help: 'name this moment',
    perform: bookmark,
  },
  nodeCommand('power-off', 'powerOff', 'pull the plug'),
  nodeCommand('power-on', 'powerOn', 'switch it on'),
  nodeCommand('reset', 'reset', 'press the reset button'),
  nodeCommand('restart', 'restart', 'plug out and in again'),
  wireCommand('cut', 'cut', 'cut the wires between two nodes'),
  wireCommand('heal', 'heal', 'mend them'),
  settingCommand('loss', PERCENT, 'lose so many of a hundred frames between two nodes', word => ({
    lossPpm: Math.round(numberOf(word) * PPM_PER_PERCENT),
  })),
  settingCommand('delay', TIME, 'let frames between two nodes take so long', word => ({
    delayNs: nanoseconds(word),
  })),
  { name: 'freeze', operands: [NODE, TIME], help: 'let the node stand still, deaf', perform: freeze },
  { name: 'slow', operands: [NODE, PERCENT], help: 'let its clock run at so many percent', perform: slow },
  {
    name: 'type',
    operands: [NODE, { name: 'TEXT', kind: 'rest' }],
    help: 'press these keys and Enter at its console',
    perform: type,
  },
  {
    name: 'fault',
    operands: [{ name: 'JSON', kind: 'rest' }],
    help: 'any fault, as {"do":"disk-lost","node":0,"disk":0}',
    perform: fault,
  },
  {
    name: 'plan',
    operands: [TIME, { name: 'JSON', kind: 'rest' }],
    help: 'the same, so much later',
    perform: plan,
  },
  {
    name: 'trouble',
    operands: [{ name: 'COUNT', kind: 'number' }, TIME],
    help: 'so many faults by chance within that time',
    perform: trouble,
  },
  breakCommand('break', 'setBreakpoint', 'stop where the node executes this symbol or address'),
  breakCommand('unbreak', 'clearBreakpoint', 'stop there no more'),
  { name: 'save', operands: [FILE], help: 'write the whole cluster to a file', perform: save },
  { name: 'load', operands: [FILE], help: 'become what the file holds', perform: load },
  {
    name: 'record',
    operands: [FILE],
    help: 'write the session so far, for --replay',
    perform: (operator, [file = '']) => written(operator, file, operator.recording()),
  },
  {
    name: 'asciicast',
    operands: [NODE, FILE],
    help: "write the console's life for a terminal player",
    perform: (operator, [node = '', file = '']) => written(operator, file, asciicast(operator.session, node)),
  },
  {
    name: 'pcap',
    operands: [FILE],
    help: 'write the frames that are kept, for Wireshark',
    perform: (operator, [file = '']) => written(operator, file, frameCapture(operator.session)),
  },
  {
    name: 'trace',
    operands: [FILE],
    help: 'write everything for chrome://tracing',
    perform: (operator, [file = '']) => written(operator, file, chromeTrace(operator.session)),
  },
  {
    name: 'capture',
    operands: [FILE],
    help: 'write what is on this screen as text',
    perform: (operator, [file = '']) => written(operator, file, operator.capture()),
  },
  {
    name: 'hash',
    operands: [],
    help: 'tell the hash of everything',
    perform: ({ session }) => ({ line: 'session.hash();', note: `everything hashes to ${session.hash()}` }),
  },
  {
    name: 'view',
    operands: [{ name: 'VIEW', kind: 'view' }],
    help: 'show this view',
    perform: quietly((operator, [name = '']) => operator.showView(viewNamed(operator, name))),
  },
  { name: 'quit', operands: [], help: 'end', perform: quietly(operator => operator.quit()) },
];

/** Carries a command out. Throws an error of one line for what is wrong with it. */
export async function perform(text: string, operator: Operator): Promise<Done> {
  const [name = '', ...words] = text.trim().split(/\s+/);
  const command = COMMANDS.find(each => each.name === name);
  if (command === undefined) {
    const names = COMMANDS.map(each => each.name);
    throw new BadInput(`there is no command ${name}: ${meant(name, names)}`);
  }
  return command.perform(operator, operandsOf(command, words));
}

/** `cut NODE OTHER` */
export function usage({ name, operands }: Command): string {
  return [name, ...operands.map(operand => operand.name)].join(' ');
}

/** Everything that may stand instead of the last word that is being typed. */
export function completions(text: string, operator: Operator): string[] {
  const words = text.trimStart().split(/\s+/);
  const typed = words.at(-1) ?? '';
  const candidates = words.length === 1 ? COMMANDS.map(({ name }) => name) : operandWords(words, operator);
  return candidates.filter(candidate => candidate.startsWith(typed));
}

function operandWords(words: readonly string[], { session, viewNames }: Operator): readonly string[] {
  const command = COMMANDS.find(({ name }) => name === words[0]);
  switch (command?.operands[words.length - 2]?.kind) {
    case 'node':
      return session.cluster.topology.nodes.map(({ name }) => name);
    case 'view':
      return viewNames;
    case 'bookmark':
      return [...session.bookmarks.keys()];
    default:
      return [];
  }
}

function operandsOf(command: Command, words: readonly string[]): string[] {
  const { operands } = command;
  if (operands.at(-1)?.kind === 'rest' && words.length >= operands.length) {
    const fixed = operands.length - 1;
    return [...words.slice(0, fixed), words.slice(fixed).join(' ')];
  }
  if (words.length < operands.length)
    throw new BadInput(`${command.name} lacks ${operands[words.length]!.name}: write ${usage(command)}`);
  if (words.length > operands.length)
    throw new BadInput(`${command.name} takes no ${words[operands.length]}: write ${usage(command)}`);
  return [...words];
}

async function run({ session }: Operator, [time = '']: readonly string[]): Promise<Done> {
  await session.run(time);
  return { line: `await session.run('${time}');`, note: `it is ${timeText(session.now)}` };
}

async function next({ session }: Operator): Promise<Done> {
  const { nextEvent } = session.cluster;
  if (nextEvent === Number.POSITIVE_INFINITY) return { line: '', note: 'nothing will ever happen of itself' };
  const time = Math.max(session.now + 1, nextEvent);
  await session.runTo(time);
  return { line: `await session.runTo(${time});`, note: `it is ${timeText(session.now)}` };
}

async function step({ session }: Operator, [node = '']: readonly string[]): Promise<Done> {
  const moved = await session.step(node);
  const note = moved ? undefined : `${node} sleeps and nothing will wake it`;
  return { line: `await session.step(${nodeText(session, node)});`, ...(note === undefined ? {} : { note }) };
}

async function back({ session }: Operator, [node = '']: readonly string[]): Promise<Done> {
  await session.stepBack(node);
  return { line: `await session.stepBack(${nodeText(session, node)});` };
}

async function goTo({ session }: Operator, [place = '']: readonly string[]): Promise<Done> {
  const time = momentOf(session, place);
  await session.visit(time);
  return { line: `await session.visit(${time});`, note: `it is ${timeText(session.now)}` };
}

async function rewind({ session }: Operator, [place = '']: readonly string[]): Promise<Done> {
  const time = momentOf(session, place);
  await session.rewind(time);
  return {
    line: `await session.rewind(${time});`,
    note: `it is ${timeText(session.now)}, a new future begins`,
  };
}

function bookmark({ session }: Operator, [name = '']: readonly string[]): Done {
  session.bookmarks.set(name, session.now);
  return { line: `session.bookmarks.set('${name}', session.now);` };
}

function freeze({ session }: Operator, [node = '', time = '']: readonly string[]): Done {
  return intervene(session, { do: 'freeze', node: session.node(node), ns: nanoseconds(time) });
}

function slow({ session }: Operator, [name = '', percent = '']: readonly string[]): Done {
  const node = session.node(name);
  const station = session.cluster.station(node);
  if (!isBoard(station)) throw new BadInput(`${name} has no clock`);
  const hertz = Math.round((station.clockHz * positive(percent)) / 10_000) * 100;
  return intervene(session, { do: 'clock', node, hertz });
}

function type({ session }: Operator, [node = '', text = '']: readonly string[]): Done {
  session.type(node, `${text}\n`);
  return { line: `session.type(${nodeText(session, node)}, ${JSON.stringify(`${text}\n`)});` };
}

function fault({ session }: Operator, [json = '']: readonly string[]): Done {
  return intervene(session, parsed(json));
}

function plan({ session }: Operator, [time = '', json = '']: readonly string[]): Done {
  const { topology } = session.cluster;
  const intervention = checkIntervention(parsed(json), topology);
  const entry = { when: { at: session.now + nanoseconds(time) }, intervention };
  session.plan(entry);
  return { line: `session.plan(${objectText(entry)});`, note: `planned for ${timeText(entry.when.at)}` };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new BadInput('that is not JSON: write for example {"do":"reset","node":0}');
  }
}

function intervene(session: Session, data: unknown): Done {
  const intervention = checkIntervention(data, session.cluster.topology);
  session.fault(intervention);
  return { line: `session.fault(${objectText(intervention)});` };
}

function trouble({ session }: Operator, [count = '', time = '']: readonly string[]): Done {
  const { topology } = session.cluster;
  const entries = planFaults(new Random(session.seed).stream(`trouble ${session.now}`), topology, {
    fromNs: session.now + 1,
    untilNs: session.now + 1 + nanoseconds(time),
    count: positive(count),
  });
  for (const entry of entries) session.plan(entry);
  return {
    line: `for (const entry of ${JSON.stringify(entries)}) session.plan(entry);`,
    note: `${entries.length} entries planned`,
  };
}

function save(operator: Operator, [file = '']: readonly string[]): Done {
  operator.writeFile(file, operator.session.snapshot());
  return { line: `writeFileSync('${file}', session.snapshot());`, note: `written to ${file}` };
}

function load(operator: Operator, [file = '']: readonly string[]): Done {
  operator.session.restore(operator.readFile(file));
  return { line: `session.restore(readFileSync('${file}'));` };
}

function written(operator: Operator, file: string, contents: Uint8Array | string): Done {
  operator.writeFile(file, contents);
  return { line: '', note: `written to ${file}` };
}

function momentOf(session: Session, place: string): number {
  const marked = session.bookmarks.get(place);
  if (marked !== undefined) return marked;
  const time = place.startsWith('-') ? session.now - nanoseconds(place.slice(1)) : nanoseconds(place);
  if (time >= 0 && time <= session.knownUntil) return time;
  throw new BadInput(`${place} was not passed yet: it is ${timeText(session.now)}`);
}

function viewNamed({ viewNames }: Operator, name: string): string {
  if (viewNames.includes(name)) return name;
  throw new BadInput(`there is no view ${name}: ${meant(name, viewNames)}`);
}

function numberOf(word: string): number {
  const value = Number(word.replace(/%$/, ''));
  if (word !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new BadInput(`${word} is not a number: write for example 5`);
}

function positive(word: string): number {
  const value = numberOf(word);
  if (value > 0) return value;
  throw new BadInput('it must be more than 0');
}

function nodeText(session: Session, node: string): string {
  return `'${session.nameOf(session.node(node))}'`;
}

/** A value as people write it in a script. */
function objectText(value: unknown): string {
  if (typeof value === 'string') return /['\\\n]/.test(value) ? JSON.stringify(value) : `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${objectText(field)}`);
  return `{ ${fields.join(', ')} }`;
}
