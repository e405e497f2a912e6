/**
 * Lists, loops, functions, subshells, redirections, errors: where control goes, as `sh -c` does them: what is written,
 * and the status in brackets if it is not 0. Where dash is present, it says the same.
 */
import { expect, test } from 'vitest';
import { runShell } from './shell-host.ts';
import { dashSays, hasDash, shellSays } from './shell-says.ts';

// biome-ignore format: a table
const CONTROL: readonly (readonly [script: string, said: string])[] = [
  ['if true; then echo yes; elif false; then echo no; else echo never; fi', 'yes\n'],
  ['if false; then echo a; elif true; then echo b; else echo c; fi; if false; then :; fi; echo $?', 'b\n0\n'],
  ['if false; then echo a; else echo b; fi && echo c || echo d', 'b\nc\n'],
  ['i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i -eq 3 ] && continue; [ $i -eq 5 ] && break; echo $i; done', '1\n2\n4\n'],
  ['until false; do echo once; break; done; while false; do :; done; echo $?', 'once\n0\n'],
  ['for i in 1 2 3; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done', '1a\n2a\n3a\n'],
  ['while :; do while :; do break 2; done; echo no; done; echo ok', 'ok\n'],
  ['for i; do echo $i; done; set -- x y; for i; do echo $i; done; for i in; do echo no; done; echo $?', 'x\ny\n0\n'],
  ['for x in a b; do echo $x; done | cat; for x in 1 2\ndo\necho $x\ndone', 'a\nb\n1\n2\n'],
  ['case abc in a*) echo star;; *) echo no;; esac; case x in [abc]) echo set;; [!abc]) echo not;; esac', 'star\nnot\n'],
  [`case "a b" in "a b") echo y;; esac; case '*' in \\*) echo lit;; esac; case a in b|a) echo or;; esac`, 'y\nlit\nor\n'],
  ['case x in (y) echo a;; (x) echo b;; esac; case x in y) echo a; esac; echo $?; case x in x) esac; echo $?', 'b\n0\n0\n'],
  ['case x in x) false;; esac; echo $?; x=ab; case $x in ?) echo one;; ??) echo two;; esac', '1\ntwo\n'],
  ['f() { echo "f: $1 $#"; return 3; }; f a b; echo $? $#', 'f: a 2\n3 0\n'],
  ['f() { echo $1; [ $1 -le 0 ] || f $(($1-1)); }; f 3', '3\n2\n1\n0\n'],
  ['f() (x=2; echo $x); x=1; f; echo $x', '2\n1\n'],
  ['f() { local x=2 y; echo "$x$y"; x=3; g; }; g() { echo "g$x"; x=4; }; x=1; f; echo $x', '2\ng3\n1\n'],
  ['f() { return; }; false; f; echo $?; f() { return 5; echo no; }; f || echo $?', '1\n5\n'],
  ['f() if true; then echo compound; fi; f; g() for i in 1 2; do echo $i; done; g', 'compound\n1\n2\n'],
  ['f() { x=new; }; x=old; f; echo $x; f() { set -- z; echo $1; }; set -- a; f; echo $1', 'new\nz\na\n'],
  ['(echo sub; exit 4); echo $?; (exit 0) && echo ok; x=1; (x=2; echo $x); echo $x', 'sub\n4\nok\n2\n1\n'],
  ['{ echo a; echo b; } | cat; { echo c; } > f; cat f; { false; }; echo $?', 'a\nb\nc\n1\n'],
  ['false | true; echo $?; true | false; echo $?; ! true; echo $?; ! false; echo $?; ! false | true; echo $?', '0\n1\n1\n0\n1\n'],
  ['true && echo a || echo b; false && echo a || echo b; false || false || echo c; true && false; echo $?', 'a\nb\nc\n1\n'],
  ['true && { false || echo x; } && echo y', 'x\ny\n'],
  ['echo a | cat | cat | cat; echo b | { read x; echo "<$x>"; }', 'a\n<b>\n'],
  ['x=1; echo z | read x; echo $x; echo a | (read y; echo $y)', '1\na\n'],
  ['echo a; echo b& wait; echo c', 'a\nb\nc\n'],
  ["true & wait; echo $?; sh -c 'exit 3' & wait $!; echo $?", '0\n3\n'],
  ['exit 7', '[7]'],
  ['(exit 3); exit', '[3]'],
  ['set -e; false; echo no', '[1]'],
  ['set -e; if false; then :; fi; false || true; echo yes; ! true; echo yes2; false; echo no', 'yes\nyes2\n[1]'],
  ['set -e; f() { false; echo in; }; f || echo or; f; echo no', 'in\n[1]'],
  ['set -e; (false; echo no); echo no', '[1]'],
  ['set -e; x=$(false); echo no', '[1]'],
  ['set -e; while false; do :; done; for i in 1; do false && true; done; echo ok; true && false; echo no', 'ok\n[1]'],
  ['set -e; { false; echo no; } | cat; echo piped', 'piped\n'],
  ["trap 'echo bye' EXIT; echo hi", 'hi\nbye\n'],
  ["trap 'echo bye $?' EXIT; exit 3", 'bye 3\n[3]'],
  ["(trap 'echo t' EXIT; echo in); echo out", 'in\nt\nout\n'],
  ["trap 'echo no' EXIT; trap - EXIT; echo only", 'only\n'],
  ['nosuch; echo $?', '127\nsh: 1: nosuch: not found\n'],
  ['./a.txt; echo $?', '126\nsh: 1: ./a.txt: Permission denied\n'],
  ['/nonexistent/x; echo $?', '127\nsh: 1: /nonexistent/x: not found\n'],
  ['fi', 'sh: 1: Syntax error: "fi" unexpected\n[2]'],
  ['if', 'sh: 1: Syntax error: end of file unexpected (expecting "then")\n[2]'],
  ['if true; then echo a', 'sh: 1: Syntax error: end of file unexpected (expecting "fi")\n[2]'],
  ['echo "unterminated', 'sh: 1: Syntax error: Unterminated quoted string\n[2]'],
  ["echo 'unterminated", 'sh: 1: Syntax error: Unterminated quoted string\n[2]'],
  ['for', 'sh: 1: Syntax error: Bad for loop variable\n[2]'],
  ['case x in', 'sh: 1: Syntax error: end of file unexpected (expecting ")")\n[2]'],
  ['(echo', 'sh: 1: Syntax error: end of file unexpected (expecting ")")\n[2]'],
  ['{ echo', 'sh: 1: Syntax error: end of file unexpected (expecting "}")\n[2]'],
  ['echo )', 'sh: 1: Syntax error: ")" unexpected\n[2]'],
  ['| cat', 'sh: 1: Syntax error: "|" unexpected\n[2]'],
  ['echo a;; echo b', 'sh: 1: Syntax error: ";;" unexpected\n[2]'],
  ['for 1x in a; do :; done', 'sh: 1: Syntax error: Bad for loop variable\n[2]'],
  ['while true do echo; done', 'sh: 1: Syntax error: "done" unexpected (expecting "do")\n[2]'],
  ['echo ${x?message}; echo no', 'sh: 1: x: message\n[2]'],
  ['echo ${x:?}; echo no', 'sh: 1: x: parameter not set or null\n[2]'],
  ['set -u; echo $nope; echo no', 'sh: 1: nope: parameter not set\n[2]'],
  ['set -u; echo ${nope-ok} "${nope:-ok2}" $@; echo ${#nope}', 'ok ok2\nsh: 1: nope: parameter not set\n[2]'],
  ['readonly R=1; R=2; echo no', 'sh: 1: R: is read only\n[2]'],
  ['echo ${x!}', 'sh: 1: Bad substitution\n[2]'],
  [`eval 'echo a; echo b'; eval "x=5"; echo $x; eval; echo $?; eval 'false'; echo $?`, 'a\nb\n5\n0\n1\n'],
  ["eval 'for i in 1 2; do' 'echo $i; done'", '1\n2\n'],
  ["f() { eval 'return 3'; echo no; }; f; echo $?", '3\n'],
  ['. ./nofile; echo no', 'sh: 1: .: cannot open ./nofile: No such file\n[2]'],
  ["echo 'echo sourced $1; return 4; echo no' > s; . ./s; echo $?", 'sourced\n4\n'],
  ['echo a > out; echo b >> out; cat < out; echo err >&2; echo c > out; cat out', 'a\nb\nc\nerr\n'],
  ['echo a >&2 2>/dev/null; { echo o; echo e >&2; } 2>&1 | cat', 'o\ne\na\n'],
  ['{ echo o; echo e >&2; } > f 2>&1; cat f; { echo o; echo e >&2; } 2>&1 > f; cat f', 'o\ne\ne\no\n'],
  ['exec 3>out; echo three >&3; exec 3>&-; cat out; echo x >&3', 'three\nsh: 1: 3: Bad file descriptor\n[2]'],
  ['exec 4<a.txt; read x <&4; echo $x; exec 4<&-; exec > o; echo hidden; cat o >&2', 'A\nhidden\n'],
  ['cat < nofile; echo $?; echo x > /nonexistent/y; echo $?; echo > sub; echo $?', '2\n2\n2\nsh: 1: cannot open nofile: No such file\nsh: 1: cannot create /nonexistent/y: Directory nonexistent\nsh: 1: cannot create sub: Is a directory\n'],
  ['> empty; cat empty; echo $?; : > e2; [ -f e2 ] && echo made', '0\nmade\n'],
  ['set -C; echo a > a.txt; echo $?; echo b >| a.txt; cat a.txt', '2\nb\nsh: 1: cannot create a.txt: File exists\n'],
  ['echo x 3>&1 >&3', 'x\n'],
  ["a=1 b=2 sh -c 'echo $a $b'; echo [$a]; a=5; a=6 sh -c 'echo $a'; echo $a", '1 2\n[]\n6\n5\n'],
  ["a=1; export a; sh -c 'echo $a'; unset a; sh -c 'echo [$a]'; export b=7; sh -c 'echo $b'", '1\n[]\n7\n'],
  ["x=1 :; echo [$x]; x=2 true; echo [$x]; x=3 eval 'echo $x'", '[1]\n[1]\n3\n'],
  ["sh -c 'echo $0 $1 $#' name arg; sh -c 'exit 3'; echo $?; sh -c 'echo $0' | cat", 'name arg 1\n3\nsh\n'],
  ["set -- a b; sh -c 'echo [$1]'; (echo $1; set -- z; echo $1); echo $1", '[]\na\nz\na\n'],
  ['x=a; f() { echo fn; }; (f; echo $x) | cat; echo $(f) `f`', 'fn\na\nfn fn\n'],
  ['f() { cat <<E\nbody $1\nE\n}; f one | cat; (f two)', 'body one\nbody two\n'],
  ['true; false; true | false | true; echo $?', '0\n'],
  ['! { false; }; echo $?; ! (exit 3); echo $?', '0\n0\n'],
  ['if ! true; then echo a; else echo b; fi; while ! true; do :; done', 'b\n'],
  ['echo start; if [ 1 = 1 ] && [ 2 = 2 ]; then echo both; fi; [ 1 = 2 ] || echo differ', 'start\nboth\ndiffer\n'],
  ['x() { echo fn; }; unset -f x; x; echo $?', '127\nsh: 1: x: not found\n'],
  ['set -x; echo hi; x=1; y=$x echo z', 'hi\nz\n+ echo hi\n+ x=1\n+ y=1 echo z\n'],
  ['echo a; # comment\necho b # another\n# whole line\n\necho c', 'a\nb\nc\n'],
];

test.each(CONTROL)('control: %j', async (script, said) => {
  expect(await shellSays(script)).toBe(said);
});

test.skipIf(!hasDash)('dash agrees about control', () => {
  for (const [script, said] of CONTROL) expect([script, dashSays(script)]).toEqual([script, said]);
});

test.each([
  ['echo a | cat; echo no', 0],
  ['echo a | cat | cat; echo no', 1],
  ['echo $(echo a | cat); echo no', 0],
])('there is no pipe for %j: it says so, and goes no further', async (script, pipes) => {
  expect(await runShell(script, { pipes })).toEqual({
    output: '',
    errors: 'sh: 1: Pipe call failed\n',
    status: 2,
  });
});
