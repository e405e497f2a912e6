/**
 * Errands: what other nodes are to be told or asked. There are two sorts. What an entry of the process table owes
 * (`errands`, bit n for what n means to a courier) is told until it is answered: it only says how things stand.
 * What a caller here has asked for has an entry in the table below, goes once to each of its nodes, and ends with
 * the caller's answer.
 *
 * A process has one errand under way at a time. After a failure it waits for a moment, and couriers look who is
 * still there.
 */
import { ERROR_ACCESS, ERROR_BUSY, ERROR_NO_SUCH_PROCESS, ERROR_NODE_LOST } from '../../abi/errors.ts';
import { isNone, none } from '../../lib/pointer.ts';
import {
  completeGive,
  completeKill,
  completeList,
  completeSetGroup,
  completeStart,
} from '../../proto/process.server.ts';
import { now, TICKS_PER_MILLISECOND } from '../../runtime/clock.ts';
import { LATER } from '../../runtime/serve.ts';
import { close, createTimer, setTimer } from '../../runtime/system.ts';
import { finishHolds, finishSpawnAway, loseNode, noteGroup, noteStart } from './away.ts';
import {
  BACK,
  CHANGED,
  COURIERS,
  type Courier,
  courierAt,
  FORSAKE,
  freeCourier,
  GIVE,
  givenOf,
  HOLDS,
  IDLE,
  LIST,
  LOOK,
  NO_ERRAND,
  NODES_MAX,
  OFFER,
  READY,
  RETURNED,
  SET_GROUP,
  SIGNAL,
  SPAWN,
  START,
  sendOut,
  setState,
  stateOf,
} from './courier.ts';
import { finishChanged, finishReady } from './foreign.ts';
import { JOB_NONE, jobOf } from './loader.ts';
import { firstOf, isThere, isTold, noteThere, owe, setOf, untoldThere } from './nodes.ts';
import { closeGiven } from './spawn.ts';
import { ENDED, GONE, otherNode, type Process, processAt, processesEnd } from './table.ts';

//@unmanaged
export class Errand {
  /** As of a courier; 0 where the entry is free. */
  what: u32 = 0;
  /** Who waits for it; 0: nobody. */
  token: u32 = 0;
  /** Where it has still to go, and how many couriers are out with it. */
  nodes: u64 = 0;
  out: u32 = 0;
  result: i32 = 0;
  word0: u32 = 0;
  word1: u32 = 0;
  word2: u32 = 0;
  word3: u32 = 0;
  given: u32 = 0;
  given0: u32 = 0;
  given1: u32 = 0;
  given2: u32 = 0;
  given3: u32 = 0;
}

const ERRANDS_MAX: u32 = 32;
const ENTRY_SIZE: u32 = 64;
/** The last ones are for what no caller waits for. */
const ASKED_MAX: u32 = 16;
const PAUSE_MILLISECONDS: u32 = 5;

const errands = memory.data(2048, 8);

let port: u32 = 0;
let pauseBit: u32 = 0;
let timer: u32 = 0;
let isPaused = false;
/** There may be something for couriers to do. */
let isWanted = true;
let wantsOffer = true;
let wantsLook = true;

/** The port gets the bit when a pause is over. */
export function startErrands(told: u32, bit: u32): void {
  assert(offsetof<Errand>() <= ENTRY_SIZE);
  port = told;
  pauseBit = bit;
  timer = createTimer();
}

function errandAt(index: u32): Errand {
  return changetype<Errand>(errands + index * ENTRY_SIZE);
}

/** From now on the process's other node has to be told this. */
export function oweErrand(process: Process, what: u32): void {
  process.errands |= 1 << what;
  isWanted = true;
}

/** A new errand to the nodes, to be filled; none where there are too many. */
export function newErrand(what: u32, token: u32, nodes: u64): Errand {
  for (let index: u32 = token === 0 ? ASKED_MAX : 0; index < ERRANDS_MAX; index += 1) {
    const errand = errandAt(index);
    if (errand.what !== 0) continue;
    if (token !== 0 && index >= ASKED_MAX) break;
    memory.fill(changetype<usize>(errand), 0, ENTRY_SIZE);
    errand.what = what;
    errand.token = token;
    errand.nodes = nodes;
    errand.result = ERROR_NO_SUCH_PROCESS;
    isWanted = true;
    return errand;
  }
  return none<Errand>();
}

