/**
 * NAME      campaign — trouble on whole boards, by seed
 * SYNOPSIS  node --import tsx test/bench/campaign.ts [COUNT [FIRST]]
 *
 * Plays COUNT histories of test/os/console-campaign.ts, from seed FIRST on, and says what did not hold in each. The
 * exit status is 1 where anything did not.
 */
import { ConsoleCampaign } from '../os/console-campaign.ts';

const [count = '10', first = '1'] = process.argv.slice(2);
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const campaign = await ConsoleCampaign.boot(seed);
  const faults = await campaign.run();
  if (faults.length > 0) process.exitCode = 1;
  const { ok, no } = campaign.tally;
  const what = `${seed}: ${campaign.what}: ${ok} commands run, ${no} not`;
  process.stdout.write(`${[what, ...faults.map(fault => `    ${fault}`)].join('\n')}\n`);
}
