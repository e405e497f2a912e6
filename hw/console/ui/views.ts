/**
 * The views, in the order of their keys 1 … 9. How to add one: a file beside this with a class that is a `View`
 * (stage.ts), and its line here; read load-view.ts, the smallest.
 */
import { ConsolesView } from './consoles-view.ts';
import { CpuView } from './cpu-view.ts';
import { FaultsView } from './faults-view.ts';
import { LoadView } from './load-view.ts';
import { LogView } from './log-view.ts';
import { PacketsView } from './packets-view.ts';
import { ProcessesView } from './processes-view.ts';
import type { View } from './stage.ts';
import { TimelineView } from './timeline-view.ts';
import { TopologyView } from './topology-view.ts';

export function makeViews(): { readonly consoles: ConsolesView; readonly all: readonly View[] } {
  const consoles = new ConsolesView();
  const others = [
    new TopologyView(),
    new PacketsView(),
    new LoadView(),
    new FaultsView(),
    new TimelineView(),
    new CpuView(),
    new LogView(),
    new ProcessesView(),
  ];
  return { consoles, all: [consoles, ...others] };
}
