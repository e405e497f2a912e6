/**
 * Paths as text.
 *
 *     normalPath('/a/b', '../c/./d')    '/a/c/d': absolute, without . and .. and doubled slashes
 *     baseName('/a/b/')                 'b'
 *     folderOf('/a/b')                  '/a'; '.' where the path is a mere name
 */

/** What `path` means in the directory `base`, which is absolute; links are not looked at. */
export function normalPath(base: string, path: string): string {
  const pieces = (path.startsWith('/') ? path : base + '/' + path).split('/');
  const names: string[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i];
    if (piece === '..') {
      if (names.length > 0) names.pop();
    } else if (piece !== '' && piece !== '.') names.push(piece);
  }
  return '/' + names.join('/');
}

export function baseName(path: string): string {
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === 0x2f) end--;
  const slash = path.lastIndexOf('/', end - 2);
  return end === 1 ? path.substring(0, 1) : path.substring(slash + 1, end);
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : slash === 0 ? '/' : path.substring(0, slash);
}
