/**
 * A command's page of the manual: its source's header, as `man` shows it.
 *
 *     /**
 *      * NAME            ─→   NAME
 *      *     cat: …              cat: …
 *
 * Its names are those before the colon: a program may have several, and ask by which it was called.
 */

/** '' where the header is no page. */
export function manualPage(source: string): string {
  const header = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1] ?? '';
  if (!header.startsWith(' * NAME\n')) return '';
  return header.replace(/^ \* ?/gm, '').concat('\n');
}

/** All that the command with this page is called. */
export function commandNames(page: string): readonly string[] {
  return /^NAME\n *([^:\n]*):/.exec(page)?.[1]?.split(', ') ?? [];
}
