/**
 * Messages between the locate services of nodes: eight words, in a kernel's message its label and words. Nothing
 * depends on one's arrival: who needs an answer says it again.
 *
 *     kind      id             word3      word4             set
 *     TELL      resource       sequence   is it here        whom it has replaced: node plus one ┊ sequence there
 *     TOLD      resource       sequence   is it here
 *     ASK       resource       ticket     generation        nodes that need not be named
 *     ANSWER    resource       ticket     outcome           node
 *     GIVE      resource       ticket
 *     GIVEN     resource       ticket     outcome           node; where it is HERE, the port comes along
 *     TAKE      resource       ticket
 *     TAKEN     resource       ticket     outcome           node; where it was HERE, its sequence
 *     SETTLED   resource       sequence
 *     REQUEST                  epoch      the receiver's, as far as is known
 *     STATE     generations:   previous   serial ┊ epoch    view
 *               in use ┊ wanted
 *     HEARD                    serial ┊ epoch
 */
import { count } from './counters.ts';
import { sendTo } from './world.ts';

export const TELL: u32 = 1;
export const TOLD: u32 = 2;
export const ASK: u32 = 3;
export const ANSWER: u32 = 4;
export const GIVE: u32 = 5;
export const GIVEN: u32 = 6;
export const TAKE: u32 = 7;
export const TAKEN: u32 = 8;
export const SETTLED: u32 = 9;
export const REQUEST: u32 = 10;
export const STATE: u32 = 11;
export const HEARD: u32 = 12;

/** Outcomes. */
export const NOT_HERE: u32 = 0;
/** Of ASK: `node` has it. */
export const FOUND: u32 = 1;
/** Of ASK: who is asked does not know all yet. */
export const NOT_YET: u32 = 2;
/** Of GIVE and TAKE. */
export const HERE: u32 = 3;
/** Of GIVE and TAKE: to `node`, as far as is known. */
export const MOVED: u32 = 4;

//@unmanaged
export class Words {
  /** The kind in bits 7–0, above them the node that speaks. */
  label: u32 = 0;
  /** Which start of the service speaks: a number that grows. */
  start: u32 = 0;
  id: u64 = 0;
  word3: u32 = 0;
  word4: u32 = 0;
  set: u64 = 0;
}

export const WORDS_SIZE: u32 = 32;
const KIND_MASK: u32 = 0xff;
const NODE_SHIFT: u32 = 8;

const outgoing = memory.data(32, 8);
let ownNode: u32 = 0;
let ownStart: u32 = 0;

export function setSpeaker(node: u32, start: u32): void {
  ownNode = node;
  ownStart = start;
}

export function kindOf(words: Words): u32 {
  return words.label & KIND_MASK;
}

export function speakerOf(words: Words): u32 {
  return words.label >> NODE_SHIFT;
}

export function say(node: u32, kind: u32, id: u64, word3: u32, word4: u32, set: u64): void {
  sayWith(0, node, kind, id, word3, word4, set);
}

/** With a port, of which the receiver gets a copy. */
export function sayWith(port: u32, node: u32, kind: u32, id: u64, word3: u32, word4: u32, set: u64): void {
  const words = changetype<Words>(outgoing);
  words.label = kind | (ownNode << NODE_SHIFT);
  words.start = ownStart;
  words.id = id;
  words.word3 = word3;
  words.word4 = word4;
  words.set = set;
  count(kind);
  sendTo(node, outgoing, port);
}

/** Two words as one value. */
//@inline
export function pair(low: u32, high: u32): u64 {
  return ((high as u64) << 32) | (low as u64);
}
