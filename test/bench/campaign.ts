/**
 * NAME      campaign — trouble on whole boards, by seed
 * SYNOPSIS  node --import tsx test/bench/campaign.ts [COUNT [FIRST [every]]]
 *
 * Plays COUNT histories of test/os/console-campaign.ts, from seed FIRST on, and says what did not hold in each. With
 * `every` they are those with each wire cut and each node off in every connected topology of two to five nodes,
 * counted from FIRST. The exit status is 1 where anything did not hold.
 */
import { ConsoleCampaign, everyBlow } from '../os/console-campaign.ts';

const [count = '10', first = '1', every] = process.argv.slice(2);
const seeds = Array.from({ length: Number(count) }, (_, at) => Number(first) + at);
const blows = everyBlow();

for (const seed of every === undefined ? seeds : seeds.filter(seed => seed < blows.length)) {
  const isBlow = every !== undefined;
  const campaign = await (isBlow ? ConsoleCampaign.bootFor(blows[seed]!, seed) : ConsoleCampaign.boot(seed));
  const faults = await campaign.run();
  if (faults.length > 0) process.exitCode = 1;
  const { ok, no } = campaign.tally;
  const what = `${seed}: ${campaign.what}: ${ok} commands run, ${no} not`;
  process.stdout.write(`${[what, ...faults.map(fault => `    ${fault}`)].join('\n')}\n`);
}
