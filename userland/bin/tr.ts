/**
 * NAME
 *     tr: exchange, remove or squeeze characters
 * SYNOPSIS
 *     tr [-cst] SET1 SET2
 *     tr -d [-c] SET1
 *     tr -s [-c] SET1
 *     tr -ds [-c] SET1 SET2
 * DESCRIPTION
 *     Reads standard input. Each character of SET1 becomes the one of SET2 at its place; a SET2 that is shorter
 *     goes on with its last. SETs are characters, ranges a-z, classes [:digit:], [=c=], [c*3], [c*], escapes.
 *
 *     -d, --delete   those of SET1 go             -s, --squeeze-repeats   one of those that repeat, in the last SET
 *     -c, -C, --complement   all but SET1         -t, --truncate-set1     SET1 is no longer than SET2
 * SEE ALSO
 *     sed, cut
 */
import { CharacterSet } from '../lib/character-set.ts';
import { complain, complainOf } from '../lib/complaint.ts';
import { standardInput } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { Options } from '../lib/options.ts';
import { standardOutput } from '../lib/output.ts';

let isComplement: bool = false;
let deletes: bool = false;
let squeezes: bool = false;
let truncates: bool = false;

export function main(): i32 {
  const options = new Options(
    'tr [OPTION]... SET1 [SET2]',
    '+cCdst',
    'complement=c,delete=d,squeeze-repeats=s,truncate-set1=t',
  );
  while (options.next()) {
    if (options.letter === 'c' || options.letter === 'C') isComplement = true;
    if (options.letter === 'd') deletes = true;
    if (options.letter === 's') squeezes = true;
    if (options.letter === 't') truncates = true;
  }
  const operands = options.operands;
  options.need(1);
  const needed = deletes === squeezes ? 2 : deletes ? 1 : operands.length;
  if (operands.length < needed) options.fail(`missing operand after ‘${operands[operands.length - 1]}’`);
  options.allow(deletes && !squeezes ? 1 : 2);
  const first = new CharacterSet(operands[0]);
  const second = new CharacterSet(operands.length > 1 ? operands[1] : '');
  const fault = first.fault !== '' ? first.fault : second.fault;
  if (fault !== '') {
    complain(fault);
    return 1;
  }
  return translate(first, second, operands.length > 1);
}

function translate(first: CharacterSet, second: CharacterSet, hasSecond: bool): i32 {
  const exchanges = hasSecond && !deletes;
  if (exchanges) {
    if (second.codes.length === 0 && second.fillAt < 0) {
      complain('when not truncating set1, string2 must be non-empty');
      return 1;
    }
    second.lengthen(first.codes.length, !truncates);
  }
  const squeezed = hasSecond ? second : first;
  const input = new Input(standardInput());
  const output = standardOutput();
  let last = -1;
  for (let text = input.readLine(); text !== null; text = input.readLine()) {
    const line = input.endedLine ? text + '\n' : text;
    let result = '';
    for (let at = 0; at < line.length; at++) {
      let code = line.codePointAt(at);
      if (code >= 0x1_0000) at++;
      const place = first.codes.lastIndexOf(code);
      const isIn = isComplement ? place < 0 : place >= 0;
      if (deletes && isIn) continue;
      if (exchanges && isIn) {
        const index = isComplement ? second.codes.length - 1 : place;
        if (index < second.codes.length) code = second.codes[index];
      }
      const isSqueezed = squeezes && (hasSecond ? squeezed.has(code) : isIn);
      if (isSqueezed && code === last) continue;
      last = code;
      result += String.fromCodePoint(code);
    }
    output.write(result);
    if (output.error !== 0) break;
  }
  if (input.error < 0) complainOf('read error', input.error);
  return 0;
}
