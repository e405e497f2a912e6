/**
 * Views of the cluster on whole boards: every node's member service, over wires that are cut and nodes that are
 * switched off.
 */
import { it } from 'vitest';
import { bootCluster } from './cluster-rig.ts';

const WATCH = {
  programs: { 'view-watch': 'view-watch' },
  session: { run: '/boot/bin/view-watch' },
  with: 'member',
} as const;

it('has every node in one view soon after they were switched on', async () => {
  const session = await bootCluster('mesh:3', WATCH);
  for (const node of [0, 1, 2]) await session.expect(node, /view \d+ 7 1/, { within: '1s' });
});
