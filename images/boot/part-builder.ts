/**
 * A process that builds parts for another (images/boot/parts.ts), which sends them with their index and has that
 * back when one is done: what was made is in .build/guest then. What cannot be built is left to the other, whose
 * message it will be.
 */
import { buildPart, type Part } from './part.ts';

process.on('disconnect', () => process.exit());
process.on('message', async ({ index, part }: { readonly index: number; readonly part: Part }) => {
  await buildPart(part).catch(() => {});
  process.send!(index);
});
