/**
 * The manual's pages as man shows them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manualPage } from '../../images/boot/manual.ts';
import { outputOf, run } from './program-host.ts';

const BIN = join(import.meta.dirname, '../../userland/bin');
const PAGES = readdirSync(BIN).map(
  file => [file.replace(/\.ts$/, ''), manualPage(readFileSync(join(BIN, file), 'utf8'))] as const,
);

function man(page: string, columns: number): Promise<string> {
  return outputOf('man x', {
    environment: [`COLUMNS=${columns}`],
    prepare: world => world.put('/boot/man/x', page),
  });
}

it.each(PAGES)('shows the page of %s in 80 columns with all its words', async (_, page) => {
  const shown = await man(page, 80);
  for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(shown.split(/\s+/)).toEqual(page.split(/\s+/));
});

it('keeps a page as it is where there is room', async () => {
  for (const [, page] of PAGES) if (!/.{90}/.test(page)) expect(await man(page, 90)).toBe(page);
});

it('joins lines that were full, and goes on with an option below its meaning', async () => {
  const full = 'word '.repeat(20).trim();
  const page = `NAME\n    ${full}\n    and end.\n\n    -x   ${full}\n         and end\n    -y   more     -z   ${full}\n`;
  expect(await man(page, 40)).toBe(`NAME
${'    word word word word word word word\n'.repeat(2)}    word word word word word word and
    end.

    -x   word word word word word word
${'         word word word word word word\n'.repeat(2)}         word word and end
    -y   more
    -z   word word word word word word
${'         word word word word word word\n'.repeat(2)}         word word
`);
});

it('says that there is no such page', async () => {
  const { errors, status } = await run('man nothing');
  expect([errors, status]).toEqual(['No manual entry for nothing\n', 16]);
});
