/**
 * A cluster whose wires lose one frame in a hundred and whose middle node is ten times slower than the others, with
 * nothing wrong otherwise: nobody is to be removed from the view, however long it goes on.
 */
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { parseTopology } from '../../hw/lab/topology.ts';
import { Session } from '../../hw/session/session.ts';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';

const SLOW_NODE = 1;
const SLOW_HZ = 10_000_000;
const LOSS_PPM = 10_000;
const SECOND = 1_000_000_000;

/** What each console says of its view at first, and after so many cycles of a fast node. */
export async function viewsOver(
  cycles: number,
): Promise<{ first: readonly string[]; last: readonly string[] }> {
  const manifest = { ...clusterManifest('one'), programs: ['login', 'nodes', 'sh'], privileged: [] };
  const { firmware, kernel, archive } = await buildSystem(manifest);
  const images = { firmware, kernel, initrd: archive };
  const parsed = parseTopology('line:3', new Random(1));
  const topology = {
    ...parsed,
    nodes: parsed.nodes.map((node, at) =>
      at === SLOW_NODE ? { ...node, hardware: { clockHz: SLOW_HZ } } : node,
    ),
    links: parsed.links.map(link => ({
      ...link,
      forward: { ...link.forward, lossPpm: LOSS_PPM },
      backward: { ...link.backward, lossPpm: LOSS_PPM },
    })),
  };
  const session = Session.boot({ topology, seed: 1, imagesOf: () => images }, await loadCore());
  for (const node of session.boards) await session.expect(node, '$ ', { within: '10s' });
  await session.run('1s');
  const first = await viewsNow(session);
  session.cluster.runUntil(session.now + cycles * (SECOND / 100_000_000));
  return { first, last: await viewsNow(session) };
}

async function viewsNow(session: Session): Promise<string[]> {
  const views: string[] = [];
  for (const node of session.boards) {
    session.type(node, 'nodes\n');
    views.push(await session.expect(node, /View \d+: .*(?=[\r\n])/, { within: '10s' }));
  }
  return views;
}
