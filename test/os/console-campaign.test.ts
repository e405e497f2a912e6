/**
 * Seeded trouble on whole boards of four and five nodes while their shells work: a slice of what
 * test/bench/campaign.ts plays for as long as one likes.
 */
import { expect, it } from 'vitest';
import { ConsoleCampaign, everyBlow } from './console-campaign.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

it.each([2, 3])(
  'ends every command with an answer or an error, runs none twice, goes on and comes together: seed %i',
  async seed => {
    const campaign = await ConsoleCampaign.boot(seed);
    expect([campaign.what, await campaign.run()]).toEqual([campaign.what, []]);
    expect(campaign.tally.ok).toBeGreaterThan(25);
  },
  BUILD_MILLISECONDS,
);

it.each([0, 1, 12])(
  'does so where a wire is cut or a node switched off, which test/bench/campaign.ts plays in every topology: %i',
  async number => {
    const campaign = await ConsoleCampaign.bootFor(everyBlow()[number]!, number);
    expect([campaign.what, await campaign.run()]).toEqual([campaign.what, []]);
  },
  BUILD_MILLISECONDS,
);
