/**
 * NAME
 *     top: watch what processes do
 * SYNOPSIS
 *     top [-b] [-d SECONDS] [-n COUNT] [-N NODE] [-o FIELD] [-p PID,…]
 * DESCRIPTION
 *     Shows the processes, services among them, and how much of the processor's time each has had since it was
 *     shown last, to the cycle; the first time, since the machine was switched on. The rest was nobody's. In a
 *     cluster those of all nodes, whose processors and memories are taken together.
 *
 *     Keys: q quit   space now   P by the processor's time since   M by memory   T by all its time   N by number
 *
 *     -b   one below the other, without keys   -n   so many times   -d   every so many seconds (3)
 *     -o   by cpu, mem, time or pid            -p   only these                        -N   of this node only
 *
 *     S is R for one that runs or would, S for one that waits, T stopped, Z ended and not waited for. RSS is in KiB.
 * SEE ALSO
 *     ps, free, uptime, kill
 */
import { ERROR_CANCELLED, ERROR_TIMED_OUT } from '../../os/abi/errors.ts';
import { now, TICKS_PER_SECOND } from '../../os/runtime/clock.ts';
import { waitUntil } from '../lib/clock.ts';
import { nodeNumber } from '../lib/cluster.ts';
import { complain } from '../lib/complaint.ts';
import { standardInput } from '../lib/file.ts';
import { KeyDecoder } from '../lib/keys.ts';
import { complainOfNode } from '../lib/members.ts';
import { readKeys } from '../lib/object.ts';
import { Options } from '../lib/options.ts';
import { orderOf } from '../lib/order.ts';
import { flushOutput, isTerminal, print, standardOutput } from '../lib/output.ts';
import {
  BYTES_PER_PAGE,
  clusterList,
  cyclesPerSecond,
  type ListedProcess,
  MemoryUse,
  processorTime,
  reachedNodes,
  stateLetter,
} from '../lib/process-list.ts';
import { attributesOf, setAttributes, setRaw, type Window, windowOf } from '../lib/terminal.ts';
import { upLine } from '../lib/up-time.ts';

const FIELDS: StaticArray<string> = ['cpu', 'mem', 'time', 'pid'];
const KEYS = 'PMTN';
/** Lines above the processes. */
const HEAD_LINES: i32 = 5;
const HEADING = '   PID PRI S   RSS  %CPU     TIME COMMAND';

let order: string = 'cpu';
let pids: string[] = [];
/** −1: all of them. */
let node: i32 = -1;
let nodes: i32[] = [];
let delay: u64 = 3 * <u64>TICKS_PER_SECOND;
let timesLeft: i64 = i64.MAX_VALUE;
/** The cycles of each process, by its number, when it was shown last, and when that was. */
let before = new Map<i32, u64>();
let shown: u64 = 0;
/** What is shown, and the cycles that each of it has had since, which was so many ticks ago. */
let all: ListedProcess[] = [];
let shares: u64[] = [];
let elapsed: u64 = 1;

export function main(): i32 {
  const options = new Options(
    'top [-b] [-d SECONDS] [-n COUNT] [-N NODE] [-o FIELD] [-p PID,...]',
    'bd:n:N:o:p:',
  );
  let isBatch = false;
  while (options.next()) {
    const letter = options.letter;
    if (letter === 'b') isBatch = true;
    if (letter === 'n') timesLeft = options.number('-n argument', 1);
    if (letter === 'p') pids = pids.concat(options.value.split(','));
    if (letter === 'N') node = nodeNumber(options, options.value);
    if (letter === 'd') delay = ticksOf(options);
    if (letter === 'o') order = options.value.replace('%', '').toLowerCase();
  }
  options.allow(0);
  if (node >= 0 && !reachedNodes().includes(node)) {
    complainOfNode(node);
    return 1;
  }
  if (!FIELDS.includes(order)) options.fail(`unrecognized field name '${order}'`);
  return isBatch ? showAgain() : watch();
}

function ticksOf(options: Options): u64 {
  const seconds = parseFloat(options.value);
  if (!(seconds >= 0)) options.fail(`bad delay interval '${options.value}'`);
  return <u64>(seconds * <f64>TICKS_PER_SECOND);
}

function showAgain(): i32 {
  while (true) {
    measure();
    print(frame(i32.MAX_VALUE, i32.MAX_VALUE, '', '\n'));
    if (flushOutput() < 0 || --timesLeft === 0) return 0;
    print('\n');
    if (waitUntil(shown + delay) === ERROR_CANCELLED) return 0;
  }
}

