/**
 * Which strategy is in use, and which is wanted. Each change of it is a generation, and the greatest that anybody
 * knows is the one that all want:
 *
 *     counter ┊ the node that asked for it in bits 7–2 ┊ strategy in bits 1–0
 *
 * Keepers by all of these are told, while searches go by the one in use.
 */
import { keepersBy } from './strategy.ts';

const STRATEGY_MASK: u32 = 3;
const NODE_SHIFT: u32 = 2;
const COUNTER_SHIFT: u32 = 8;

let current: u32 = 0;
let greatest: u32 = 0;
/** That before the one in use, while others may still search by it; the one in use where there is no such. */
let before: u32 = 0;

export function startGenerations(strategy: u32): void {
  current = greatest = before = strategy;
}

export function inUse(): u32 {
  return current;
}

export function wanted(): u32 {
  return greatest;
}

export function previous(): u32 {
  return before;
}

export function strategyOf(generation: u32): u32 {
  return generation & STRATEGY_MASK;
}

/** A new one, wanted by this node. */
export function wantStrategy(strategy: u32, node: u32): void {
  const counter = (greatest >> COUNTER_SHIFT) + 1;
  greatest = (counter << COUNTER_SHIFT) | (node << NODE_SHIFT) | strategy;
}

/** One that another node knows. Whether it was not known here. */
export function wantGeneration(generation: u32): bool {
  if (generation <= greatest) return false;
  greatest = generation;
  return true;
}

export function useWanted(): void {
  before = current;
  current = greatest;
}

/** Nobody searches by the previous one any more. */
export function forgetPrevious(): void {
  before = current;
}

/** Those who are to know of the resource. */
export function keepersOf(id: u64): u64 {
  let keepers = keepersBy(strategyOf(current), id);
  if (greatest !== current) keepers |= keepersBy(strategyOf(greatest), id);
  if (before !== current) keepers |= keepersBy(strategyOf(before), id);
  return keepers;
}
