/**
 * A disk that is full, as a person at the shell meets it.
 */
import { expect, it } from 'vitest';
import { diskWith, runWith } from './disk-rig.ts';

const SCRIPT = `
while cat /boot/bin/cat >> /full; do :; done
cat /old
echo new > /note || echo refused
rm /full && echo new > /note && cat /note
`;

it('says that a disk is full, keeps what it has, and goes on once there is room', async () => {
  const disk = await diskWith(new Map([['/old', { bytes: new TextEncoder().encode('old\n') }]]));
  const [output, status] = await runWith(disk, ['sh', '-c', SCRIPT], ['sh', 'cat', 'rm']);
  expect(output).toMatch(/^cat: .*No space left on device\nold\n/);
  expect(output).toMatch(/refused\nnew\n$/);
  expect(status).toBe(0);
  expect((await runWith(disk, ['fsck'], ['fsck']))[0]).toMatch(/^\/: in order: 2 files/);
});
