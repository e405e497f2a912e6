/**
 * The wire over TCP: frames come out as they went in however TCP cuts them, the carrier follows the
 * connection, and who speaks something else is let go.
 */
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { TcpLink } from '../../hw/console/tcp-link.ts';

const links: TcpLink[] = [];
afterEach(() => {
  for (const link of links.splice(0)) link.close();
});

/** A link with what came out of it, and promises of the next thing. */
function watched(link: TcpLink) {
  links.push(link);
  const frames: Uint8Array[] = [];
  const carriers: boolean[] = [];
  let changed = () => {};
  link.open({
    frame: frame => {
      frames.push(frame);
      changed();
    },
    carrier: level => {
      carriers.push(level);
      changed();
    },
  });
  const until = (isSo: () => boolean) =>
    new Promise<void>(resolve => {
      changed = () => isSo() && resolve();
      changed();
    });
  return { link, frames, carriers, until };
}

it('carries frames both ways between two machines', async () => {
  const a = watched(await TcpLink.listen(0));
  expect(a.link.carrier).toBe(false);
  const b = watched(await TcpLink.connect('127.0.0.1', a.link.port));
  await a.until(() => a.link.carrier);
  const sizes = [60, 1514, 14, 300];
  for (const size of sizes) a.link.transmit(new Uint8Array(size).fill(size & 255));
  b.link.transmit(new Uint8Array(64).fill(1));
  await b.until(() => b.frames.length === sizes.length);
  await a.until(() => a.frames.length === 1);
  expect(b.frames.map(frame => frame.length)).toEqual(sizes);
  expect(b.frames.every(frame => frame.every(byte => byte === (frame.length & 255)))).toBe(true);
  b.link.close();
  await a.until(() => !a.link.carrier);
  expect(a.carriers).toEqual([false, true, false]);
});

it('puts frames together however they are cut, as QEMU frames them', async () => {
  const a = watched(await TcpLink.listen(0));
  const peer = connect(a.link.port, '127.0.0.1');
  const stream = [
    0,
    0,
    0,
    20,
    ...new Array<number>(20).fill(5),
    0,
    0,
    0,
    16,
    ...new Array<number>(16).fill(6),
  ];
  for (const byte of stream) {
    await new Promise<void>(resolve => peer.write(Uint8Array.of(byte), () => resolve()));
  }
  await a.until(() => a.frames.length === 2);
  expect(a.frames.map(frame => [frame.length, frame[0]])).toEqual([
    [20, 5],
    [16, 6],
  ]);
  peer.destroy();
});

it('lets go who sends what cannot be a frame, and accepts the next', async () => {
  const a = watched(await TcpLink.listen(0));
  const stranger = connect(a.link.port, '127.0.0.1');
  stranger.write('GET / HTTP/1.1\r\n\r\n');
  await new Promise(resolve => stranger.once('close', resolve));
  await a.until(() => !a.link.carrier);
  const b = watched(await TcpLink.connect('127.0.0.1', a.link.port));
  b.link.transmit(new Uint8Array(60));
  await a.until(() => a.frames.length === 1);
  expect(a.frames).toHaveLength(1);
});
