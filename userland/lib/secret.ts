/**
 * Secrets, as /etc/shadow keeps them: what a password becomes by being stretched with salt of its own, from which it
 * cannot be had back.
 *
 *     $pbkdf2-sha256$ROUNDS$SALT$HASH     the last two in hexadecimal digits
 *
 *     secretFor('password')               a new one; '' where there is no salt to be had
 *     isRight('password', secret)
 *     askSilently('Password: ')           what is typed then, which is not shown; null at the end of the input
 */
import { OPEN_READ } from '../../os/abi/file.ts';
import { closeFile, openFile, readWhole, standardInput } from './file.ts';
import { Input } from './input.ts';
import { print, standardOutput } from './output.ts';
import { HASH_SIZE, stretched } from './sha256.ts';
import { attributesOf, setAttributes, setSilent } from './terminal.ts';
import { encodeText } from './utf8.ts';

const METHOD = 'pbkdf2-sha256';
/** So that a guess takes a tenth of a second here. */
const ROUNDS: i32 = 1000;
const ROUNDS_MAX: i32 = 1_000_000;
const SALT_SIZE: i32 = 16;
const CHANCE = '/dev/random';

export function secretFor(password: string): string {
  const salt = heap.alloc(SALT_SIZE);
  const chance = openFile(CHANCE, OPEN_READ, 0);
  const size = chance < 0 ? chance : readWhole(chance, salt, SALT_SIZE);
  if (chance >= 0) closeFile(chance);
  const secret = size === SALT_SIZE ? made(password, digitsOf(salt, SALT_SIZE), ROUNDS) : '';
  heap.free(salt);
  return secret;
}

/** Nothing is right for a secret that this did not make; for none, nothing is needed. */
export function isRight(password: string, secret: string): bool {
  if (secret === '') return true;
  const fields = secret.split('$');
  if (fields.length !== 5 || fields[1] !== METHOD) return false;
  const rounds = <i32>parseInt(fields[2], 10);
  if (rounds < 1 || rounds > ROUNDS_MAX) return false;
  return isSame(made(password, fields[3], rounds), secret);
}

export function askSilently(prompt: string): string | null {
  const terminal = standardInput();
  const before = attributesOf(terminal);
  if (before !== null) setSilent(terminal, before);
  print(prompt);
  standardOutput().flush();
  const line = new Input(terminal).readLine();
  if (before !== null) setAttributes(terminal, before);
  print('\n');
  return line;
}

function made(password: string, salt: string, rounds: i32): string {
  const bytes = heap.alloc(password.length * 3);
  const saltBytes = heap.alloc(salt.length);
  const hash = heap.alloc(HASH_SIZE);
  stretched(bytes, encodeText(password, bytes), saltBytes, encodeText(salt, saltBytes), rounds, hash);
  const secret = `$${METHOD}$${rounds}$${salt}$${digitsOf(hash, HASH_SIZE)}`;
  heap.free(hash);
  heap.free(saltBytes);
  heap.free(bytes);
  return secret;
}

function digitsOf(bytes: usize, size: i32): string {
  let text = '';
  for (let at = 0; at < size; at++)
    text += load<u8>(bytes + at)
      .toString(16)
      .padStart(2, '0');
  return text;
}

/** It takes as long wherever they differ. */
function isSame(text: string, other: string): bool {
  if (text.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < text.length; at++) difference |= text.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
