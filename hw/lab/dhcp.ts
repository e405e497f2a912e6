/**
 * The smallest DHCP server (RFC 2131, options RFC 2132): one client, one lease, for ever the same.
 *
 *     DISCOVER → OFFER, REQUEST → ACK        anything else: silence
 *
 * The lease is the server's own network of 24 bits with 15 as the last number, as QEMU's user network gives;
 * router and name server are the server itself.
 *
 *     message: op, hardware type, its length, hops │ xid │ secs, flags │ ciaddr, yiaddr, siaddr, giaddr │
 *     chaddr (16) │ sname (64) │ file (128) │ magic │ options: code, length, value; 255 ends them
 */

const BOOT_REQUEST = 1;
const BOOT_REPLY = 2;
const HARDWARE_AT = 1;
const YOUR_ADDRESS_AT = 16;
const SERVER_ADDRESS_AT = 20;
const OPTIONS_AT = 240;
const MAGIC = [0x63, 0x82, 0x53, 0x63];

const OPTION_PAD = 0;
const OPTION_MASK = 1;
const OPTION_ROUTER = 3;
const OPTION_NAME_SERVER = 6;
const OPTION_LEASE = 51;
const OPTION_TYPE = 53;
const OPTION_SERVER = 54;
const OPTION_END = 255;

const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const ACK = 5;

const CLIENT_NUMBER = 15;
const LEASE_SECONDS = [0, 1, 0x51, 0x80];

export const DHCP_SERVER_PORT = 67;
export const DHCP_CLIENT_PORT = 68;

/** The server's message to a client's, or undefined where it has nothing to say. */
export function answerDhcp(message: Uint8Array, server: readonly number[]): Uint8Array | undefined {
  if (message.length < OPTIONS_AT || message[0] !== BOOT_REQUEST) return undefined;
  if (message[HARDWARE_AT] !== 1 || message[HARDWARE_AT + 1] !== 6) return undefined;
  if (MAGIC.some((byte, index) => message[OPTIONS_AT - 4 + index] !== byte)) return undefined;
  const asked = option(message, OPTION_TYPE)?.[0];
  if (asked !== DISCOVER && asked !== REQUEST) return undefined;
  const chosen = option(message, OPTION_SERVER);
  if (chosen !== undefined && server.some((byte, index) => chosen[index] !== byte)) return undefined;

  const answer = message.slice(0, OPTIONS_AT);
  answer[0] = BOOT_REPLY;
  answer.fill(0, OPTIONS_AT - 4 - 192, OPTIONS_AT - 4);
  answer.set([...server.slice(0, 3), CLIENT_NUMBER], YOUR_ADDRESS_AT);
  answer.set(server, SERVER_ADDRESS_AT);
  const options: readonly (readonly [code: number, value: readonly number[]])[] = [
    [OPTION_TYPE, [asked === DISCOVER ? OFFER : ACK]],
    [OPTION_SERVER, server],
    [OPTION_LEASE, LEASE_SECONDS],
    [OPTION_MASK, [255, 255, 255, 0]],
    [OPTION_ROUTER, server],
    [OPTION_NAME_SERVER, server],
  ];
  const bytes = options.flatMap(([code, value]) => [code, value.length, ...value]);
  return Uint8Array.from([...answer, ...bytes, OPTION_END]);
}

/** An option's value; undefined where the message does not have it whole. */
function option(message: Uint8Array, wanted: number): Uint8Array | undefined {
  for (let at = OPTIONS_AT; at < message.length; ) {
    const code = message[at]!;
    if (code === OPTION_END) return undefined;
    if (code === OPTION_PAD) {
      at += 1;
      continue;
    }
    const size = message[at + 1];
    if (size === undefined || at + 2 + size > message.length) return undefined;
    if (code === wanted) return message.subarray(at + 2, at + 2 + size);
    at += 2 + size;
  }
  return undefined;
}
