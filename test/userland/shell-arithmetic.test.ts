/**
 * Arithmetic expansion: the operators of C, in 64 bits, as `sh -c` does them: what is written,
 * and the status in brackets if it is not 0. Where dash is present, it says the same.
 */
import { expect, test } from 'vitest';
import { dashSays, hasDash, shellSays } from './shell-says.ts';

// biome-ignore format: a table
const ARITHMETIC: readonly (readonly [script: string, said: string])[] = [
  ['echo $((1+2*3)) $((10/3)) $((10%3)) $((-7/2)) $((-7%3)) $((1<<4|1)) $((5>3&&2<1))', '7 3 1 -3 -1 17 0\n'],
  ['echo $(( (1+2)*3 )) $((0x1f)) $((010)) $((!0)) $((!5)) $((~0)) $((-(-3))) $((+4))', '9 31 8 1 0 -1 3 4\n'],
  ['x=5; echo $((x+=2)) $((x-=1)) $((x*=3)) $((x/=2)) $((x%=5)) $((x<<=3)) $((x>>=1)) $((x|=3)) $((x&=6)) $((x^=1)) $x', '7 6 18 9 4 32 16 19 2 3 3\n'],
  ['x="        7 "; echo $((x + 1))', '8\n'],
  ['x=3; echo $((x)) $(($x)) $((x*x)) $(( x + $x )) $((y)) $((-x))', '3 3 9 6 0 -3\n'],
  ['echo $((1?2:3)) $((0?2:3)) $((1?0?4:5:6)) $((2>1?10:20))', '2 3 5 10\n'],
  ['echo $((1==1)) $((1!=1)) $((1<2)) $((2<=2)) $((3>=4)) $((1<2==1))', '1 0 1 1 0 1\n'],
  ['echo $((5&3)) $((5|3)) $((5^3)) $((1|2&3)) $((6>>1)) $((1<<2+1))', '1 7 6 3 3 8\n'],
  ['echo $((0||0)) $((0||7)) $((3&&0)) $((3&&4)) $((1||x/0)) $((0&&(x=9))) $x', '0 1 0 1 1 0\n'],
  ['echo $((9223372036854775807)) $((9223372036854775807+1)) $((-9223372036854775807-1))', '9223372036854775807 -9223372036854775808 -9223372036854775808\n'],
  ['echo "$((2+2))" a$((3))b $(( 4 )) $((  5*( 2 + 1 ) ))', '4 a3b 4 15\n'],
  ['i=0; while [ $((i+=1)) -lt 4 ]; do echo $i; done', '1\n2\n3\n'],
  ['echo $((1/0))', 'sh: 1: arithmetic expression: division by zero: "1/0"\n[2]'],
  ['echo $((1+))', 'sh: 1: arithmetic expression: expecting primary: "1+"\n[2]'],
  ['echo $((1 2))', 'sh: 1: arithmetic expression: expecting EOF: "1 2"\n[2]'],
  ['echo $(((1)))', '1\n'],
  ['x=abc; echo $((x+1))', 'sh: 1: Illegal number: abc\n[2]'],
  ['echo $((08))', 'sh: 1: arithmetic expression: expecting EOF: "08"\n[2]'],
  ['echo $((x = 3)) $x; echo $((a=1)) $((b=a+1)) $a$b', '3 3\n1 2 12\n'],
  ['set -- 4 5; echo $(($1*$2)) $((${1}+${#}))', '20 6\n'],
  ["x=' 7 '; echo $((x+1)); x=0x10; echo $((x)); x=-3; echo $((x*2))", '8\n16\n-6\n'],
  ['echo $(echo $((1+1))) $((`echo 3`+$(echo 4)))', '2 7\n'],
];

test.each(ARITHMETIC)('arithmetic: %j', async (script, said) => {
  expect(await shellSays(script)).toBe(said);
});

test.skipIf(!hasDash)('dash agrees about arithmetic', () => {
  for (const [script, said] of ARITHMETIC) expect([script, dashSays(script)]).toEqual([script, said]);
});