/** The same to one node, with two words. → LATER, or an error. */
export function ask(what: u32, token: u32, node: u32, word0: u32, word1: u32): i32 {
  const errand = newErrand(what, token, setOf(node));
  if (isNone(errand)) return ERROR_BUSY;
  errand.word0 = word0;
  errand.word1 = word1;
  return LATER;
}

/** Nodes have come or gone. */
export function lookAround(): void {
  wantsOffer = wantsLook = isWanted = true;
}

/** The pause after a failure is over. */
export function resumeErrands(): void {
  isPaused = false;
  for (let index: u32 = 0; index < processesEnd(); index += 1) processAt(index).isHeld = 0;
  lookAround();
}

function pause(): void {
  isWanted = true;
  if (isPaused) return;
  isPaused = true;
  const end = now() + (PAUSE_MILLISECONDS as u64) * (TICKS_PER_MILLISECOND as u64);
  setTimer(timer, port, pauseBit, end as u32, (end >> 32) as u32);
}

/** Gives couriers what there is to do. By the main thread, before it waits. */
export function sendCouriers(): void {
  if (!isWanted) return;
  isWanted = false;
  if (wantsOffer && sendPlain(OFFER, NODES_MAX)) wantsOffer = false;
  if (wantsLook && sendPlain(LOOK, NODES_MAX)) wantsLook = false;
  for (let index: u32 = 0; index < processesEnd(); index += 1) {
    const process = processAt(index);
    if (process.pid !== 0 && process.errands !== 0) sendFor(process);
  }
  for (let index: u32 = 0; index < ERRANDS_MAX; index += 1) {
    if (errandAt(index).what !== 0) sendAsked(index);
  }
  if (isPaused) return;
  let nodes = untoldThere();
  for (let node = firstOf(nodes); node < NODES_MAX; node = firstOf(nodes)) {
    nodes &= ~setOf(node);
    if (sendPlain(RETURNED, node)) isTold(node);
  }
}

/** A free courier for the node, its entry cleared; none where that has to wait. */
function courierFor(node: u32, what: u32): Courier {
  const index = freeCourier(node);
  if (index === COURIERS) return none<Courier>();
  const courier = courierAt(index);
  courier.what = what;
  courier.node = node;
  courier.process = 0;
  courier.errand = NO_ERRAND;
  courier.given = 0;
  return courier;
}

function sendPlain(what: u32, node: u32): bool {
  const courier = courierFor(node, what);
  if (isNone(courier)) return false;
  sendOut(courier);
  return true;
}

function sendFor(process: Process): void {
  if (process.isUnderWay !== 0 || process.isHeld !== 0 || jobOf(process) !== JOB_NONE) return;
  const what = <u32>ctz(process.errands);
  const courier = courierFor(otherNode(process), what);
  if (isNone(courier)) return;
  process.errands &= ~(1 << what);
  process.isUnderWay = what;
  courier.process = changetype<usize>(process);
  courier.word0 = process.key;
  if (what === SPAWN) {
    courier.token = process.token;
    courier.word0 = process.group === process.key ? 0 : process.group;
    courier.word1 = process.session === process.key ? 0 : process.session;
  } else if (what === READY) {
    courier.word1 = process.pid;
    courier.word2 = process.result;
  } else if (what === CHANGED) describeChange(process, courier);
  sendOut(courier);
}

function describeChange(process: Process, courier: Courier): void {
  const hasEnded = process.state === ENDED;
  courier.word1 = hasEnded ? process.how : process.change;
  courier.word2 = process.value;
  courier.word3 = process.group;
  const own = ((process.cyclesHigh as u64) << 32) | (process.cyclesLow as u64);
  courier.cycles = own + process.childrenCycles;
}

