/**
 * NAME      remote-call — where the cycles of a call between two nodes go
 * SYNOPSIS  node --import tsx test/bench/remote-call.ts [functions|files|lines|order]
 *
 * Boots two nodes, and follows both by the instruction while one calls the other and is answered. Of the fastest
 * of several calls every cycle is booked once, to the program, function, file or line that spent it, or to wire
 * and network cards; so the parts add up to what the caller measured.
 *
 *     caller's node: the call ─→ wire ─→ server's node ─→ wire ─→ caller's node: the answer
 *
 * With `order`: the functions of each program that run for a call, as they come first; what belongs into the
 * program's .order file (images/guest/build.ts).
 *
 * A part on a node ends when its frame is given to the card. What the node does after that goes on while the frame
 * is on its way; it is shown apart, and does not count.
 */
import { Board } from '../../hw/board.ts';
import type { Elf, ElfSymbol } from '../../hw/elf.ts';
import type { Session } from '../../hw/session/session.ts';
import { bootCluster } from '../os/cluster-rig.ts';
import { book, DEVICE, Follower, namer, printed, programsOf, type Step } from './ledger.ts';

const CYCLE_NS = 10;
/** From a call's end to the next one's beginning it takes less. */
const BETWEEN_CALLS = 1000;

const PROGRAMS: Readonly<Record<string, string>> = {
  caller: 'test/os/guest/neighbours.ts',
  net: 'os/service/net/net.ts',
  name: 'os/service/name/name.ts',
};

interface Frame {
  readonly direction: number;
  readonly cycle: number;
}

/** Both boards, until the caller has made all its calls. */
function follow(session: Session, programs: ReadonlyMap<string, Elf>) {
  const followers = [0, 1].map(node => {
    const board = session.cluster.station(node);
    if (!(board instanceof Board)) throw new Error(`node ${node} is no board`);
    return new Follower(board, programs);
  });
  const frames: Frame[] = [];
  session.cluster.share.watch(({ direction, time }) => frames.push({ direction, cycle: time / CYCLE_NS }));
  for (let time = session.now; !session.text(0).includes('cycles '); time += CYCLE_NS) {
    const ends = followers.map(follower => follower.begin());
    session.cluster.runUntil(time);
    for (const end of ends) end();
  }
  return { steps: followers.map(({ steps }) => steps), frames };
}

type Followed = ReturnType<typeof follow>;

/** The moments that part the fastest call, in cycles, which both boards count alike. */
function momentsOf({ steps: [caller, server], frames }: Followed) {
  const readings = caller!.filter(({ isReading }) => isReading).map(({ cycle }) => cycle);
  const calls = readings
    .flatMap((to, at) => (at > 0 ? [{ from: readings[at - 1]!, to }] : []))
    .filter(({ from, to }) => to - from > BETWEEN_CALLS);
  const { from, to } = calls.reduce((best, call) =>
    call.to - call.from < best.to - best.from ? call : best,
  );
  const within = frames.filter(({ cycle }) => cycle > from && cycle < to);
  const request = within.find(({ direction }) => direction === 0)!.cycle;
  const reply = within.findLast(({ direction }) => direction === 1)!.cycle;
  const sent = endOfAccess(caller!, request);
  const answered = endOfAccess(server!, reply);
  const heard = interruptAfter(server!, sent);
  const told = interruptAfter(caller!, answered);
  return { start: from, sent, heard, answered, told, end: to };
}

/** When the last access to a device before that was done: it has given the card its frame. */
function endOfAccess(steps: readonly Step[], cycle: number): number {
  const access = steps.findLast(step => step.cycle < cycle && step.counts[DEVICE]! > 0);
  return access!.cycle + access!.cycles;
}

/** When the node wakes, or is interrupted. */
function interruptAfter(steps: readonly Step[], cycle: number): number {
  const turn = steps.find((step, at) => step.cycle >= cycle && (step.isInterrupt || isAwakening(steps, at)));
  return turn!.cycle;
}

function isAwakening(steps: readonly Step[], at: number): boolean {
  return at > 0 && steps[at - 1]!.program === 'asleep' && steps[at]!.program !== 'asleep';
}

/** Functions of each program, as they first run between two moments. */
function order(parts: readonly (readonly Step[])[], programs: ReadonlyMap<string, Elf>): string {
  const found = new Map([...programs.keys()].map(name => [name, new Set<string>()]));
  const names = new Map([...programs].map(([name, { symbols }]) => [name, functionsOf(symbols)]));
  for (const { program, pc } of parts.flat()) {
    const functions = names.get(program);
    const at = functions?.findLast(({ address }) => address <= pc);
    if (at !== undefined) found.get(program)!.add(at.name);
  }
  return [...found].map(([name, functions]) => `\n${name}:\n${[...functions].join('\n')}\n`).join('');
}

/** Ascending; where a function is exported, by its own name. */
function functionsOf(symbols: readonly ElfSymbol[]): readonly ElfSymbol[] {
  const own = symbols.filter(
    ({ kind, size, name }) => kind === 'function' && size > 0 && !/^[^/]*$/.test(name),
  );
  return own.sort((one, other) => one.address - other.address);
}

const [kind = 'programs'] = process.argv.slice(2);
const session = await bootCluster('line:2', {
  programs: { neighbours: 'neighbours' },
  session: { run: '/boot/bin/neighbours', arguments: ['neighbours', '1', '2'] },
});
await session.expect(0, 'absent', { within: '2s' });
const programs = await programsOf(PROGRAMS);
const followed = follow(session, programs);
const [caller, server] = followed.steps as [Step[], Step[]];
const { start, sent, heard, answered, told, end } = momentsOf(followed);
const within = (steps: readonly Step[], from: number, to: number) =>
  steps.filter(({ cycle }) => cycle >= from && cycle < to);
const call = [within(caller, start, sent), within(server, heard, answered), within(caller, told, end)];
if (kind === 'order') {
  process.stdout.write(order(call, programs));
} else {
  const nameOf = namer(programs, kind);
  const print = (title: string, steps: readonly Step[], from: number, to: number) =>
    process.stdout.write(printed(title, book(steps, from, to, nameOf)));
  print("caller's node, the call", caller, start, sent);
  process.stdout.write(`\nwire and cards: ${heard - sent} cycles\n`);
  print("server's node", server, heard, answered);
  process.stdout.write(`\nwire and cards: ${told - answered} cycles\n`);
  print("caller's node, the answer", caller, told, end);
  process.stdout.write(`\nin all: ${end - start} cycles\n`);
  print("meanwhile, caller's node", caller, sent, told);
  print("meanwhile, server's node", server, answered, end);
}
