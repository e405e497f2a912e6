/**
 * The frames that a session still keeps, as a pcapng file (hw/lab/capture.ts). A session that is to have all of
 * them in the file starts a capture instead, and has it written as they come.
 */
import { Capture } from '../lab/capture.ts';
import type { Session } from './session.ts';

export function frameCapture(session: Session): Uint8Array {
  const parts: Uint8Array[] = [];
  const capture = new Capture(session.cluster.topology, bytes => parts.push(bytes));
  for (const frame of session.frames.latest(Number.MAX_SAFE_INTEGER, session.now)) capture.add(frame);
  capture.flush(Number.POSITIVE_INFINITY);
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
