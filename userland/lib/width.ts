/**
 * How wide text is on a terminal, in columns, and text made a certain width.
 *
 *     columnsOf('héllo')          5; 2 for ideographs and most pictures, 0 for accents on their own
 *     padded('ab', 5)             'ab   '
 *     aligned('ab', 5)            '   ab'
 */

export function columnsOf(text: string): i32 {
  let columns = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at);
    if (code >= 0x1_0000) at++;
    columns += columnsOfCode(code);
  }
  return columns;
}

export function columnsOfCode(code: u32): i32 {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (code < 0x300) return 1;
  if (code < 0x370 || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f)) return 0;
  if (code < 0x1100) return 1;
  const isWide =
    code <= 0x115f ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1_f300 && code <= 0x1_faff) ||
    (code >= 0x2_0000 && code <= 0x3_fffd);
  return isWide ? 2 : 1;
}

export function padded(text: string, width: i32): string {
  const missing = width - columnsOf(text);
  return missing > 0 ? text + ' '.repeat(missing) : text;
}

export function aligned(text: string, width: i32): string {
  const missing = width - columnsOf(text);
  return missing > 0 ? ' '.repeat(missing) + text : text;
}
