/**
 * Lists of numbers and ranges, as cut has them: 1,3-5,7-, -2.
 *
 *     const list = new NumberList('2-3,7-');    list.isRight; list.has(8)
 */

export class NumberList {
  isRight: bool = true;
  private starts: i32[] = [];
  private ends: i32[] = [];

  constructor(text: string) {
    const parts = text.replaceAll(' ', ',').split(',');
    for (let index = 0; index < parts.length; index++) this.add(parts[index]);
  }

  has(number: i32): bool {
    for (let index = 0; index < this.starts.length; index++) {
      if (number >= this.starts[index] && number <= this.ends[index]) return true;
    }
    return false;
  }

  private add(part: string): void {
    const dash = part.indexOf('-');
    const first = dash < 0 ? part : part.substring(0, dash);
    const last = dash < 0 ? part : part.substring(dash + 1);
    const start = first === '' && dash === 0 ? 1 : numberOf(first);
    const end = last === '' && dash > 0 ? i32.MAX_VALUE : numberOf(last);
    if (part === '-' || start < 1 || end < start) this.isRight = false;
    this.starts.push(start);
    this.ends.push(end);
  }
}

/** 0 for what is none. */
function numberOf(text: string): i32 {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || at > 8) return 0;
    value = value * 10 + digit;
  }
  return value;
}
