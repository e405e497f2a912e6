/**
 * Sizes for a person: at most three digits and a unit, rounded up, as -h shows them.
 *
 *     humanSize(1536)   '1.5K'
 */

const UNITS = 'KMGTPE';
const STEP: f64 = 1024;

export function humanSize(bytes: u64): string {
  if (bytes < <u64>STEP) return bytes.toString();
  let value = <f64>bytes;
  let unit = -1;
  while (value >= STEP || (unit >= 0 && Math.ceil(value) >= STEP)) {
    value /= STEP;
    unit++;
  }
  const tenths = <u32>Math.ceil(value * 10);
  const text = tenths < 100 ? `${tenths / 10}.${tenths % 10}` : (<u32>Math.ceil(value)).toString();
  return text + UNITS.charAt(unit);
}
