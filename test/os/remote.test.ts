/**
 * Remote calls through the service's own code: answered once, carried out at most once, with their data whole,
 * whatever the wires, the callers and the servers do.
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { stationModule } from './net-rig.ts';
import { data, HAPPENINGS, RemoteCluster, type RemoteNode, turned } from './remote-rig.ts';

const NODE_LOST = -54;
const PAIR = [[0, 1]] as const;
const RING = [
  [0, 1],
  [1, 2],
  [2, 0],
] as const;

let module: WebAssembly.Module;

beforeAll(async () => {
  module = await stationModule('remote-node');
});

it('answers a call by one packet each way', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  const before = cluster.frames;
  const caller = cluster.nodes[0]!.call(1, 17);
  cluster.deliver();
  expect(cluster.frames - before).toBe(2);
  expect(caller).toMatchObject({ status: 0, count: 1, answers: 1 });
});

it('carries data of every size there and back whole', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  for (const size of [
    1, 3, 1343, 1344, 1345, 1440, 1441, 2880, 4096, 20_000, 32_768, 46_080, 92_161, 500_000,
  ]) {
    const caller = cluster.nodes[0]!.call(1, size, data(size));
    cluster.run(100);
    expect(caller).toMatchObject({ status: 0, count: 1, answers: 1 });
    expect(caller.reply).toEqual(turned(caller.request));
  }
});

it('resends little: without trouble every fragment goes once', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  const before = cluster.frames;
  cluster.nodes[0]!.call(1, 1, data(32_000));
  cluster.deliver();
  const fragments = Math.ceil(32_000 / 1440);
  expect(cluster.frames - before).toBeLessThan(2 * (1 + fragments + fragments / 2));
});

const troubles = fc.record({
  loss: fc.nat(30),
  double: fc.nat(40),
  damage: fc.nat(10),
  delay: fc.nat(4),
});
const sizes = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6000 })), {
  minLength: 1,
  maxLength: 12,
});

it('carries out every call exactly once under loss, doubling, damage and delay', () => {
  fc.assert(
    fc.property(troubles, sizes, fc.nat(8), (trouble, all, delay) => {
      const cluster = new RemoteCluster(module, 3, RING);
      cluster.trouble = trouble;
      cluster.nodes[1]!.delay = delay;
      const callers = all.map((size, name) => cluster.nodes[0]!.call(1, name, data(size)));
      cluster.run(4000);
      for (const caller of callers) {
        expect(caller).toMatchObject({ status: 0, count: 1, answers: 1 });
        expect(caller.reply).toEqual(turned(caller.request));
      }
      expect([...cluster.nodes[1]!.counts.values()]).toEqual(callers.map(() => 1));
    }),
    { seed: 21, numRuns: 40 },
  );
});

it('carries what is delivered before the answer, which may be shorter than there was room for', () => {
  const shorter = fc.constantFrom(0, 1, 100, 1440, 1500, 3000);
  const lasting = fc.integer({ min: 3, max: 9 });
  fc.assert(
    fc.property(troubles, shorter, lasting, (trouble, shortBy, delay) => {
      const cluster = new RemoteCluster(module, 3, RING);
      Object.assign(cluster.nodes[1]!, { delay, shortBy });
      cluster.trouble = trouble;
      const callers = [1400, 5000, 14_400, 60_000].map((size, name) =>
        cluster.nodes[0]!.call(1, name, data(size)),
      );
      cluster.run(4000);
      for (const caller of callers) {
        const size = Math.max(0, caller.request.length - shortBy);
        expect(caller).toMatchObject({ status: 0, count: 1, answers: 1 });
        expect(caller.reply.subarray(0, size)).toEqual(turned(caller.request).subarray(0, size));
        expect(caller.reply.subarray(size).every(byte => byte === 0)).toBe(true);
      }
    }),
    { seed: 23, numRuns: 8 },
  );
});

it('begins to carry an answer before the server has made all of it', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  cluster.nodes[1]!.delay = 1000;
  const caller = cluster.nodes[0]!.call(1, 1, data(60_000));
  cluster.run(80);
  expect(caller.isWaiting).toBe(true);
  expect(caller.reply.subarray(0, 51_840)).toEqual(turned(caller.request).subarray(0, 51_840));
});

it('carries more large calls than the server has room for at a time, through loss', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  cluster.trouble = { loss: 3, double: 3 };
  const callers = [500_000, 70_000, 100_000, 0, 90_000].map((size, name) =>
    cluster.nodes[0]!.call(1, name, data(size)),
  );
  cluster.run(2000);
  for (const { status, count, answers, request, reply } of callers) {
    expect({ status, count, answers }).toEqual({ status: 0, count: 1, answers: 1 });
    expect(Buffer.compare(reply, turned(request))).toBe(0);
  }
});

it('counts no acknowledged call twice when links and nodes fail at any moment', () => {
  const pauses = fc.integer({ min: 1, max: 80 });
  const happenings = fc.array(fc.tuple(pauses, fc.constantFrom(...HAPPENINGS)), {
    minLength: 3,
    maxLength: 10,
  });
  fc.assert(
    fc.property(happenings, troubles, (all, trouble) => {
      const cluster = new RemoteCluster(module, 3, RING);
      cluster.trouble = trouble;
      const callers = all.flatMap(([pause, happening]) => cluster.callAndSuffer(pause, happening));
      cluster.trouble = {};
      cluster.suffer('heal');
      cluster.run(3000);
      for (const { name, status, answers } of callers) {
        expect(answers).toBe(1);
        const times = cluster.timesCounted(name);
        if (status === 0) expect(times).toBe(1);
        else expect([status, times <= 1]).toEqual([NODE_LOST, true]);
      }
    }),
    { seed: 22, numRuns: 60 },
  );
});

it('tells the caller that the node is lost, once', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  cluster.nodes[1]!.delay = 1000;
  const caller = cluster.nodes[0]!.call(1, 1);
  cluster.run(20);
  cluster.cut(0);
  cluster.nodes[0]!.net.losePeer(1, 0);
  cluster.run(20);
  expect(caller).toMatchObject({ status: NODE_LOST, answers: 1 });
});

it('stops the server whose caller waits no longer', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  cluster.nodes[1]!.delay = 1000;
  const caller = cluster.nodes[0]!.call(1, 1);
  cluster.run(20);
  caller.isWaiting = false;
  cluster.run(20);
  expect(cluster.nodes[1]!.cancelled).toBe(1);
});

it('does not take a call for over that is still being carried out, though its caller has begun another', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  const [caller, server] = cluster.nodes as [RemoteNode, RemoteNode];
  caller.call(1, 1);
  cluster.deliver();
  server.delay = 30;
  const given = caller.call(1, 2);
  cluster.deliver();
  given.isWaiting = false;
  cluster.trouble = { loss: 100 };
  cluster.run(1);
  cluster.trouble = {};
  const next = caller.call(1, 4);
  cluster.run(100);
  expect(server.cancelled).toBe(1);
  expect(next).toMatchObject({ status: 0, count: 1, answers: 1 });
  expect([...server.counts.values()]).toEqual([1, 1, 1]);
  const before = cluster.frames;
  cluster.run(2000);
  const hellos = 2 * 200;
  expect(cluster.frames - before - hellos).toBeLessThan(16);
});

it('waits patiently for a slow server, with few signs of life', () => {
  const cluster = new RemoteCluster(module, 2, PAIR);
  cluster.nodes[1]!.delay = 2000;
  const caller = cluster.nodes[0]!.call(1, 1);
  cluster.run(5);
  const before = cluster.frames;
  cluster.run(1900);
  const hellos = 2 * 190;
  expect(cluster.frames - before - hellos).toBeLessThan(2 * 50);
  cluster.run(500);
  expect(caller).toMatchObject({ status: 0, count: 1, answers: 1 });
});
