/**
 * Quoting, expansions, field splitting, file names and here-documents, as `sh -c` does them: what is written,
 * and the status in brackets if it is not 0. Where dash is present, it says the same.
 */
import { expect, test } from 'vitest';
import { dashSays, hasDash, shellSays } from './shell-says.ts';

// biome-ignore format: a table
const WORDS: readonly (readonly [script: string, said: string])[] = [
  ['echo hello   world', 'hello world\n'],
  [`echo "a  b" 'c  d' e\\ \\ f`, 'a  b c  d e  f\n'],
  [`x='a b  c'; for i in $x; do echo "[$i]"; done; echo "$x" $x`, '[a]\n[b]\n[c]\na b  c a b c\n'],
  [`set -- a 'b c' d; for i in "$@"; do echo "<$i>"; done; for i in "$*"; do echo "<$i>"; done; echo $#`, '<a>\n<b c>\n<d>\n<a b c d>\n3\n'],
  [`set -- a 'b c' d; for i in $@; do echo "<$i>"; done; for i in $*; do echo "<$i>"; done`, '<a>\n<b>\n<c>\n<d>\n<a>\n<b>\n<c>\n<d>\n'],
  [`set -- a 'b c'; for i in x"$@"y; do echo "<$i>"; done`, '<xa>\n<b cy>\n'],
  ['set --; for i in "$@"; do echo "<$i>"; done; for i in "x$@"; do echo "<$i>"; done; for i in "" "$@"; do echo "<$i>"; done', '<x>\n<>\n'],
  ['IFS=-; set -- a b c; echo "$*" $*; IFS=; echo "$*"; unset IFS; echo "$*"', 'a-b-c a b c\nabc\na b c\n'],
  ['IFS=:; x=a:b::c:; for i in $x; do echo "[$i]"; done', '[a]\n[b]\n[]\n[c]\n'],
  [`IFS=' :'; x=' a : b::c '; for i in $x; do echo "[$i]"; done`, '[a]\n[b]\n[]\n[c]\n'],
  ['IFS=:; x=:a; for i in $x; do echo "[$i]"; done; for i in a$x; do echo "[$i]"; done', '[]\n[a]\n[a]\n[a]\n'],
  [`IFS=,; x='a b,c d'; set -- $x; echo $# "$1" "$2"`, '2 a b c d\n'],
  ['IFS=x; for i in axbxc; do echo $i; done; y=axb; for i in $y; do echo $i; done', 'a b c\na\nb\n'],
  [`x='  lead'; y='trail  '; set -- a$x$y''b; for i in "$@"; do echo "[$i]"; done`, '[a]\n[leadtrail]\n[b]\n'],
  ['echo ${x:-def} ${x-def} "${x:-a b}" ${x:=set} $x ${x:+alt} ${y+alt}. ${#x}', 'def def a b set set alt . 3\n'],
  ['x=; echo [${x:-def}] [${x-def}] [${x:+alt}] [${x+alt}] [${x:=now}] [$x]', '[def] [] [] [alt] [now] [now]\n'],
  ["for i in ${x:-a 'b c' d}; do echo \"[$i]\"; done; for i in \"${x:-a 'b c' d}\"; do echo \"[$i]\"; done", "[a]\n[b c]\n[d]\n[a 'b c' d]\n"],
  ['for i in ${x:-"a b" c}; do echo "[$i]"; done', '[a b]\n[c]\n'],
  ["set -- 1 '2 3'; for i in ${1+\"$@\"}; do echo \"[$i]\"; done", '[1]\n[2 3]\n'],
  ['f=/a/b/c.tar.gz; echo ${f#*/} ${f##*/} ${f%.*} ${f%%.*}', 'a/b/c.tar.gz c.tar.gz /a/b/c.tar /a/b/c\n'],
  ['x=aXbXc; p=X; echo ${x%$p*} ${x%"X"*} ${x#a} ${x#$p} ${x##*$p} ${x%%[X]*}', 'aXb aXb XbXc aXbXc c a\n'],
  ["x='a*b*c'; echo \"${x%'*'*}\" \"${x%\\**}\" \"${x#*\\*}\" \"${x%\"*\"c}\"", 'a*b a*b b*c a*b\n'],
  ["x='[a]'; echo ${x#'['} ${x%]}", 'a] [a\n'],
  ["x=abc; echo ${#x} ${#} ${#y} \"${x}d\" $x'd' \"$x\"d", '3 0 0 abcd abcd abcd\n'],
  ["echo \"${x:-\"quoted\"}\" ${x:-'sq'} \"${x:-'sq'}\" \"${x:-\\}}\" \"${x:-a\\$b}\"", "quoted sq 'sq' } a$b\n"],
  ['echo ${x:-${y:-${z:-deep}}} ${x:-$(echo cmd)} ${x:-`echo bq`}', 'deep cmd bq\n'],
  ['x=5; echo "$x$x" $x.$x ${x}$x "a${x}b$x"', '55 5.5 55 a5b5\n'],
  ['set -- a b c d e f g h i j k; echo $1 ${10} ${11} $10', 'a j k a0\n'],
  ['echo $? $# "$-"; false; echo $?', '0 0 \n1\n'],
  ['echo "$(echo inner; echo more)" $(echo inner; echo more)', 'inner\nmore inner more\n'],
  ['echo `echo back \\`echo nested\\`` "`echo "q"`"', 'back nested q\n'],
  [`echo "$(echo "nested "quote"")" "$(echo ")")" '$(echo no)'`, 'nested quote ) $(echo no)\n'],
  [`echo "$(printf 'a\\n\\n\\n')b"`, 'ab\n'],
  ["x=$(echo a  b); echo \"$x\" $x; x=`printf 'c\\nd'`; echo \"$x\"", 'a b a b\nc\nd\n'],
  [`echo "a\\\nb" c\\\nd 'e\\\nf'`, 'ab cd e\\\nf\n'],
  ["echo \"\\$x \\`y\\` \\\"z\\\" \\\\ \\a\" '\\'", '$x `y` "z" \\ \u0007 \\\n'],
  [`echo "a'b" 'a"b' a\\'b a\\"b`, `a'b a"b a'b a"b\n`],
  [`"echo" quoted; 'ec'ho joined; \\echo escaped`, 'quoted\njoined\nescaped\n'],
  ['echo a#b #comment', 'a#b\n'],
  ['echo $ "$" a$ $% "$"x', '$ $ a$ $% $x\n'],
  ['echo *.txt; echo .*h; echo nomatch*; echo "*.txt" \\*.txt; echo */x.c; echo [ab].txt [!a].txt', 'a.txt b.txt\n.h\nnomatch*\n*.txt *.txt\nsub/x.c\na.txt b.txt b.txt\n'],
  [`x='*.txt'; echo $x "$x"; y='a b*'; echo $y`, 'a.txt b.txt *.txt\na b.txt\n'],
  ['set -f; echo *.txt; set +f; echo *.txt', '*.txt\na.txt b.txt\n'],
  ['echo ?.txt [a-a].txt [[:alpha:]].txt [a]*t sub/* s*b/*.c ./*.txt', 'a.txt b.txt a.txt a.txt b.txt a.txt sub/x.c sub/x.c ./a.txt ./b.txt\n'],
  ['echo ~ ~/x "~" a~ \\~ ~nouser; x=~; echo $x; y=~/z:~/w; echo $y; z="~"; echo $z', '/home /home/x ~ a~ ~ ~nouser\n/home\n/home/z:/home/w\n~\n'],
  ['HOME=/other; echo ~ ~/', '/other /other/\n'],
  ["cat <<X\nhello $((1+1)) `echo hi` ${x:-def}\n \"quoted\" 'single' \\$x \\\\ \\a\nX", `hello 2 hi def\n "quoted" 'single' $x \\ \\a\n`],
  ["cat <<'X'\nraw $x `no` \\$\nX", 'raw $x `no` \\$\n'],
  ['cat <<-X\n\ttabbed\n\t\tmore\n\tX\necho after', 'tabbed\nmore\nafter\n'],
  ['cat <<A; cat <<B\none\nA\ntwo\nB', 'one\ntwo\n'],
  ['cat <<X | cat\npiped\nX', 'piped\n'],
  ['x=$(cat <<E\nin here\nE\n); echo "$x"', 'in here\n'],
  ['while read a b; do echo "$b-$a"; done <<E\n1 2\n3 4 5\nE', '2-1\n4 5-3\n'],
  [`a='x y'; b=$a; echo "$b"; c=$a$b; echo "$c"; d="$a"z; echo "$d"`, 'x y\nx yx y\nx yz\n'],
  ['a=1 b=$a; echo "$b"', '1\n'],
  ['x=1; x=2 y=$x; echo $y', '2\n'],
  ['unset IFS; x="a b"; set -- $x; echo $#; IFS=; set -- $x; echo $#', '2\n1\n'],
  ['x=a; x=${x}b; x="${x}c"; echo $x; echo ${x}${x}', 'abc\nabcabc\n'],
  [`echo "" | cat; echo '' ''x; set -- "" '' $empty; echo $#`, '\n x\n2\n'],
  ['echo a{b,c} {1..3} !x @ % ^ = +', 'a{b,c} {1..3} !x @ % ^ = +\n'],
  ["echo \"`echo '\\$'`\" `echo '\\\\'`", '$ \\\n'],
  [`x='a\nb'; echo $x; echo "$x"`, 'a b\na\nb\n'],
  ['case "a*c" in "a*c") echo literal;; esac; case abc in a"*"c) echo no;; a*c) echo pattern;; esac', 'literal\npattern\n'],
  [`x='a*'; case abc in $x) echo unquoted;; esac; case abc in "$x") echo no;; *) echo quoted;; esac`, 'unquoted\nquoted\n'],
  [`printf '[%s]' "$(echo 'a   b')" $(echo 'a   b'); echo`, '[a   b][a][b]\n'],
];

test.each(WORDS)('words: %j', async (script, said) => {
  expect(await shellSays(script)).toBe(said);
});

test.skipIf(!hasDash)('dash agrees about words', () => {
  for (const [script, said] of WORDS) expect([script, dashSays(script)]).toEqual([script, said]);
});
