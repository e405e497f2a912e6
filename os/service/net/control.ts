/**
 * What nodes tell each other about ports, as one-way calls to CONTROL_ID: that an import is in use no more, that
 * an exported port has died, and notification bits, which have no answer.
 *
 *     label     RELEASE: id     DIED: id     NOTIFY: id, bits
 */
import { notify } from '../../runtime/system.ts';
import { CONTROL_ID, exportedHandle, releaseExport } from './exports.ts';
import { loseImport } from './imports.ts';
import { launch, NO_SLOT, requestAt, takeSlot } from './remote/caller.ts';
import { FLAG_ONE_WAY, FLAGS, LABEL, WORDS, WORDS_SIZE } from './remote/wire.ts';

export const RELEASE: u32 = 1;
export const DIED: u32 = 2;
export const NOTIFY: u32 = 3;

/** Nobody waits to hear how it went. */
const NO_TOKEN: u32 = 0;

/** False where there is no room to send it now. */
export function tell(peer: u32, label: u32, id: u32, bits: u32, now: u32): bool {
  const slot = takeSlot(false);
  if (slot === NO_SLOT) return false;
  const request = requestAt(slot);
  store<u8>(request, FLAG_ONE_WAY, FLAGS);
  store<u32>(request, label, LABEL);
  memory.fill(request + WORDS, 0, WORDS_SIZE);
  store<u32>(request, id, WORDS);
  store<u32>(request, bits, WORDS + 4);
  launch(slot, peer, CONTROL_ID, NO_TOKEN, now);
  return true;
}

/** A peer tells this node. */
export function hearControl(peer: u32, request: u32): void {
  const id = load<u32>(request, WORDS);
  switch (load<u32>(request, LABEL)) {
    case RELEASE:
      releaseExport(peer, id);
      return;
    case DIED:
      loseImport(peer, id);
      return;
    case NOTIFY: {
      const handle = exportedHandle(peer, id);
      if (handle !== 0) notify(handle, load<u32>(request, WORDS + 4));
      return;
    }
    default:
  }
}
