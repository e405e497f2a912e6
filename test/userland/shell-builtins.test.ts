/**
 * The builtins that need no system, as `sh -c` does them: what is written,
 * and the status in brackets if it is not 0. Where dash is present, it says the same.
 */
import { expect, test } from 'vitest';
import { dashSays, hasDash, shellSays } from './shell-says.ts';

// biome-ignore format: a table
const BUILTINS: readonly (readonly [script: string, said: string])[] = [
  ["printf '%s-%d %5s|%-5s|%05d %x %o %c\\n' a 12 b c 42 255 8 xyz", 'a-12     b|c    |00042 ff 10 x\n'],
  ["printf '%s\\n' a b c; printf '%s %s\\n' 1 2 3; printf 'no newline'; printf '\\n'", 'a\nb\nc\n1 2\n3 \nno newline\n'],
  ["printf '%b|%s\\n' 'a\\tb' 'a\\tb'; printf '%d\\n' abc; printf '%d %d\\n' 0x10 010", 'a\tb|a\\tb\n0\n16 8\nsh: 1: printf: abc: expected numeric value\n'],
  ["printf '%+d % d %5d|%-5d|%.3d\\n' 5 5 5 5 5; printf '%X %#x %#o\\n' 255 255 8; printf '%%\\n'", '+5  5     5|5    |005\nFF 0xff 010\n%\n'],
  ["printf '%5.2s|%.1s|\\n' abc xyz; printf '%*d|%-*d|\\n' 5 1 5 2; printf '%c%c\\n' abc d", '   ab|x|\n    1|2    |\nad\n'],
  [`printf '%d\\n' "'A" '"B'; printf '%s\\n'; printf '%d\\n'; printf 'a\\\\b\\101\\n'`, '65\n66\n\n0\na\\bA\n'],
  ["printf '%.2f %f %5.1f|%-8.3f|\\n' 3.14159 1 2.56 1.5", '3.14 1.000000   2.6|1.500   |\n'],
  ["printf '%b' 'x\\cy' z; echo; printf '%d' 3x; echo $?", 'x\n31\nsh: 1: printf: 3x: not completely converted\n'],
  [`echo 'a\\tb' "c\\\\n" -n; echo -n x; echo; echo 'a\\cb'; echo; echo '\\0101'`, 'a\tb c\n -n\nx\na\nA\n'],
  ['echo; echo -n; echo - --; echo "-n"x', '\n- --\n-nx\n'],
  ['[ abc = abc ]; echo $?; [ -z "" ]; echo $?; [ 1 -gt 2 ]; echo $?; test; echo $?; [ a != b ]; echo $?', '0\n0\n1\n1\n0\n'],
  ['[ -f a.txt -a ! -f zz ] && echo both; [ -d sub -o -f zz ] && echo either; [ -e nope ]; echo $?; [ ! -e nope ] && echo not', 'both\neither\n1\nnot\n'],
  ['[ "" ]; echo $?; [ x ]; echo $?; [ ! x ]; echo $?; [ -n ]; echo $?; [ = ]; echo $?; [ -f = -f ]; echo $?', '1\n0\n1\n0\n0\n0\n'],
  ['[ 3 -eq 03 ] && echo eq; [ -5 -lt 2 ] && echo lt; [ 10 -ge 9 ] && [ 2 -le 2 ] && [ 1 -ne 2 ] && echo cmp', 'eq\nlt\ncmp\n'],
  ['[ \\( a = a \\) -a \\( b = b \\) ]; echo $?; [ a = a -a b = c ]; echo $?; [ a = b -o b = b ]; echo $?', '0\n1\n0\n'],
  ['[ a; echo $?; [ 1 -eq x ]; echo $?; test a b; echo $?', '2\n2\n2\nsh: 1: [: missing ]\nsh: 1: [: Illegal number: x\nsh: 1: test: a: unexpected operator\n'],
  ['[ -s a.txt ] && echo sized; > e; [ -s e ] || echo empty; [ -r a.txt ] && echo readable; [ -t 1 ]; echo $?', 'sized\nempty\nreadable\n1\n'],
  ['read x <<E\nhello world\nE', ''],
  ['echo "$x"; echo "a b c d" | (read p q r; echo "$p/$q/$r")', '\na/b/c d\n'],
  [`printf '  a   b  \\n' | (read x; echo "[$x]"); printf '  a   b  \\n' | (read x y; echo "[$x][$y]")`, '[a   b]\n[a][b]\n'],
  [`printf 'a:b:c:d\\n' | (IFS=: read x y z; echo "$x|$y|$z"); printf 'a:b:\\n' | (IFS=: read x y; echo "$x|$y")`, 'a|b|c:d\na|b\n'],
  [`printf 'a\\\\ b c\\n' | (read x y; echo "$x|$y"); printf 'a\\\\ b c\\n' | (read -r x y; echo "$x|$y")`, 'a b|c\na\\|b c\n'],
  [`printf 'one\\\\\\ntwo\\n' | (read x; echo "$x"); printf 'no newline' | (read x; echo $? "$x"); read x < /dev/null; echo $?`, 'onetwo\n1 no newline\n1\n'],
  [`printf 'a\\nb\\nc\\n' | while read x; do echo "<$x>"; done; printf '1\\n2\\n' | (read x; cat)`, '<a>\n<b>\n<c>\n2\n'],
  [`printf ':a\\n' | (IFS=: read x y; echo "$x|$y"); printf 'a::b\\n' | (IFS=: read x y z; echo "$x|$y|$z")`, '|a\na||b\n'],
  ['getopts ab:c x -a -b val -c; echo $x $OPTIND; while getopts ab:c x -a -bval -c rest; do echo "$x $OPTARG"; done', 'a 2\nb val\nc \n'],
  ['while getopts :ab: x -z -b; do echo "$x $OPTARG"; done; echo $OPTIND', '? z\n: b\n3\n'],
  ['set -- -a -xy file; while getopts axy o; do echo $o; done; shift $((OPTIND-1)); echo $1', 'a\nx\ny\nfile\n'],
  ['getopts a x -q; echo "$x $?"', '? 0\nIllegal option -q\n'],
  ['shift; echo $?', "sh: 1: shift: can't shift that many\n[2]"],
  ['set -- 1 2 3; shift; echo $*; shift 2; echo $#; set -- a b; shift 3; echo no', "2 3\n0\nsh: 1: shift: can't shift that many\n[2]"],
  ['set -- a b c; echo $1; set -- ; echo $#; set x y; echo $*; set -- -a; echo $1; set - b; echo $1', 'a\n0\nx y\n-a\nb\n'],
  ['set -e; echo $-; set +e; echo [$-]; set -o noglob; echo *; set +o noglob; set -e; echo $-', 'e\n[]\n*\ne\n'],
  ['cd sub; echo *; cd ..; echo *; cd /nonexistent; echo $?; cd sub && cd - > /dev/null; echo *.txt', "x.c\na.txt b.txt sub\n2\na.txt b.txt\nsh: 1: cd: can't cd to /nonexistent\n"],
  ['umask; umask 077; umask; umask -S; umask 9', '0022\n0077\nu=rwx,g=,o=\nsh: 1: umask: Illegal number: 9\n[2]'],
  ['type cd; type :; type if; f() { :; }; type f; type nosuchx; echo $?; command -v f; command -v nosuch; echo $?', 'cd is a shell builtin\n: is a special shell builtin\nif is a shell keyword\nf is a shell function\nnosuchx: not found\n127\nf\n127\n'],
  ["command echo hi; command -v if; f() { echo fn; }; echo() { printf 'no\\n'; }; command echo real", 'hi\nif\nreal\n'],
  ["alias ll='echo alias'\nll x", 'alias x\n'],
  ["alias a='b ' b='echo'\na c", 'c\n'],
  ["alias e='echo '; alias x=y\ne x", 'y\n'],
  ["alias echo='echo pre'\necho post", 'pre post\n'],
  ['export A=1; readonly B=2; export -p | cat > /dev/null; readonly -p; x=5; unset x; echo ${x-gone}', "readonly B='2'\ngone\n"],
  ['export 1x=2; echo no', 'sh: 1: export: 1x: bad variable name\n[2]'],
  ["unset PATH2; export E1 E2=2; sh -c 'echo ${E1-unset} $E2'; E1=1; sh -c 'echo $E1'", 'unset 2\n1\n'],
  ['local x; echo no', 'sh: 1: local: not in a function\n[2]'],
  ['break; echo $?; continue; echo still; for i in 1; do break 9; done; echo out', '0\nstill\nout\n'],
  ['for i in 1 2; do break x; done; echo no', 'sh: 1: break: Illegal number: x\n[2]'],
  ['return 3; echo no', '[3]'],
  ['exit x; echo no', 'sh: 1: exit: Illegal number: x\n[2]'],
  ["trap 'echo a' INT TERM; trap; trap - INT; trap; trap '' HUP; trap", "trap -- 'echo a' INT\ntrap -- 'echo a' TERM\ntrap -- 'echo a' TERM\ntrap -- '' HUP\ntrap -- 'echo a' TERM\n"],
  ['kill -l 9; kill -l 143; kill -l 15', 'KILL\nTERM\nTERM\n'],
  ['x=1 y=2; unset x y; echo [$x$y]; unset -v nope; echo $?; readonly q=1; unset q; echo no', '[]\n0\nsh: 1: unset: q: is read only\n[2]'],
  ['true; : a b; false || :; echo $?; exec 5>&1; echo five >&5; exec echo replaced; echo no', '0\nfive\nreplaced\n'],
  ['wait; echo $?; wait 99999; echo $?; jobs; echo $?', '0\n127\n0\n'],
  ['(echo a; exec echo b; echo c); echo d; exec nosuch; echo no', 'a\nb\nd\nsh: 1: exec: nosuch: not found\n[127]'],
];

test.each(BUILTINS)('builtins: %j', async (script, said) => {
  expect(await shellSays(script)).toBe(said);
});

test.skipIf(!hasDash)('dash agrees about builtins', () => {
  for (const [script, said] of BUILTINS) expect([script, dashSays(script)]).toEqual([script, said]);
});
