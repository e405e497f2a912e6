/**
 * The memory commands: `m` reads, `M` writes hexadecimal, `X` writes binary; all by virtual address as the
 * hart would translate it now. Devices are refused: reading one of their registers has effects.
 */
import type { Debuggee } from './debuggee.ts';
import { BODY_SIZE_MAX, bytesOfHex, bytesOfText, hexOfBytes, numberOfHex } from './packet.ts';

const REFUSED = 'E0e';
const MALFORMED = 'E01';
const PAGE = 4096;

export function readMemory(debuggee: Debuggee, parameters: string): string {
  const range = parseRange(parameters);
  if (range === undefined) return MALFORMED;
  const size = Math.min(range.size, BODY_SIZE_MAX / 2);
  const bytes = readWhatIsThere(debuggee, range.address, size);
  return bytes.length === 0 && size > 0 ? REFUSED : hexOfBytes(bytes);
}

/** `M` and `X`: range, colon, data. */
export function writeMemory(debuggee: Debuggee, parameters: string, encoding: 'hex' | 'binary'): string {
  const colon = parameters.indexOf(':');
  const range = parseRange(parameters.slice(0, Math.max(colon, 0)));
  const data = parameters.slice(colon + 1);
  const bytes = encoding === 'hex' ? bytesOfHex(data) : bytesOfText(data);
  if (colon < 0 || range === undefined || bytes === undefined || bytes.length !== range.size)
    return MALFORMED;
  return bytes.length === 0 || debuggee.hart.writeMemory(range.address, bytes) ? 'OK' : REFUSED;
}

/** Up to the first page that is not mapped: GDB accepts fewer bytes than it asked for. */
function readWhatIsThere(debuggee: Debuggee, address: number, size: number): Uint8Array {
  const found = new Uint8Array(size);
  let done = 0;
  while (done < size && address + done <= 0xffff_ffff) {
    const at = address + done;
    const piece = Math.min(size - done, PAGE - (at % PAGE));
    const bytes = debuggee.inspect(at, piece);
    if (bytes === undefined) break;
    found.set(bytes, done);
    done += piece;
  }
  return found.subarray(0, done);
}

function parseRange(text: string): { address: number; size: number } | undefined {
  const parts = text.split(',');
  if (parts.length !== 2) return undefined;
  const [address, size] = parts.map(numberOfHex);
  return address === undefined || size === undefined ? undefined : { address, size };
}
