/**
 * What views and commands work on, without a terminal: a stage for a session.
 */
import { Live } from '../../hw/console/live.ts';
import { Measures } from '../../hw/console/ui/measures.ts';
import type { Stage } from '../../hw/console/ui/stage.ts';
import { makeViews } from '../../hw/console/ui/views.ts';
import type { Session } from '../../hw/session/session.ts';

export function stageFor(session: Session): Stage {
  const origin = {
    cluster: { name: 'x' },
    seed: 1,
    ramSize: undefined,
    diskSize: undefined,
    system: 'x',
    images: '',
  };
  const live = new Live({ session, origin, isPaced: false, changed: () => {}, tell: () => {} });
  live.viewNames = makeViews().all.map(({ name }) => name);
  const measures = new Measures(session);
  const nothing = () => undefined;
  return {
    ...{ session, live, measures, told: [], node: 0, filter: '' },
    ...{ sourceOf: nothing, command: nothing, tell: nothing, copy: nothing },
  };
}
