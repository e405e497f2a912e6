/**
 * Accounts: what a space uses of each resource, and may use.
 *
 * A space's limits count as used in its creator's account until the space is gone with everything charged to
 * it. So no sum of uses exceeds the pools, and one space's greed is its own error alone.
 */
import { RESOURCES } from '../abi/account.ts';
import { isNone } from '../lib/pointer.ts';
import { type Space, usedAddress } from './structures.ts';

/** False, and nothing changed, where the limit would be passed. */
export function charge(space: Space, resource: u32, count: u32): bool {
  const at = usedAddress(space, resource);
  const used = load<u32>(at);
  if (count > load<u32>(at, 4) - used) return false;
  store<u32>(at, used + count);
  return true;
}

export function discharge(space: Space, resource: u32, count: u32): void {
  const at = usedAddress(space, resource);
  const used = load<u32>(at);
  assert(used >= count);
  store<u32>(at, used - count);
}

export function used(space: Space, resource: u32): u32 {
  return load<u32>(usedAddress(space, resource));
}

export function limit(space: Space, resource: u32): u32 {
  return load<u32>(usedAddress(space, resource), 4);
}

export function setLimit(space: Space, resource: u32, count: u32): void {
  store<u32>(usedAddress(space, resource), count, 4);
}

/** Whether nothing is charged to the account any more. */
export function isUnused(space: Space): bool {
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    if (used(space, resource) !== 0) return false;
  }
  return true;
}

/** Of a space that uses no more of anything than it does now: what is above that is its creator's again. */
export function returnUnused(space: Space): void {
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    discharge(space.parent, resource, limit(space, resource) - used(space, resource));
    setLimit(space, resource, used(space, resource));
  }
}

/** Gives a space's limits back to the account they came from. */
export function returnLimits(space: Space): void {
  if (isNone(space.parent)) return;
  for (let resource: u32 = 0; resource < RESOURCES; resource += 1) {
    discharge(space.parent, resource, limit(space, resource));
    setLimit(space, resource, 0);
  }
}
