/**
 * NAME
 *     env: run a program in another environment, or show this one
 * SYNOPSIS
 *     env [-i0] [-u NAME]… [NAME=VALUE]… [COMMAND [ARGUMENT]…]
 * DESCRIPTION
 *     -i, --ignore-environment   nothing of this one      -u, --unset=NAME   without NAME
 *     -0, --null                 lines end with a zero byte
 *     The exit status is COMMAND's; 127 where it is not there, 126 where it is no program.
 * SEE ALSO
 *     xargs
 */
import { environment } from '../lib/arguments.ts';
import { complain } from '../lib/complaint.ts';
import { errorText } from '../lib/error.ts';
import { Options } from '../lib/options.ts';
import { print } from '../lib/output.ts';
import { quoted } from '../lib/quote.ts';
import { failureStatus, runProgramIn } from '../lib/run.ts';

const REFUSED: i32 = 125;

export function main(): i32 {
  const options = new Options(
    'env [OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]',
    '+0iu:',
    'null=0,ignore-environment=i,unset=u',
    REFUSED,
  );
  let all = environment();
  let newline = '\n';
  while (options.next()) {
    if (options.letter === 'i') all = [];
    if (options.letter === 'u') all = without(all, options.value);
    if (options.letter === '0') newline = '\0';
  }
  const operands = options.operands;
  if (operands.length > 0 && operands[0] === '-') {
    operands.shift();
    all = [];
  }
  while (operands.length > 0 && operands[0].indexOf('=') > 0) {
    const given = operands.shift();
    all = without(all, given.substring(0, given.indexOf('=')));
    all.push(given);
  }
  if (operands.length > 0) return run(operands, all);
  for (let index = 0; index < all.length; index++) print(all[index] + newline);
  return 0;
}

function without(all: string[], name: string): string[] {
  const rest: string[] = [];
  for (let index = 0; index < all.length; index++)
    if (!all[index].startsWith(name + '=')) rest.push(all[index]);
  return rest;
}

function run(words: string[], all: string[]): i32 {
  const status = runProgramIn(words, all);
  if (status >= 0) return status;
  complain(`${quoted(words[0])}: ${errorText(status)}`);
  return failureStatus(status);
}
