/**
 * A node of the cluster is QEMU: `npm start -- --outside 2` on one side, the command that it tells on the other. QEMU's
 * time is the host's, so nothing here is measured; every wait is for something to be so.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSystem, clusterManifest } from '../../images/boot/system.ts';
import { START } from '../console/start-rig.ts';
import { Dialogue } from './dialogue.ts';
import { hasQemu } from './firmware-rig.ts';
import { BUILD_MILLISECONDS } from './system-rig.ts';

/** For a host on which much else runs. */
const HANG = { hangMilliseconds: 600_000 };
const PROMPTS = /node0 │ \$[\s\S]*node1 │ \$|node1 │ \$[\s\S]*node0 │ \$/;
/** A command of the guests that ends when the view is of so many nodes, and shows it. */
const seen = (count: number) => `until nodes | grep -q ': ${count} nodes'; do sleep 1; done; nodes`;

let folder: string;
let boards: Dialogue;
let qemu: Dialogue;
let starting: string;

/** What a board's console says to a command; its end is told by a sum, since what is typed is echoed. */
async function ask(node: number, command: string): Promise<string> {
  boards.type(`@node${node} ${command}; echo end-$((1+1))\n`);
  const text = await boards.until('end-2');
  return text.slice(text.indexOf('1+1)'));
}

/** The same of QEMU's, whose shell draws what is typed. */
async function askQemu(command: string): Promise<string> {
  qemu.type(`${command}; echo end-$((1+1))\r`);
  const text = await qemu.until('end-2');
  return text.slice(text.lastIndexOf('1+1)'));
}

async function startQemu(): Promise<void> {
  qemu = new Dialogue('sh', ['-c', `exec ${starting}`], { ...HANG, folder, encoding: 'latin1' });
  await qemu.until('$ ');
}

describe.skipIf(!hasQemu)('a QEMU among the boards', () => {
  beforeAll(async () => {
    await buildSystem(clusterManifest('one'));
    folder = mkdtempSync(join(tmpdir(), 'gossamer-'));
    const words = [...START, '--plain', '--outside', '2:0', '--record', 'session.jsonl'];
    boards = new Dialogue(process.execPath, words, { ...HANG, folder });
    starting = /: (sh \S+) starts/.exec(await boards.until(/· node2 is outside.*/))![1]!;
    await boards.until(PROMPTS);
    await startQemu();
  }, BUILD_MILLISECONDS);

  afterAll(() => {
    boards?.close();
    qemu?.close();
    rmSync(folder, { recursive: true });
  });

  test(
    'is a member like them',
    async () => {
      for (const view of [await ask(0, seen(3)), await askQemu(seen(3))])
        expect(view.match(/[012] alive +yes/g)).toHaveLength(3);
      expect(await ask(1, 'ping -c 2 2')).toMatch(/2 of 2 calls to node 2 answered/);
      expect(await askQemu('ping -c 2 1')).toMatch(/2 of 2 calls to node 1 answered/);
    },
    HANG.hangMilliseconds,
  );

  test(
    'reads what they write, and they read what it writes',
    async () => {
      await ask(1, 'echo from a board > /node/2/one; echo to all > /two');
      expect(await askQemu('cat /node/2/one /two')).toMatch(/from a board\r\n.*to all/);
      await askQemu('echo from QEMU > /three; cp /boot/bin/cat /node/2/kept; sync');
      expect(await ask(0, 'cat /three; cmp /node/2/kept /boot/bin/cat && echo same')).toMatch(
        /from QEMU\n.*same/,
      );
    },
    HANG.hangMilliseconds,
  );

  test(
    'runs their programs, and they run its',
    async () => {
      expect(await ask(0, 'on 2 ps')).toMatch(/2 +2\d{5} R .* ps\n/);
      expect(await askQemu('on 1 ps')).toMatch(/1 +1\d{5} R .* ps\r\n/);
      expect(await askQemu('echo a line | on 0 wc')).toMatch(/1 +2 +7\r\n/);
    },
    HANG.hangMilliseconds,
  );

  test(
    'is missed when it is killed, and welcome again',
    async () => {
      boards.type('@node0 on 2 sleep 1000\n');
      await askQemu('until ps aux | grep -q sleep; do sleep 1; done');
      qemu.close();
      await boards.until('on: sleep: lost: node 2');
      expect(await ask(1, seen(2))).toMatch(/2 dead +no/);
      await startQemu();
      expect(await askQemu(seen(3))).toMatch(/0 alive +yes/);
      expect(await ask(0, `${seen(3)}; cmp /node/2/kept /boot/bin/cat && echo same`)).toMatch(/same/);
    },
    HANG.hangMilliseconds,
  );

  test(
    'need not be there for the session to happen again',
    async () => {
      boards.type(':quit\n');
      await boards.ended();
      expect(readFileSync(join(folder, 'session.jsonl'), 'utf8')).toContain('"do":"frame","node":2');
      const again = new Dialogue(process.execPath, [...START, '--replay', 'session.jsonl'], {
        ...HANG,
        folder,
      });
      expect(await again.ended()).toMatch(/passed: .* simulated, seed 1, hash [0-9a-f]{16}\n$/);
    },
    HANG.hangMilliseconds,
  );
});