function sendAsked(index: u32): void {
  const errand = errandAt(index);
  let nodes = errand.nodes;
  for (let node = firstOf(nodes); node < NODES_MAX; node = firstOf(nodes)) {
    nodes &= ~setOf(node);
    const courier = courierFor(node, errand.what);
    if (isNone(courier)) continue;
    errand.nodes &= ~setOf(node);
    errand.out += 1;
    courier.errand = index;
    courier.token = errand.token;
    courier.word0 = errand.word0;
    courier.word1 = errand.word1;
    courier.word2 = errand.word2;
    courier.word3 = errand.word3;
    courier.given = errand.given;
    memory.copy(givenOf(courier), handlesOf(errand), 16);
    sendOut(courier);
  }
}

export function handlesOf(errand: Errand): u32 {
  return changetype<usize>(errand) + offsetof<Errand>('given0');
}

/** Couriers have come back. */
export function hearCouriers(): void {
  for (let index: u32 = 0; index < COURIERS; index += 1) {
    const courier = courierAt(index);
    if (stateOf(courier) !== BACK) continue;
    setState(courier, IDLE);
    isWanted = true;
    if (courier.result === ERROR_NODE_LOST) owe(courier.node);
    if (courier.process !== 0) finishFor(changetype<Process>(courier.process), courier);
    else if (courier.errand !== NO_ERRAND) finishAsked(errandAt(courier.errand), courier.result);
    else finishPlain(courier);
  }
}

function finishPlain(courier: Courier): void {
  if (courier.what === RETURNED && courier.result < 0) {
    owe(courier.node);
    pause();
  }
  if (courier.what !== LOOK) return;
  let lost = noteThere(((courier.word1 as u64) << 32) | (courier.word0 as u64));
  for (let node = firstOf(lost); node < NODES_MAX; node = firstOf(lost)) {
    lost &= ~setOf(node);
    loseNode(node);
  }
}

function finishFor(process: Process, courier: Courier): void {
  process.isUnderWay = 0;
  if (isAgain(process, courier)) {
    process.errands |= 1 << courier.what;
    process.isHeld = 1;
    pause();
  } else if (process.state === GONE) {
    closeGiven(process);
    process.pid = 0;
  } else settle(process, courier);
}

/** What was not heard is said again; a spawn is never, and what is ready is for nobody when the parent is lost. */
function isAgain(process: Process, courier: Courier): bool {
  const result = courier.result;
  if (result >= 0 || result === ERROR_NO_SUCH_PROCESS || courier.what === SPAWN) return false;
  if (courier.what === READY && result === ERROR_NODE_LOST) return false;
  if (process.key !== courier.word0) return false;
  if (courier.what === HOLDS) return process.state !== GONE && process.state !== ENDED;
  return process.state !== GONE || (courier.what === FORSAKE && isThere(courier.node));
}

function settle(process: Process, courier: Courier): void {
  switch (courier.what) {
    case SPAWN:
      finishSpawnAway(process, courier.result);
      break;
    case READY:
      finishReady(process, courier.result);
      break;
    case CHANGED:
      if (process.key === courier.word0) finishChanged(process, courier.word1, courier.result);
      break;
    case HOLDS:
      if (process.key === courier.word0) finishHolds(process, courier.result);
  }
}

function finishAsked(errand: Errand, result: i32): void {
  errand.out -= 1;
  if (errand.what === SIGNAL) errand.result = better(errand.result, result);
  else errand.result = result;
  if (errand.nodes !== 0 || errand.out !== 0) return;
  const token = errand.token;
  const outcome = errand.result;
  for (let index: u32 = 0; index < errand.given; index += 1)
    close(load<u32>(handlesOf(errand) + (index << 2)));
  const what = errand.what;
  errand.what = 0;
  switch (what) {
    case SIGNAL:
      completeKill(token, outcome);
      break;
    case LIST:
      completeList(token, outcome);
      break;
    case GIVE:
      completeGive(token, outcome);
      break;
    case START:
      noteStart(errand.word0, outcome);
      completeStart(token, outcome);
      break;
    case SET_GROUP:
      noteGroup(errand.word0, errand.word1, outcome);
      completeSetGroup(token, outcome);
  }
}

/** Of a signal to several nodes: somebody got it, or was not to get it, or nobody was there. */
export function better(one: i32, other: i32): i32 {
  if (one === 0 || other === 0) return 0;
  return one === ERROR_ACCESS || other === ERROR_ACCESS ? ERROR_ACCESS : ERROR_NO_SUCH_PROCESS;
}
