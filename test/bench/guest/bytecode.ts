/**
 * A stack machine that interprets one short program.
 *
 * run(n) does n rounds and gives a checksum; bytecode.c is the same in C.
 */
const prog: usize = memory.data<u8>([
  0, 0, 2, 1, 1, 1, 0, 20, 8, 9, 53, 0, 0, 2, 2, 1, 2, 1, 1, 8, 9, 44, 1, 0, 0, 31, 5, 1, 1, 3, 1, 2, 6, 2, 0,
  1, 2, 0, 1, 3, 2, 2, 10, 15, 1, 1, 0, 1, 3, 2, 1, 10, 4, 1, 0, 11, 0, 3, 7, 4, 13,
]);
const st: usize = memory.data(128, 4);
const v: usize = memory.data(16, 4);
//@inline
function g(p: usize, i: i32): i32 {
  return load<i32>(p + (usize(i) << 2));
}
//@inline
function s(p: usize, i: i32, x: i32): void {
  store<i32>(p + (usize(i) << 2), x);
}
//@inline
function c(p: usize, i: i32): i32 {
  return load<u8>(p + i);
}
function exec(code: usize, v: usize): i32 {
  let sp = 0,
    pc = 0;
  while (true) {
    switch (c(code, pc++)) {
      case 0:
        s(st, sp++, c(code, pc++));
        break;
      case 1:
        s(st, sp++, g(v, c(code, pc++)));
        break;
      case 2:
        s(v, c(code, pc++), g(st, --sp));
        break;
      case 3:
        sp--;
        s(st, sp - 1, g(st, sp - 1) + g(st, sp));
        break;
      case 4:
        sp--;
        s(st, sp - 1, g(st, sp - 1) - g(st, sp));
        break;
      case 5:
        sp--;
        s(st, sp - 1, g(st, sp - 1) * g(st, sp));
        break;
      case 6:
        sp--;
        s(st, sp - 1, g(st, sp - 1) ^ g(st, sp));
        break;
      case 7:
        sp--;
        s(st, sp - 1, g(st, sp - 1) << (g(st, sp) & 31));
        break;
      case 8:
        sp--;
        s(st, sp - 1, i32(g(st, sp - 1) < g(st, sp)));
        break;
      case 9:
        if (!g(st, --sp)) pc = c(code, pc);
        else pc++;
        break;
      case 10:
        pc = c(code, pc);
        break;
      case 11:
        s(st, sp, g(st, sp - 1));
        sp++;
        break;
      case 12:
        sp--;
        break;
      default:
        return g(st, sp - 1);
    }
  }
}
export function run(n: i32): i32 {
  s(v, 0, 1);
  s(v, 1, 0);
  s(v, 2, 0);
  s(v, 3, 0);
  let acc: u32 = 0;
  while (n-- > 0) {
    acc = acc * 7 + u32(exec(prog, v));
    s(v, 0, i32(acc & 0xffff));
  }
  return i32(acc);
}
