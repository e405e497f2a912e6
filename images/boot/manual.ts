/**
 * A command's page of the manual: its source's header, as `man` shows it.
 *
 *     /**
 *      * NAME            ─→   NAME
 *      *     cat: …              cat: …
 */

/** '' where the header is no page. */
export function manualPage(source: string): string {
  const header = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1] ?? '';
  if (!header.startsWith(' * NAME\n')) return '';
  return header.replace(/^ \* ?/gm, '').concat('\n');
}
