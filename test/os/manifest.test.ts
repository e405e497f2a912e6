/**
 * Manifests: what is wrong with one is said in one line with the mend, and nothing is built of it.
 */
import { expect, it, test } from 'vitest';
import { manifestFile, manifestOf, readManifest } from '../../images/boot/manifest.ts';
import { clusterManifest, clusterNames } from '../../images/boot/system.ts';

const services = { disk: {}, file: { uses: ['disk'] }, name: {} };

// biome-ignore format: a table
test.each<[object, string]>([
  [{ servises: {} },                                     'nobody knows the key "servises": did you mean services?'],
  [{ services: { uart: { prioritet: 3 } } },             'services.uart: nobody knows the key "prioritet": did you mean priority?'],
  [{ services: { uart: { priority: 31 } } },             'services.uart.priority: "31" is not a whole number from 0 to 30'],
  [{ services: { UART: {} } },                           'services.UART: not a service\'s name'],
  [{ services: { uart: { device: 'urt' } } },            'services.uart.device: "urt" is not known: did you mean uart?'],
  [{ services: { disk: { device: { virtio: 'disk' } } } }, 'services.disk.device.virtio: "disk" is not known: known are net, block, entropy'],
  [{ services: { file: { uses: ['disc'] }, disk: {} } }, 'services.file.uses: "disc" is not known: did you mean disk?'],
  [{ services: { a: { uses: ['b'] }, b: { uses: ['a'] } } }, 'services use each other in a circle: a → b → a'],
  [{ services, mounts: { '/': 'files' } },               'mounts./: "files" is not known: did you mean file?'],
  [{ services, mounts: { root: 'file' } },               'mounts.root: write an absolute path'],
  [{ services, sessions: [{ run: 'sh' }] },              'sessions[0]: sh is not an absolute path'],
  [{ services, sessions: {} },                           'sessions: not a list'],
  [{ services: { uart: { restart: { otherwise: 'panic' } } } }, 'restart.otherwise: "panic" is not known: known are escalate, give up'],
  [{ services: { uart: { authority: ['controll'] } } },  'services.uart.authority: "controll" is not known: did you mean control?'],
])('the manifest %j is refused: %s', (data, message) => {
  expect(() => manifestOf(data, 'one.json')).toThrow(message);
});

it('refuses a file that is not JSON, by its name', () => {
  expect(() => readManifest('{ "services": ', 'images/cluster/x.json')).toThrow(
    /^images\/cluster\/x\.json is not JSON: /,
  );
  expect(() => clusterManifest('onne')).toThrow('there is no cluster named onne: did you mean one?');
});

it('orders services by what they use, and makes of every manifest of the project a file', () => {
  const names = manifestOf({ services: { file: { uses: ['disk'] }, disk: {} } }, 'x').services.map(
    s => s.name,
  );
  expect(names).toEqual(['disk', 'file']);
  for (const name of clusterNames()) expect(manifestFile(clusterManifest(name)).length).toBeGreaterThan(40);
});
