/**
 * NAME
 *     rm: remove files and directories
 * SYNOPSIS
 *     rm [-dfirRv] FILE…
 * DESCRIPTION
 *     -r, -R, --recursive   directories with all in them     -d, --dir       directories that are empty
 *     -f, --force           what is not there is no fault    -i              ask each time
 *     -v, --verbose         say what is done                 --no-preserve-root   / too
 * SEE ALSO
 *     rmdir, mv
 */
import { complain } from '../lib/complaint.ts';
import { absolutePath } from '../lib/mount.ts';
import { Options } from '../lib/options.ts';
import { baseName } from '../lib/path.ts';
import { quoted } from '../lib/quote.ts';
import { Removal } from '../lib/removal.ts';

export function main(): i32 {
  const removal = new Removal();
  const options = new Options(
    'rm [OPTION]... [FILE]...',
    'dfirRvP',
    'dir=d,force=f,recursive=r,verbose=v,no-preserve-root=P',
  );
  let isRootSafe = true;
  while (options.next()) {
    const letter = options.letter;
    if (letter === 'r' || letter === 'R') removal.isRecursive = true;
    if (letter === 'd') removal.takesDirectories = true;
    if (letter === 'f' || letter === 'i') {
      removal.isForced = letter === 'f';
      removal.asks = letter === 'i';
    }
    if (letter === 'v') removal.isVerbose = true;
    if (letter === 'P') isRootSafe = false;
  }
  if (!removal.isForced) options.need(1);
  for (let index = 0; index < options.operands.length; index++) {
    const name = options.operands[index];
    const last = baseName(name);
    if (last === '.' || last === '..')
      complain(`refusing to remove '.' or '..' directory: skipping ${quoted(name)}`);
    else if (isRootSafe && removal.isRecursive && absolutePath(name) === '/') {
      complain("it is dangerous to operate recursively on '/'");
      complain('use --no-preserve-root to override this failsafe');
    } else removal.remove(name);
  }
  return 0;
}
