/**
 * What init does for those that the manifest gives its port: the end of the machine, and its services.
 */
import type { In, Out } from './types.ts';

/** @contract 11 */
export interface Init {
  /** HALT_OFF or HALT_REBOOT: programs are asked to end, then made to; trees are synced; then the machine ends. */
  halt(how: u32): void;
  /** A service is ended and started again; it does not count as a failure. */
  restart(name: In): void;
  /**
   * For services. The port of the service with that badge gets the bits whenever the caller has been started again,
   * as long as that service's instance lives.
   * @idempotent
   */
  tellOfRestarts(badge: u32, bits: u32): void;
  /**
   * Records of SERVICE_RECORD_SIZE bytes, one for each service of the manifest. → bytes.
   * @idempotent
   */
  list(into: Out): u32;
}

export const HALT_OFF: u32 = 0;
export const HALT_REBOOT: u32 = 1;
/** The same for who cannot wait: bits of init's port. */
export const NOTIFY_HALT_OFF: u32 = 0x1000_0000;
export const NOTIFY_HALT_REBOOT: u32 = 0x2000_0000;

/** A record: name in 12 bytes, state (STATE_…), restarts, pid. */
export const SERVICE_RECORD_SIZE: u32 = 24;
export const SERVICE_RECORD_STATE: u32 = 12;
export const SERVICE_RECORD_RESTARTS: u32 = 16;
export const SERVICE_RECORD_PID: u32 = 20;

/** Its device is not in this machine, or a service that it needs is absent. */
export const STATE_ABSENT: u32 = 0;
export const STATE_RUNS: u32 = 1;
/** It has ended for good. */
export const STATE_FAILED: u32 = 2;
