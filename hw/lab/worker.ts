/**
 * A worker thread of a cluster: the boards that live here, run as far as the others allow.
 *
 * Started by hw/lab/worker-cluster.ts by way of worker-start.mjs. Between runs it answers requests; during
 * a run it speaks with its fellows alone, through shared memory (hw/lab/worker-exchange.ts).
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ClusterOptions } from '../cluster.ts';
import type { Sighting } from './capture.ts';
import type { Outcome } from './scheduler.ts';
import { Share } from './share.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot.ts';
import { Exchange } from './worker-exchange.ts';
import type {
  Answer,
  Numbered,
  Recipe,
  Request,
  RunAnswer,
  SerialByte,
  WorkerStart,
} from './worker-protocol.ts';

const { recipe, plan, self } = workerData as WorkerStart;
const port = parentPort!;
const exchange = new Exchange(plan, self);
const share = new Share({ ...(await optionsOf(recipe)), isHere: node => plan.homes[node] === self });
let sightings: Sighting[] = [];
let serial: SerialByte[] = [];

share.listen((node, byte, at) => serial.push({ node, byte, at }));
port.on('message', ({ number, request }: Numbered) => port.postMessage(answerTo(number, request)));
port.postMessage({ number: 0, value: undefined } satisfies Answer);

async function optionsOf({ module, data }: Recipe): Promise<ClusterOptions> {
  const { clusterOptions } = await import(module);
  return clusterOptions(data);
}

function answerTo(number: number, request: Request): Answer {
  try {
    return { number, value: carryOut(request) };
  } catch (error) {
    if (request.ask === 'run') exchange.abort();
    return { number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function carryOut(request: Request): unknown {
  const { topology } = share;
  switch (request.ask) {
    case 'run':
      return run(request.limit);
    case 'refusal':
      return share.refusal(request.intervention);
    case 'carryOut':
      return share.carryOut(request.intervention, request.now);
    case 'timeOfCycle':
      return share.timeOfCycle(request.node, request.cycle, request.now);
    case 'hashes':
      return share.hashes();
    case 'save':
      return encodeSnapshot({ snapshot: { time: request.now, ...share.save() }, planned: [] }, topology);
    case 'restore': {
      const { snapshot } = decodeSnapshot(request.file, topology);
      return share.restore(snapshot, snapshot.time);
    }
    case 'watch':
      return share.watch(request.watching ? sighting => sightings.push(sighting) : undefined);
  }
}

/** Rounds until all have reached the limit, or a board anywhere would not go on. */
function run(limit: number): RunAnswer {
  const { scheduler } = share;
  for (let outcome: Outcome = 'waiting'; ; outcome = scheduler.run(limit)) {
    const outbox = scheduler.outbox;
    scheduler.outbox = [];
    const news = exchange.round(
      outcome,
      node => scheduler.baseOf(node),
      outbox,
      direction => scheduler.targetOf(direction),
    );
    for (const arrival of news.arrivals) scheduler.accept(arrival);
    plan.homes.forEach((home, node) => {
      if (home !== self) scheduler.setBase(node, news.bases[node]!);
    });
    const stopped = news.outcomes.includes('stopped');
    if (stopped || news.outcomes.every(each => each === 'reached')) return harvest(!stopped);
  }
}

function harvest(reached: boolean): RunAnswer {
  const answer = { reached, sightings, serial };
  sightings = [];
  serial = [];
  return answer;
}
