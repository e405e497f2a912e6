/**
 * Where resources are in the cluster. A resource is a port that is known everywhere by an id of 64 bits: its class in
 * bits 63–58, below them a number, a hash, or a name that is spelled (os/lib/spelling.ts). Several nodes may have a
 * resource of the same id: any of them will do then, this node's own first.
 *
 *     state      words in the order of LOCATE_…; counters from LOCATE_COUNTS on
 */
import type { Out, Send } from './types.ts';

/** One node keeps all; each class has its keeper; nobody keeps, and searches ask around; everybody keeps all. */
export const STRATEGY_CENTRAL: u32 = 0;
export const STRATEGY_BY_CLASS: u32 = 1;
export const STRATEGY_LOCAL: u32 = 2;
export const STRATEGY_FULL: u32 = 3;
export const STRATEGIES: u32 = 4;

/** The class of services by their names. */
export const CLASS_SERVICE: u32 = 1;
export const CLASS_SHIFT: u32 = 58;

/** Generations, with the strategy in bits 1–0: the one in use, and that which will be when all have agreed. */
export const LOCATE_IN_USE: u32 = 0;
export const LOCATE_WANTED: u32 = 4;
/** Resources of this node, rows kept about those of others, hints to places found lately, and bytes of all these. */
export const LOCATE_OWN: u32 = 8;
export const LOCATE_ROWS: u32 = 12;
export const LOCATE_HINTS: u32 = 16;
export const LOCATE_BYTES: u32 = 20;
/** Words: messages sent by kind, 1 … 12, then searches, and how many found it here, by hint, by a wrong one, by none. */
export const LOCATE_COUNTS: u32 = 24;
export const LOCATE_COUNTERS: u32 = 18;
export const LOCATE_STATE_SIZE: u32 = 96;

/** @contract 19 */
export interface Locate {
  /** For services. From now on the resource is here too; everybody finds it when this is answered. */
  bind(resource: u64, server: Send): void;
  /** For services. What was at that node is here: when this is answered, nobody gets it there any more. */
  move(resource: u64, from: u32, server: Send): void;
  /** For services. It is here no more. */
  unbind(resource: u64): void;
  /**
   * For services. Its port gets the bits when this service has begun anew: what was bound is forgotten then, and is to
   * be bound again (os/runtime/bound.ts).
   * @idempotent
   */
  attend(bits: u32): void;
  /**
   * The port of the resource, wherever it is. Programs get services only.
   * @idempotent
   */
  resolve(resource: u64): Send;
  /** Another strategy for the whole cluster; answered when it is in use; ERROR_BUSY: another was chosen then. */
  use(strategy: u32): void;
  /**
   * The resources that are here. → bytes of ids, eight each.
   * @idempotent
   */
  list(into: Out): u32;
  /**
   * This node's services, offered to others or not. → bytes of records as init has them (init.ts).
   * @idempotent
   */
  services(into: Out): u32;
  /**
   * → bytes of the state.
   * @idempotent
   */
  inspect(into: Out): u32;
}
