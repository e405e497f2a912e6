/**
 * What the thread that owns a cluster asks of its worker threads, and what they answer.
 *
 * Every request has a number; its answer has the same. Requests are carried out in order.
 */
import type { Sighting } from './capture.ts';
import type { Intervention } from './fault.ts';
import type { ExchangePlan } from './worker-exchange.ts';

/**
 * Where a cluster's description comes from: a module that exports `clusterOptions(data)`, which gives, or
 * promises, the options of hw/cluster.ts. Each thread builds its own boards with it.
 */
export interface Recipe {
  /** The module's URL. */
  readonly module: string;
  /** Anything that can be sent to another thread. */
  readonly data: unknown;
}

export interface WorkerStart {
  readonly recipe: Recipe;
  readonly plan: ExchangePlan;
  readonly self: number;
}

export type Request =
  | { readonly ask: 'run'; readonly limit: number }
  | { readonly ask: 'refusal'; readonly intervention: Intervention }
  | { readonly ask: 'carryOut'; readonly intervention: Intervention; readonly now: number }
  | { readonly ask: 'timeOfCycle'; readonly node: number; readonly cycle: number; readonly now: number }
  | { readonly ask: 'hashes' }
  | { readonly ask: 'save'; readonly now: number }
  | { readonly ask: 'restore'; readonly file: Uint8Array }
  | { readonly ask: 'watch'; readonly watching: boolean };

export interface Numbered {
  readonly number: number;
  readonly request: Request;
}

/** A character that a board has sent over its serial line. */
export interface SerialByte {
  readonly node: number;
  readonly byte: number;
  readonly at: number;
}

export interface RunAnswer {
  readonly reached: boolean;
  readonly sightings: readonly Sighting[];
  readonly serial: readonly SerialByte[];
}

export type Answer =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: string };
