/**
 * Modes as a person writes them: 755, or u=rwx,g+w,o-rx.
 *
 *     isMode('go-w')                     whether it is one
 *     changedMode(0o777, 'go-w', true)   0o755; X counts as x for directories and what is executable already
 */

export function isMode(text: string): bool {
  if (isOctal(text)) return text.length <= 4;
  const clauses = text.split(',');
  for (let index = 0; index < clauses.length; index++) if (!isClause(clauses[index])) return false;
  return true;
}

function isOctal(text: string): bool {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x37) return false;
  }
  return text !== '';
}

function isClause(clause: string): bool {
  let at = 0;
  while (at < clause.length && 'ugoa'.indexOf(clause.charAt(at)) >= 0) at++;
  if (at === clause.length || '+-='.indexOf(clause.charAt(at)) < 0) return false;
  for (; at < clause.length; at++) if ('+-=rwxXst'.indexOf(clause.charAt(at)) < 0) return false;
  return true;
}

/** `text` must be a mode. */
export function changedMode(before: u32, text: string, isDirectory: bool): u32 {
  if (isOctal(text)) return <u32>parseInt(text, 8);
  const clauses = text.split(',');
  let mode = before;
  for (let index = 0; index < clauses.length; index++) mode = changed(mode, clauses[index], isDirectory);
  return mode;
}

function changed(before: u32, clause: string, isDirectory: bool): u32 {
  let mode = before;
  let who: u32 = 0;
  let at = 0;
  for (; 'ugoa'.indexOf(clause.charAt(at)) >= 0; at++) who |= bitsOf(clause.charAt(at));
  if (who === 0) who = 0o7777;
  while (at < clause.length) {
    const operation = clause.charAt(at++);
    let bits: u32 = 0;
    while (at < clause.length && '+-='.indexOf(clause.charAt(at)) < 0)
      bits |= permissionOf(clause.charAt(at++), isDirectory || (mode & 0o111) !== 0);
    bits &= who;
    if (operation === '+') mode |= bits;
    else if (operation === '-') mode &= ~bits;
    else mode = (mode & ~(who & 0o777)) | bits;
  }
  return mode;
}

function bitsOf(letter: string): u32 {
  return letter === 'u' ? 0o4700 : letter === 'g' ? 0o2070 : letter === 'o' ? 0o1007 : 0o7777;
}

function permissionOf(letter: string, isExecutable: bool): u32 {
  if (letter === 'r') return 0o444;
  if (letter === 'w') return 0o222;
  if (letter === 'x' || (letter === 'X' && isExecutable)) return 0o111;
  return letter === 's' ? 0o6000 : letter === 't' ? 0o1000 : 0;
}
