/**
 * NAME
 *     seq: write numbers in a row
 * SYNOPSIS
 *     seq [-w] [-s TEXT] [-f FORMAT] [FIRST [STEP]] LAST
 * DESCRIPTION
 *     From FIRST to LAST, by default from 1, in STEPs of 1; numbers may have a point.
 *
 *     -s, --separator=TEXT   instead of a newline between   -w, --equal-width   zeros before, all as wide
 *     -f, --format=FORMAT    as printf has it: one of %f %g %e %d with width and precision
 * SEE ALSO
 *     printf
 */
import { Options } from '../lib/options.ts';
import { print, standardOutput } from '../lib/output.ts';
import { Format } from '../lib/printf.ts';

let separator: string = '\n';
let format: string = '';
let isEven: bool = false;

export function main(): i32 {
  const options = new Options(
    'seq [OPTION]... [FIRST [INCREMENT]] LAST',
    '+#f:s:w',
    'format=f,separator=s,equal-width=w',
  );
  const operands: string[] = [];
  while (options.next()) {
    if (options.letter === 'f') format = options.value;
    else if (options.letter === 's') separator = options.value;
    else if (options.letter === 'w') isEven = true;
    else operands.push(`-${options.value}`);
  }
  for (let index = 0; index < options.operands.length; index++) operands.push(options.operands[index]);
  options.operands = operands;
  options.need(1);
  options.allow(3);
  for (let index = 0; index < operands.length; index++) {
    if (!isNumber(operands[index])) options.fail(`invalid floating point argument: ‘${operands[index]}’`);
  }
  const first = operands.length > 1 ? operands[0] : '1';
  const step = operands.length > 2 ? operands[1] : '1';
  if (parseFloat(step) === 0) options.fail(`invalid Zero increment value: ‘${step}’`);
  writeAll(first, step, operands[operands.length - 1]);
  return 0;
}

function isNumber(text: string): bool {
  let digits = 0;
  let points = 0;
  for (let at = text.startsWith('-') || text.startsWith('+') ? 1 : 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) points++;
    else if (code >= 0x30 && code <= 0x39) digits++;
    else return false;
  }
  return digits > 0 && points < 2;
}

function placesOf(text: string): i32 {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** Counted in whole units of the last place, so that nothing is rounded on the way. */
function writeAll(first: string, step: string, last: string): void {
  const places = max(placesOf(first), placesOf(step));
  let scale: f64 = 1;
  for (let place = 0; place < places; place++) scale *= 10;
  const end = <i64>Math.floor(parseFloat(last) * scale * (1 + 1e-15) + 1e-9);
  const by = <i64>Math.round(parseFloat(step) * scale);
  const start = <i64>Math.round(parseFloat(first) * scale);
  let width = 0;
  if (isEven) {
    const finish = start + ((end - start) / by) * by;
    width = max(textOf(start, places).length, textOf(finish, places).length);
  }
  let isFirst = true;
  for (let value = start; by > 0 ? value <= end : value >= end; value += by) {
    if (!isFirst) print(separator);
    isFirst = false;
    const text = evened(textOf(value, places), width);
    print(format === '' ? text : new Format([format, text], 0).whole());
    if (standardOutput().error !== 0) return;
  }
  if (!isFirst) print('\n');
}

function textOf(value: i64, places: i32): string {
  const digits = (value < 0 ? -value : value).toString().padStart(places + 1, '0');
  const whole = digits.substring(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.substring(digits.length - places)}`;
  return value < 0 ? '-' + text : text;
}

function evened(text: string, width: i32): string {
  if (text.length >= width) return text;
  return text.startsWith('-') ? '-' + text.substring(1).padStart(width - 1, '0') : text.padStart(width, '0');
}
