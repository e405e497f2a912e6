/**
 * Builtins about the shell's view: what paths mean to it, and to what it starts from then on (lib/view.ts).
 *
 *     bind [-b | -a] target path · unbind path … · ns
 *
 * The path must be there. It then means the target instead of what it meant; with -b or -a it means both, the target
 * before the rest, or after it. `ns` writes the view as commands that make it again.
 */
import { ERROR_NOT_FOUND } from '../../../os/abi/errors.ts';
import { errorText } from '../../lib/error.ts';
import { BIND_AFTER, BIND_BEFORE, BIND_INSTEAD } from '../../lib/view.ts';
import { isDigit } from '../lexer.ts';
import { quoted } from '../print.ts';
import type { Shell } from '../shell.ts';
import { absolutePath, fileKind, meaningsOf, ownView } from '../system.ts';
import { complain, illegal } from './arguments.ts';

export function bind(shell: Shell, args: string[]): i32 {
  let how = BIND_INSTEAD;
  let first = 1;
  for (; first < args.length && args[first].length > 1 && args[first].startsWith('-'); first++) {
    if (args[first] === '-b') how = BIND_BEFORE;
    else if (args[first] === '-a') how = BIND_AFTER;
    else return illegal(shell, args, args[first].substring(1));
  }
  if (args.length !== first + 2) return complain(shell, args, 'usage: bind [-b | -a] target path', 2);
  for (let i = first; i < args.length; i++) {
    if (fileKind(args[i]) <= 0) return complain(shell, args, `${args[i]}: ${errorText(ERROR_NOT_FOUND)}`, 1);
  }
  ownView().bind(absolutePath(args[first + 1]), meaningsOf(args[first]), how);
  return 0;
}

export function unbind(shell: Shell, args: string[]): i32 {
  if (args.length < 2) return complain(shell, args, 'usage: unbind path ...', 2);
  let status = 0;
  for (let i = 1; i < args.length; i++) {
    if (!ownView().unbind(absolutePath(args[i]))) status = complain(shell, args, `${args[i]}: not bound`, 1);
  }
  return status;
}

export function ns(shell: Shell, _args: string[]): i32 {
  const bindings = ownView().bindings;
  let text = '';
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i];
    for (let k = 0; k < binding.targets.length; k++) {
      text += `bind ${k === 0 ? '' : '-a '}${shown(binding.targets[k])} ${shown(binding.path)}\n`;
    }
  }
  return shell.out(text);
}

/** Quoted where it must be. */
function shown(path: string): string {
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    if (!isLetter && !isDigit(code) && !'/._-+,:@'.includes(path.charAt(at))) return quoted(path);
  }
  return path === '' ? '/' : path;
}
