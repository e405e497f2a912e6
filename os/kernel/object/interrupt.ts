/**
 * Interrupts: one object for each source of the PLIC, bound to a port's notification bits. From its delivery
 * to the driver's acknowledgement a source is silent.
 */

import { load32, store32, unlikely } from 'rv';
import {
  PLIC_CONTEXT_SUPERVISOR,
  PLIC_ENABLE,
  PLIC_ENABLE_STRIDE,
  PLIC_PRIORITY,
} from '../../../hw/manual/plic.ts';
import { ERROR_BAD_ARGUMENT, ERROR_BAD_STATE, ERROR_QUOTA } from '../../abi/errors.ts';
import { INTERRUPT_SOURCES } from '../../abi/limits.ts';
import {
  KIND_CONTROL,
  KIND_INTERRUPT,
  KIND_PORT,
  RIGHT_MANAGE,
  RIGHT_NOTIFY,
  RIGHTS_ALL,
} from '../../abi/rights.ts';
import { isNone, none } from '../../lib/pointer.ts';
import { faultOf, find, install } from '../handle-table.ts';
import { completeInterrupt } from '../interrupts.ts';
import { takeAtBoot } from '../page.ts';
import { PLIC_WINDOW } from '../page-table.ts';
import { current } from '../schedule.ts';
import type { Handle, Interrupt, Port } from '../structures.ts';
import { notify, releasePort } from './port.ts';

const ENABLE: u32 = PLIC_WINDOW + PLIC_ENABLE + PLIC_CONTEXT_SUPERVISOR * PLIC_ENABLE_STRIDE;

let interrupts: u32 = 0;

export function startInterruptObjects(): void {
  interrupts = takeAtBoot(INTERRUPT_SOURCES * offsetof<Interrupt>());
  for (let source: u32 = 1; source < INTERRUPT_SOURCES; source += 1) {
    interruptOf(source).source = source;
    store32(PLIC_WINDOW + PLIC_PRIORITY + (source << 2), 0);
  }
  for (let word: u32 = 0; word < INTERRUPT_SOURCES >> 5; word += 1) store32(ENABLE + (word << 2), 0);
}

/** → h. */
export function interruptCreate(control: u32, source: u32): i32 {
  const space = current().space;
  const fault = faultOf(find(space, control), KIND_CONTROL, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  if (source === 0 || source >= INTERRUPT_SOURCES) return ERROR_BAD_ARGUMENT;
  const interrupt = interruptOf(source);
  if (interrupt.references !== 0) return ERROR_BAD_STATE;
  const value = install(space, changetype<usize>(interrupt), KIND_INTERRUPT, RIGHTS_ALL, 0, none<Handle>());
  return value === 0 ? ERROR_QUOTA : value;
}

/** → 0. */
export function interruptBind(value: u32, told: u32, bits: u32): i32 {
  const space = current().space;
  const handle = find(space, value);
  const fault = faultOf(handle, KIND_INTERRUPT, RIGHT_MANAGE);
  if (fault !== 0) return fault;
  const portHandle = find(space, told);
  const portFault = faultOf(portHandle, KIND_PORT, RIGHT_NOTIFY);
  if (portFault !== 0) return portFault;
  const interrupt = changetype<Interrupt>(handle.object);
  unbind(interrupt);
  interrupt.port = changetype<Port>(portHandle.object);
  interrupt.port.references += 1;
  interrupt.bits = bits;
  enable(interrupt.source);
  return 0;
}

/** → 0. */
export function interruptAcknowledge(value: u32): i32 {
  const handle = find(current().space, value);
  const fault = faultOf(handle, KIND_INTERRUPT, RIGHT_MANAGE);
  if (fault !== 0) {
    unlikely();
    return fault;
  }
  const interrupt = changetype<Interrupt>(handle.object);
  if (interrupt.isPending === 0) {
    unlikely();
    return ERROR_BAD_STATE;
  }
  interrupt.isPending = 0;
  completeInterrupt(interrupt.source);
  return 0;
}

/** The PLIC has handed over this source's interrupt. */
//@inline
export function deliverInterrupt(source: u32): void {
  assert(source < INTERRUPT_SOURCES);
  const interrupt = interruptOf(source);
  if (isNone(interrupt.port)) {
    unlikely();
    disable(source);
    completeInterrupt(source);
    return;
  }
  interrupt.isPending = 1;
  notify(interrupt.port, interrupt.bits);
}

export function releaseInterrupt(interrupt: Interrupt): void {
  assert(interrupt.references > 0);
  interrupt.references -= 1;
  if (interrupt.references === 0) unbind(interrupt);
}

function unbind(interrupt: Interrupt): void {
  const port = interrupt.port;
  if (isNone(port)) return;
  disable(interrupt.source);
  interrupt.port = none<Port>();
  if (interrupt.isPending !== 0) completeInterrupt(interrupt.source);
  interrupt.isPending = 0;
  releasePort(port);
}

/** The PLIC takes a completion only from a context that has the source enabled: it stays so until then. */
function disable(source: u32): void {
  store32(PLIC_WINDOW + PLIC_PRIORITY + (source << 2), 0);
}

function enable(source: u32): void {
  const word = ENABLE + ((source >> 5) << 2);
  store32(word, load32(word) | ((<u32>1) << (source & 31)));
  store32(PLIC_WINDOW + PLIC_PRIORITY + (source << 2), 1);
}

function interruptOf(source: u32): Interrupt {
  return changetype<Interrupt>(interrupts + source * offsetof<Interrupt>());
}
