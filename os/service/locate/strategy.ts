/**
 * The strategies by number, behind one table. Each is two functions of a class of resources:
 *
 *     keepers(class)         the nodes that are told of every resource of the class, in acknowledged messages
 *     asked(class, round)    the nodes that a search asks in its n-th round, whom it has not asked before; a round
 *                            that has nobody left to ask is the end of the search
 *
 * Whatever they say, each node knows its own resources, and only a resource's holder gives it away: a strategy
 * decides what is sent and how long it takes, never what is true.
 */
import {
  STRATEGIES,
  STRATEGY_BY_CLASS,
  STRATEGY_CENTRAL,
  STRATEGY_FULL,
  STRATEGY_LOCAL,
} from '../../proto/locate.ts';
import * as byClass from './by-class.ts';
import * as central from './central.ts';
import * as fullCopy from './full-copy.ts';
import * as localOnly from './local-only.ts';

const CLASS_SHIFT: u64 = 58;

const table = memory.data(32, 4);

export function startStrategies(): void {
  enter(STRATEGY_CENTRAL, central.keepers.index, central.asked.index);
  enter(STRATEGY_BY_CLASS, byClass.keepers.index, byClass.asked.index);
  enter(STRATEGY_LOCAL, localOnly.keepers.index, localOnly.asked.index);
  enter(STRATEGY_FULL, fullCopy.keepers.index, fullCopy.asked.index);
}

function enter(strategy: u32, keepers: u32, asked: u32): void {
  assert(strategy < STRATEGIES);
  store<u32>(table + (strategy << 3), keepers);
  store<u32>(table + (strategy << 3), asked, 4);
}

/** Of a resource. */
function classOf(id: u64): u32 {
  return (id >> CLASS_SHIFT) as u32;
}

export function keepersBy(strategy: u32, id: u64): u64 {
  return call_indirect<u64>(load<u32>(table + (strategy << 3)), classOf(id));
}

export function askedBy(strategy: u32, id: u64, round: u32): u64 {
  return call_indirect<u64>(load<u32>(table + (strategy << 3), 4), classOf(id), round);
}
