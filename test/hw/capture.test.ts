/**
 * Captures: what another program reads out of the file.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Cluster } from '../../hw/cluster.ts';
import { build, frame, scripted } from './scripted-cluster.ts';
import { BUSY, DROWSY, QUIET } from './scripted-station.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

function capture(cluster: Cluster, times: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = [];
  cluster.capture(bytes => parts.push(bytes));
  for (const time of times) cluster.runUntil(time);
  cluster.endCapture();
  return Buffer.concat(parts);
}

function tshark(file: Uint8Array, fields: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer-'));
  try {
    const path = join(folder, 'wires.pcapng');
    writeFileSync(path, file);
    const wanted = fields.flatMap(field => ['-e', field]);
    const result = spawnSync('tshark', ['-r', path, '-T', 'fields', ...wanted], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.stderr);
    return result.stdout.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.skipIf(!hasTshark)('tshark reads links, directions, nanoseconds and misfortunes', () => {
  const cluster = build('line:3', [QUIET]);
  scripted(cluster, 0).schedule(0, frame(2, 4, 200), 1_000_000_007);
  scripted(cluster, 1).schedule(0, frame(4, 2, 201), 1_000_000_100);
  scripted(cluster, 1).schedule(1, frame(6, 2, 202), 5_000_000_000);
  cluster.perform({ do: 'strike', link: 0, way: 'backward', what: 'drop' });
  cluster.perform({ do: 'strike', link: 1, way: 'forward', what: 'damage' });
  const fields = [
    'frame.time_epoch',
    'frame.interface_name',
    'frame.len',
    'frame.packet_flags',
    'frame.comment',
  ];
  expect(tshark(capture(cluster, [10_000_000_000]), fields)).toEqual([
    '1.000000007\tnode0-node1\t200\t0x00000002\t',
    '1.000000100\tnode0-node1\t201\t0x00000001\tlost',
    '5.000000000\tnode1-node2\t202\t0x01000002\tdamaged',
  ]);
});

test.skipIf(!hasTshark)('tshark finds frames in order and the bytes that were sent', () => {
  const cluster = build('ring:4', [BUSY, DROWSY], 2);
  const lines = tshark(capture(cluster, [2_000_000]), ['frame.time_epoch', 'frame.len']);
  const times = lines.map(line => Number(line.split('\t')[0]));
  expect(lines.length).toBeGreaterThan(500);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('a capture is the same bytes however the run was sliced', () => {
  const straight = capture(build('star:4', [BUSY, DROWSY], 3), [500_000]);
  const times = Array.from({ length: 500 }, (_, at) => at * 1_000);
  expect(capture(build('star:4', [BUSY, DROWSY], 3), [...times, 500_000])).toEqual(straight);
  expect(straight.length).toBeGreaterThan(100_000);
});

test('watching changes nothing', () => {
  const watched = build('ring:3', [BUSY], 3);
  capture(watched, [100_000]);
  const unwatched = build('ring:3', [BUSY], 3);
  unwatched.runUntil(100_000);
  expect(watched.hash()).toBe(unwatched.hash());
});
