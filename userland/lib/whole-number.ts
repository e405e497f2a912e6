/**
 * Whole numbers as C writes them: decimal, 0octal or 0xhexadecimal, with an optional sign.
 *
 *     const number = new WholeNumber('-0x10');      number.isWhole, number.value −16
 */
import { digitValue } from './escape.ts';
import { isAt } from './text.ts';

export class WholeNumber {
  value: i64 = 0;
  isWhole: bool = false;

  constructor(text: string) {
    let at = 0;
    const isNegative = text.startsWith('-');
    if (isNegative || text.startsWith('+')) at++;
    let base = 10;
    if (isAt(text, '0x', at) || isAt(text, '0X', at)) {
      base = 16;
      at += 2;
    } else if (isAt(text, '0', at)) base = 8;
    this.isWhole = at < text.length;
    for (; at < text.length; at++) {
      const digit = digitValue(text.charCodeAt(at));
      if (digit >= base) this.isWhole = false;
      this.value = this.value * base + digit;
    }
    if (isNegative) this.value = -this.value;
  }
}