/** On the screen, until q. */
function watch(): i32 {
  const input = standardInput();
  const mode = attributesOf(input);
  if (mode === null || !isTerminal(standardOutput().handle)) {
    complain('not at a terminal: see -b');
    return 1;
  }
  setRaw(input, mode);
  const decoder = new KeyDecoder();
  const byte = heap.alloc(1);
  print('\x1b[?1049h\x1b[?25l');
  for (let isOver = false; !isOver; ) {
    measure();
    showScreen(windowOf(input));
    if (--timesLeft === 0) break;
    const deadline = shown + delay;
    while (now() < deadline) {
      const count = readKeys(input, deadline, byte, 1);
      isOver = count <= 0 && count !== ERROR_TIMED_OUT && count !== ERROR_CANCELLED;
      if (isOver || count <= 0) break;
      const key = decoder.feed(load<u8>(byte));
      isOver = key === 'q' || key === 'C-c';
      if (isOver || key === ' ') break;
      const place = key.length === 1 ? KEYS.indexOf(key.toUpperCase()) : -1;
      if (place < 0) continue;
      order = FIELDS[place];
      showScreen(windowOf(input));
    }
  }
  heap.free(byte);
  print('\x1b[?25h\x1b[?1049l');
  flushOutput();
  setAttributes(input, mode);
  return 0;
}

function showScreen(window: Window): void {
  print('\x1b[H' + frame(window.rows - HEAD_LINES, window.columns, '\x1b[7m', '\x1b[m\x1b[K\r\n') + '\x1b[J');
  flushOutput();
}

function measure(): void {
  const time = now();
  nodes = node < 0 ? reachedNodes() : [node];
  all = clusterList(nodes);
  elapsed = max<u64>(1, time - shown);
  shown = time;
  shares = [];
  const after = new Map<i32, u64>();
  for (let index = 0; index < all.length; index++) {
    const process = all[index];
    const earlier = before.has(process.pid) ? before.get(process.pid) : 0;
    // A number may be another process's by now.
    shares.push(process.cycles >= earlier ? process.cycles - earlier : process.cycles);
    after.set(process.pid, process.cycles);
  }
  before = after;
}

/** `end` ends each line; the heading begins with `mark`. The last line has no end where rows are few. */
function frame(rows: i32, columns: i32, mark: string, end: string): string {
  let used: u64 = 0;
  for (let index = 0; index < shares.length; index++) used += shares[index];
  let possible: u64 = 0;
  for (let index = 0; index < nodes.length; index++) possible += cyclesSince(nodes[index]);
  const busy = min<u64>(1000, (used * 1000) / possible);
  const use = new MemoryUse(all);
  const lines: string[] = [
    `top - ${upLine(all.length)}`,
    `CPU: ${tenths(busy)}% used, ${tenths(1000 - busy)}% idle`,
    `KiB Mem: ${kib(use.total)} total, ${kib(use.used)} used, ${kib(use.available)} available`,
    '',
    nodes.length > 1 ? 'NODE ' + HEADING : HEADING,
  ];
  let text = '';
  for (let index = 0; index < lines.length; index++)
    text += (index === lines.length - 1 ? mark : '') + lines[index].substring(0, columns) + end;
  const places = orderOf(all.length, compared);
  for (let index = 0; index < places.length && rows > 1; index++) {
    if (pids.length > 0 && !pids.includes(all[places[index]].pid.toString())) continue;
    text += row(places[index]).substring(0, columns) + end;
    rows--;
  }
  return text;
}

/** All that the node's processor has had since it was shown last. */
function cyclesSince(node: i32): u64 {
  return max<u64>(1, (elapsed * cyclesPerSecond(node)) / TICKS_PER_SECOND);
}

function compared(i: i32, j: i32): i32 {
  if (order === 'mem') return all[j].pages > all[i].pages ? 1 : all[j].pages < all[i].pages ? -1 : 0;
  if (order === 'time') return all[j].cycles > all[i].cycles ? 1 : all[j].cycles < all[i].cycles ? -1 : 0;
  if (order === 'cpu') return shares[j] > shares[i] ? 1 : shares[j] < shares[i] ? -1 : 0;
  return all[i].pid - all[j].pid;
}

function row(index: i32): string {
  const process = all[index];
  const pid = process.pid.toString().padStart(6);
  const priority = process.priority.toString().padStart(3);
  const memory = kib(process.pages).padStart(5);
  const share = tenths((shares[index] * 1000) / cyclesSince(process.node)).padStart(5);
  const time = processorTime(process.cycles, cyclesPerSecond(process.node)).padStart(8);
  const place = nodes.length > 1 ? process.node.toString().padStart(4) + ' ' : '';
  return `${place}${pid} ${priority} ${stateLetter(process.state)} ${memory} ${share} ${time} ${process.name}`;
}

function tenths(value: u64): string {
  return `${value / 10}.${value % 10}`;
}

function kib(pages: u32): string {
  return ((<u64>pages * BYTES_PER_PAGE) / 1024).toString();
}
