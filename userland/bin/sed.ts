/**
 * NAME
 *     sed: edit text as it goes by
 * SYNOPSIS
 *     sed [-nErsz] [-i[SUFFIX]] SCRIPT [FILE]…
 *     sed [OPTION]… [-e SCRIPT]… [-f FILE]… [FILE]…
 * DESCRIPTION
 *     Each line of all FILEs, or of standard input, goes through SCRIPT and is written, with -n only by p.
 *     Commands: [ADDRESS[,ADDRESS]][!]COMMAND, with newlines or ; between. An ADDRESS is a line's number, $ for the
 *     last, FIRST~STEP, /REGEX/ or \xREGEXx, the second one also +N.
 *
 *     s/REGEX/TEXT/[gpiwN]   replaces; & and \1 … \9 in TEXT are what matched     y/ABC/XYZ/   exchanges characters
 *     d D p P n N g G h H x l =     a i c TEXT     b t T :LABEL     q Q [STATUS]     r w FILE     { … }
 *
 *     -E, -r   extended regular expressions     -s   each FILE has lines of its own   -z   lines end with a zero byte
 *     -i       the FILEs are changed; with SUFFIX, what they were is kept in FILESUFFIX
 * SEE ALSO
 *     grep, tr, cut
 */

import { OPEN_READ } from '../../os/abi/file.ts';
import { complain, complainOf } from '../lib/complaint.ts';
import { openFile, standardInput } from '../lib/file.ts';
import { Input } from '../lib/input.ts';
import { Options } from '../lib/options.ts';
import { standardOutput } from '../lib/output.ts';
import { Editing } from '../lib/stream-editor.ts';
import { StreamScript } from '../lib/stream-script.ts';

let script: string = '';
let hasScript: bool = false;

export function main(): i32 {
  const options = new Options(
    'sed [OPTION]... {script} [input-file]...',
    'Ee:f:i?nrsuz',
    'regexp-extended=E,expression=e,file=f,in-place=i,quiet=n,silent=n,separate=s,null-data=z',
  );
  const editing = new Editing();
  let isExtended = false;
  while (options.next()) {
    const letter = options.letter;
    if (letter === 'E' || letter === 'r') isExtended = true;
    else if (letter === 'e') addScript(options.value);
    else if (letter === 'f' && !addFile(options.value)) return 1;
    else if (letter === 'i') editing.changeFiles(options.value);
    else editing.choose(letter);
  }
  if (!hasScript) {
    if (options.operands.length === 0) options.fail('no script specified');
    addScript(options.operands.shift());
  }
  const commands = new StreamScript(script, isExtended);
  if (commands.fault !== '') {
    complain(`-e expression #1, char ${commands.place}: ${commands.fault}`);
    return 1;
  }
  if (options.operands.length === 0) options.operands.push('-');
  const status = editing.run(commands, options.operands);
  standardOutput().flush();
  return status;
}

function addScript(text: string): void {
  script += hasScript ? '\n' + text : text;
  hasScript = true;
}

function addFile(name: string): bool {
  const handle = name === '-' ? <i32>standardInput() : openFile(name, OPEN_READ, 0);
  if (handle < 0) {
    complainOf(`couldn't open file ${name}`, handle);
    return false;
  }
  const text = new Input(handle).readAll();
  addScript(text.endsWith('\n') ? text.substring(0, text.length - 1) : text);
  return true;
}
