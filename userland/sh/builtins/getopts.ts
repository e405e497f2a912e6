/**
 * `getopts options name [argument …]`: the next option of the arguments, or of "$@", into a variable.
 *
 * A letter followed by `:` takes an argument, which goes to OPTARG; OPTIND is the next argument's number. With
 * a leading `:` it says nothing about mistakes, but sets the variable to `:` or `?` and OPTARG to the letter.
 */
import type { Shell } from '../shell.ts';
import { complain, wholeNumber } from './arguments.ts';

export function getopts(shell: Shell, args: string[]): i32 {
  if (args.length < 3) return complain(shell, args, 'usage: getopts optstring var [arg]', 2);
  const list = args.length > 3 ? args.slice(3) : shell.positional;
  let index = max(1, wholeNumber(shell.variables.get('OPTIND')));
  let offset = shell.optionOffset;
  if (index > list.length) return finish(shell, args[2], index);
  const argument = list[index - 1];
  if (offset === 0) {
    if (argument === '--') return finish(shell, args[2], index + 1);
    if (argument.length < 2 || !argument.startsWith('-')) return finish(shell, args[2], index);
    offset = 1;
  }
  const letter = argument.charAt(offset++);
  const isQuiet = args[1].startsWith(':');
  const at = letter === ':' ? -1 : args[1].indexOf(letter, isQuiet ? 1 : 0);
  const takesArgument = at >= 0 && args[1].charAt(at + 1) === ':';
  let result = letter;
  shell.variables.unset('OPTARG');
  if (at < 0) result = mistake(shell, letter, isQuiet, '?', `Illegal option -${letter}`);
  else if (takesArgument && offset < argument.length) shell.assign('OPTARG', argument.substring(offset));
  else if (takesArgument && index < list.length) shell.assign('OPTARG', list[index++]);
  else if (takesArgument) result = mistake(shell, letter, isQuiet, ':', `No arg for -${letter} option`);
  if (takesArgument || offset >= argument.length) {
    index++;
    offset = 0;
  }
  shell.assign('OPTIND', index.toString());
  shell.optionOffset = offset;
  shell.assign(args[2], result);
  return 0;
}

function finish(shell: Shell, name: string, index: i32): i32 {
  shell.assign('OPTIND', index.toString());
  shell.assign(name, '?');
  return 1;
}

/** What the variable becomes. */
function mistake(shell: Shell, letter: string, isQuiet: bool, mark: string, message: string): string {
  if (!isQuiet) {
    shell.descriptors.write(2, message + '\n');
    return '?';
  }
  shell.assign('OPTARG', letter);
  return mark;
}
