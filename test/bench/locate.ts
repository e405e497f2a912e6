/**
 * What finding resources costs by each strategy (locate-workload.ts), beside what DESIGN.md's section 9 expects.
 * Everything is simulated and exact: the table is the same on every machine. Run it with `npm run bench locate`.
 *
 *     expected     central, by class 2r(1-h)+2m, of which an N-th stays at home; full copy m(N-1), acknowledged twice that;
 *                  local only r(1-h) floods of about 2E frames
 */
import { directoryModule, STRATEGIES, type Strategy } from '../os/locate-rig.ts';
import { type Cost, costOf, crossingOf, linksOf, type Setting, type Shape } from './locate-workload.ts';

const SHAPES: readonly Shape[] = ['ring', 'star', 'mesh'];
const NODES: readonly number[] = [2, 4, 8, 16];
const MOVES: readonly number[] = [20, 200];
const RESOURCES = 128;

function expectation(strategy: Strategy, setting: Setting, { asked }: Cost): string {
  const { nodes, moves, shape } = setting;
  if (strategy === 'full') return (2 * moves * (nodes - 1)).toFixed(0);
  if (strategy === 'local') return `${asked * 2 * linksOf(shape, nodes).length} frames`;
  return ((2 * (asked + moves) * (nodes - 1)) / nodes).toFixed(0);
}

function row(strategy: Strategy, setting: Setting, cost: Cost): string {
  const { asking, telling, acknowledging, askingFrames } = cost;
  const messages = asking + telling + acknowledging;
  return [
    setting.shape,
    setting.nodes,
    setting.moves,
    strategy,
    cost.hitRate.toFixed(2),
    strategy === 'local' ? `${messages} (${askingFrames} frames)` : messages,
    expectation(strategy, setting, cost),
    cost.holders,
    `${(100 * cost.busiest).toFixed(0)} %`,
    `${cost.median} / ${cost.slow}`,
    cost.bytes,
  ].join(' | ');
}

const module = await directoryModule();
const say = (line: string) => process.stdout.write(`${line}\n`);
say('2000 searches and some moves in a second, 10 us a wire');
say('');
say(
  '| shape | nodes | moves | strategy | hits | messages | expected | to holders | busiest | us: half, 99 % | bytes |',
);
say('|---|---|---|---|---|---|---|---|---|---|---|');
for (const shape of SHAPES)
  for (const nodes of NODES)
    for (const moves of MOVES)
      for (const strategy of STRATEGIES) {
        const setting = { shape, nodes, moves, resources: RESOURCES };
        say(`| ${row(strategy, setting, costOf(module, strategy, setting))} |`);
      }
say('');
say('Full copy beats central below so many moves in the second:');
say('');
say('| nodes | measured | 2r(1-h)/(N-2) | 2r(1-h)/(N-3) | copies acknowledged | r(1-h)/(N-1) |');
say('|---|---|---|---|---|---|');
for (const nodes of [6, 8, 12, 16]) {
  const crossing = crossingOf(module, { shape: 'mesh', nodes, resources: RESOURCES });
  const { measured, exact, expected, acknowledged, exactAcknowledged } = crossing;
  const numbers = [measured, exact, expected, acknowledged, exactAcknowledged].map(number =>
    number.toFixed(0),
  );
  say(`| ${nodes} | ${numbers.join(' | ')} |`);
}
