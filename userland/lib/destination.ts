/**
 * Where the sources of cp, mv and ln go: the last operand, a file or a directory, or what -t names.
 *
 *     const destination = new Destination(options, folder, isFile);     ends the program where it makes no sense
 *     destination.sources, destination.targetOf(source)
 */

import { ERROR_NOT_DIRECTORY } from '../../os/abi/errors.ts';
import { complain } from './complaint.ts';
import { joined } from './directory.ts';
import { errorText } from './error.ts';
import { end } from './finish.ts';
import type { Options } from './options.ts';
import { baseName } from './path.ts';
import { quoted } from './quote.ts';
import { statusOf } from './status.ts';

export class Destination {
  sources: string[];
  /** The directory that the sources go into; '' where there is one source and `target` is its new name. */
  folder: string = '';
  target: string = '';

  /** `folder` is the value of -t, or ''; `isFile` with -T. */
  constructor(options: Options, folder: string, isFile: bool) {
    const operands = options.operands;
    this.sources = operands;
    if (operands.length === 0) options.fail('missing file operand');
    if (folder !== '') {
      requireDirectory(folder);
      this.folder = folder;
    } else this.takeLast(options, isFile);
  }

  private takeLast(options: Options, isFile: bool): void {
    const operands = options.operands;
    const last = operands[operands.length - 1];
    if (operands.length === 1) options.fail(`missing destination file operand after ${quoted(last)}`);
    this.sources = operands.slice(0, operands.length - 1);
    if (isFile) {
      if (operands.length > 2) options.fail(`extra operand ${quoted(operands[2])}`);
      this.target = last;
    } else if (operands.length > 2) {
      requireDirectory(last);
      this.folder = last;
    } else if (statusOf(last).isDirectory()) this.folder = last;
    else this.target = last;
  }

  targetOf(source: string): string {
    return this.folder === '' ? this.target : joined(this.folder, baseName(source));
  }
}

function requireDirectory(path: string): void {
  const status = statusOf(path);
  if (status.isDirectory()) return;
  complain(`target ${quoted(path)}: ${errorText(status.isThere() ? ERROR_NOT_DIRECTORY : status.error)}`);
  end(1);
}
