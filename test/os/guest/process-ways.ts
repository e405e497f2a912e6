/**
 * A program that has children of all kinds, and prints what it was answered. With an argument they are on the
 * node of that number.
 */
import * as programs from '../../../os/proto/process.client.ts';
import {
  ANY_CHILD,
  FIRST_PROGRAM,
  type Identity,
  RECORD_PARENT,
  RECORD_PID,
  RECORD_SESSION,
  RECORD_SIZE,
  SIGNAL_CONT,
  SIGNAL_KILL,
  SIGNAL_STOP,
  SIGNAL_TERM,
  SIGNAL_TSTP,
  SIGNAL_USR1,
  WAIT_NO_HANG,
  WAIT_STOPPED,
} from '../../../os/proto/process.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { CATCHES, FAULTS, GREEDY, IGNORES, LEAVES, SIXTH, WAITS } from './child.ts';
import { pause } from './patience.ts';
import {
  add,
  begin,
  changed,
  end,
  inheritDescriptors,
  numberArgument,
  prepare,
  spawn,
  spawnAt,
  waitFor,
} from './program.ts';

const SAME_GROUP: i32 = -1;
const OWN_GROUP: i32 = 0;
const RECORDS: u32 = 100;

const identity = memory.data(16, 4);
const records = memory.data(6400, 8);
const handles = memory.data(16, 4);

let own: u32 = 0;
/** The children's. */
let place: u32 = 0;

export function main(_argument: u32): i32 {
  own = handleNamed('process');
  inheritDescriptors();
  const node = numberArgument(1);
  if (node !== 0) spawnAt(node);
  place = node;
  statuses();
  signals();
  stops();
  groups();
  orphans();
  faults();
  crowds();
  descriptors();
  return 0;
}

/** How the change of a child was told. */
function addChange(child: i32): void {
  const change = changed();
  add(<i32>change.pid === child ? 1 : 0);
  add(change.how);
  add(change.value);
}

function statuses(): void {
  begin('status');
  const five = spawn('child', 5, SAME_GROUP);
  waitFor(five, 0);
  addChange(five);
  const second = spawn('child', WAITS, SAME_GROUP);
  waitFor(second, WAIT_NO_HANG);
  add(changed().pid);
  programs.kill(own, second, SIGNAL_KILL);
  waitFor(ANY_CHILD, 0);
  addChange(second);
  add(waitFor(ANY_CHILD, 0));
  end();
}

function signals(): void {
  begin('signal');
  const plain = spawn('child', WAITS, SAME_GROUP);
  add(programs.kill(own, plain, SIGNAL_TERM));
  waitFor(plain, 0);
  addChange(plain);
  const deaf = spawn('child', IGNORES, SAME_GROUP);
  rest(deaf);
  add(programs.kill(own, deaf, SIGNAL_TERM));
  waitFor(deaf, WAIT_NO_HANG);
  add(changed().pid);
  programs.kill(own, deaf, SIGNAL_USR1);
  waitFor(deaf, 0);
  addChange(deaf);
  const listening = spawn('child', CATCHES, SAME_GROUP);
  rest(listening);
  programs.kill(own, listening, SIGNAL_USR1);
  waitFor(listening, 0);
  addChange(listening);
  end();
}

/** Until the child has gone as far as it goes by itself: it runs while this waits for another. */
function rest(_child: i32): void {
  for (let count: u32 = 0; count < 3; count += 1) waitFor(spawn('child', 0, SAME_GROUP), 0);
}

function stops(): void {
  begin('stop');
  const child = spawn('child', WAITS, SAME_GROUP);
  programs.kill(own, child, SIGNAL_TSTP);
  waitFor(child, WAIT_STOPPED);
  addChange(child);
  waitFor(child, WAIT_STOPPED | WAIT_NO_HANG);
  add(changed().pid);
  programs.kill(own, child, SIGNAL_CONT);
  waitFor(child, WAIT_STOPPED);
  addChange(child);
  programs.kill(own, child, SIGNAL_STOP);
  programs.kill(own, child, SIGNAL_KILL);
  waitFor(child, 0);
  addChange(child);
  end();
}

function groups(): void {
  begin('group');
  const leader = spawn('child', WAITS, OWN_GROUP);
  const other = spawn('child', WAITS, leader);
  const outside = spawn('child', WAITS, SAME_GROUP);
  add(programs.kill(own, -leader, SIGNAL_TERM));
  waitFor(-leader, 0);
  waitFor(-leader, 0);
  add(waitFor(-leader, 0));
  add(programs.kill(own, leader, SIGNAL_TERM));
  add(programs.kill(own, other, 0));
  waitFor(outside, WAIT_NO_HANG);
  add(changed().pid);
  add(programs.setGroup(own, outside, 0));
  add(programs.kill(own, -outside, SIGNAL_KILL));
  waitFor(-outside, 0);
  addChange(outside);
  end();
}

/** A child's child goes to init when the child has ended. */
function orphans(): void {
  begin('orphan');
  const child = spawn('child', LEAVES, SAME_GROUP);
  waitFor(child, 0);
  addChange(child);
  programs.identify(own, changetype<Identity>(identity));
  const size: u32 = programs.list(own, place, FIRST_PROGRAM, records, RECORDS * RECORD_SIZE);
  for (let at: u32 = 0; at < size; at += RECORD_SIZE) {
    const pid = load<u32>(records + at, RECORD_PID);
    const isOfSession = load<u32>(records + at, RECORD_SESSION) === changetype<Identity>(identity).session;
    if (pid === changetype<Identity>(identity).pid || !isOfSession) continue;
    add(load<u32>(records + at, RECORD_PARENT));
    programs.kill(own, pid, SIGNAL_KILL);
  }
  end();
}

function faults(): void {
  const child = spawn('child', FAULTS, SAME_GROUP);
  waitFor(child, 0);
  begin('fault');
  addChange(child);
  end();
  const greedy = spawn('child', GREEDY, SAME_GROUP);
  waitFor(greedy, 0);
  begin('greedy');
  addChange(greedy);
  end();
}

const HEARD_TICKS: u32 = 300_000;

/** As many as there is room for, twice: nothing of the first crowd is left, once other nodes have heard of its end. */
function crowds(): void {
  begin('crowd');
  const first = crowd();
  add(first > 15 ? 1 : 0);
  pause(HEARD_TICKS);
  add(crowd() - first);
  end();
}

function crowd(): i32 {
  const leader = spawn('child', WAITS, OWN_GROUP);
  let count: i32 = 1;
  let last: i32 = leader;
  while (last > 0) {
    last = spawn('child', WAITS, leader);
    if (last > 0) count += 1;
  }
  add(last);
  programs.kill(own, -leader, SIGNAL_TERM);
  while (waitFor(-leader, 0) >= 0) {}
  return count;
}

/** More than fit into a message. */
function descriptors(): void {
  begin('descriptor');
  const child = prepare('child', SIXTH, SAME_GROUP);
  for (let at: u32 = 0; at < 12; at += 4) store<u32>(handles + at, handleNamed('fd1'));
  add(programs.give(own, child, handles, 3));
  add(programs.start(own, child));
  waitFor(child, 0);
  addChange(child);
  add(programs.give(own, child, handles, 1));
  end();
}
