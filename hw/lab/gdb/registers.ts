/**
 * The registers as GDB sees them, and their description (`target.xml`; GDB manual, appendix G,
 * "RISC-V Features").
 *
 *     0 … 31      x0 … x31 under their ABI names
 *     32          pc
 *     65 + n      CSR n, each one that this hart has
 *     65 + 4096   priv: 0 user, 1 supervisor, 3 machine
 *
 * In packets a register is eight hexadecimal digits, least significant byte first.
 */
import type { Hart, Privilege } from '../../cpu/hart.ts';
import { CSR_NUMBERS } from '../../manual/csr-names.ts';
import { REGISTER_NAMES } from '../../manual/registers.ts';
import { bytesOfHex, hexOfBytes } from './packet.ts';

const PC = 32;
const CSR_FIRST = 65;
const CSR_COUNT = 4096;
const PRIV = CSR_FIRST + CSR_COUNT;

const PRIVILEGES: readonly (Privilege | undefined)[] = ['user', 'supervisor', undefined, 'machine'];

export function readRegister(hart: Hart, number: number): number | undefined {
  if (number < PC) return hart.readRegister(number);
  if (number === PC) return hart.pc;
  if (number >= CSR_FIRST && number < PRIV) return hart.readCsr(number - CSR_FIRST);
  return number === PRIV ? PRIVILEGES.indexOf(hart.privilege) : undefined;
}

/** False where there is no such register, or it cannot have that value. */
export function writeRegister(hart: Hart, number: number, value: number): boolean {
  if (number < PC) hart.writeRegister(number, value);
  else if (number === PC) hart.pc = value;
  else if (number === PRIV) return writePrivilege(hart, value);
  else return number >= CSR_FIRST && number < PRIV && hart.writeCsr(number - CSR_FIRST, value);
  return true;
}

function writePrivilege(hart: Hart, value: number): boolean {
  const privilege = PRIVILEGES[value];
  if (privilege === undefined) return false;
  hart.privilege = privilege;
  return true;
}

/** x0 … x31 and pc, as the answer to `g`. */
export function readAllRegisters(hart: Hart): string {
  let text = '';
  for (let number = 0; number <= PC; number += 1) text += hexOfWord(readRegister(hart, number)!);
  return text;
}

/** What `G` brings; false where it is not whole. */
export function writeAllRegisters(hart: Hart, text: string): boolean {
  const bytes = bytesOfHex(text);
  if (bytes === undefined || bytes.length !== (PC + 1) * 4) return false;
  const view = new DataView(bytes.buffer);
  for (let number = 0; number <= PC; number += 1)
    writeRegister(hart, number, view.getUint32(number * 4, true));
  return true;
}

export function hexOfWord(value: number): string {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return hexOfBytes(bytes);
}

export function wordOfHex(text: string): number | undefined {
  const bytes = bytesOfHex(text);
  if (bytes === undefined || bytes.length !== 4) return undefined;
  return new DataView(bytes.buffer).getUint32(0, true);
}

export function targetDescription(hart: Hart): string {
  const register = (name: string, number: number, type: string, group = '') =>
    `<reg name="${name}" bitsize="32" regnum="${number}" type="${type}"${group}/>`;
  const integer = REGISTER_NAMES.map((name, number) =>
    register(name, number, number === 2 ? 'data_ptr' : number === 1 ? 'code_ptr' : 'int'),
  );
  const csrs = Object.entries(CSR_NUMBERS)
    .filter(([, csr]) => hart.readCsr(csr) !== undefined)
    .map(([name, csr]) => register(name, CSR_FIRST + csr, 'int', ' group="csr" save-restore="no"'));
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
    '<target version="1.0">',
    '<architecture>riscv:rv32</architecture>',
    '<feature name="org.gnu.gdb.riscv.cpu">',
    ...integer,
    register('pc', PC, 'code_ptr'),
    '</feature>',
    '<feature name="org.gnu.gdb.riscv.csr">',
    ...csrs,
    '</feature>',
    '<feature name="org.gnu.gdb.riscv.virtual">',
    register('priv', PRIV, 'int', ' group="general" save-restore="no"'),
    '</feature>',
    '</target>',
  ];
  return lines.join('\n');
}
