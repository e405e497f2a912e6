/**
 * The `image` command: what a person is told about images, and how it answers what is mistyped.
 */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { buildArchive, readArchive } from '../../images/boot/archive.ts';
import { Workshop } from '../console/workshop.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

function image(line: string): { status: number | null; out: string; err: string } {
  const words = ['--import', 'tsx', 'images/boot/image-command.ts', ...line.split(' ')];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

test('an archive gives its files back', () => {
  const files = new Map([
    ['init', Uint8Array.of(1, 2, 3)],
    ['bin/empty', new Uint8Array(0)],
    ['bin/large', new Uint8Array(5000).fill(7)],
  ]);
  const archive = buildArchive(files);
  expect([...readArchive(archive)]).toEqual([...files]);
  expect(() => readArchive(archive.subarray(1))).toThrow('this is no boot archive');
});

// biome-ignore format: a table
test.each([
  ['bild',            'image: there is no command bild: did you mean build?\n'],
  ['show oen',        'image: there is no image oen: did you mean one?\n'],
  ['diff one',        'image: write image diff NAME OTHER\n'],
  ['build one -x',    'image: there is no option -x: -o FOLDER says where to write\n'],
  ['list -o out',     'image: list writes nothing: leave -o out\n'],
])('image %s is refused in one line', (line, message) => {
  expect(image(line)).toEqual({ status: 2, out: '', err: message });
});

test('the manifests are listed with what they run', () => {
  const { status, out } = image('list');
  expect(status).toBe(0);
  expect(out).toMatch(/^one +\d+ services, runs /m);
});

/** A manifest in which nothing runs but two services. */
const SMALL = {
  services: { name: {}, archive: { authority: ['archive'] } },
  mounts: { '/boot': ['archive'] },
  sessions: [],
  programs: ['true'],
};

test('what is built elsewhere is the same to the bit, and what is not the same is told', () => {
  const workshop = new Workshop();
  const image = (...words: string[]) => workshop.run('images/boot/image-command.ts', ...words);
  try {
    workshop.write('images/cluster/small.json', JSON.stringify(SMALL));
    workshop.write('images/cluster/other.json', JSON.stringify({ ...SMALL, programs: ['false'] }));
    expect(image('verify', 'small')).toContain('bit for bit the same\n');
    expect(() => image('diff', 'small', 'other')).toThrow(/ended with 1:\n(.*\n)*archive: bin\/false +/);
  } finally {
    workshop.remove();
  }
});
