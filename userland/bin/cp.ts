/**
 * NAME
 *     cp: copy files and directories
 * SYNOPSIS
 *     cp [-adfilLnPpRrsTuv] SOURCE TARGET
 *     cp [OPTION]… SOURCE… DIRECTORY
 *     cp [OPTION]… -t DIRECTORY SOURCE…
 * DESCRIPTION
 *     -r, -R   directories with all in them        -a   as -dRp
 *     -p   keep mode and time                      -d   as -P: links themselves, not what they lead to (-L)
 *     -f   remove what cannot be written           -i   ask before something is replaced
 *     -n   replace nothing                         -u   replace only what is older
 *     -l   make hard links   -s   symbolic ones    -v   say what is done
 *     -T   TARGET is no directory to copy into     -t   the DIRECTORY comes first
 * SEE ALSO
 *     mv, ln, rm
 */
import { Copying } from '../lib/copy.ts';
import { Destination } from '../lib/destination.ts';
import { Options } from '../lib/options.ts';

const LONG =
  'archive=a,force=f,interactive=i,link=l,dereference=L,no-clobber=n,no-dereference=P,recursive=r,symbolic-link=s,' +
  'target-directory=t,no-target-directory=T,update=u,verbose=v';

export function main(): i32 {
  const copying = new Copying();
  const options = new Options('cp [OPTION]... SOURCE... DIRECTORY', 'adfilLnPpRrst:Tuv', LONG);
  let folder = '';
  let isFile = false;
  while (options.next()) {
    const letter = options.letter;
    if (letter === 't') folder = options.value;
    else if (letter === 'T') isFile = true;
    else choose(copying, letter);
  }
  const destination = new Destination(options, folder, isFile);
  for (let index = 0; index < destination.sources.length; index++) {
    const source = destination.sources[index];
    copying.copy(source, destination.targetOf(source));
  }
  return 0;
}

function choose(copying: Copying, letter: string): void {
  if (letter === 'a' || letter === 'r' || letter === 'R') copying.isRecursive = true;
  if (letter === 'a' || letter === 'd' || letter === 'P') copying.keepsLinks = true;
  if (letter === 'a' || letter === 'p') copying.keepsAttributes = true;
  if (letter === 'L') copying.keepsLinks = false;
  if (letter === 'f') copying.isForced = true;
  if (letter === 'i') copying.asks = true;
  if (letter === 'n') copying.neverReplaces = true;
  if (letter === 'u') copying.onlyNewer = true;
  if (letter === 'v') copying.isVerbose = true;
  if (letter === 'l') copying.makesHardLinks = true;
  if (letter === 's') copying.makesSymbolicLinks = true;
}
