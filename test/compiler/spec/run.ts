/**
 * Runs a script: groups of modules to images, images on a machine, outcomes against expectations.
 *
 *     const { passed, problems } = await runScript(readScript(text), runOnBoard);
 */
import wabtModule from 'wabt';
import { readElf } from '../../../hw/elf.ts';
import { SymbolTable } from '../../../hw/lab/symbols.ts';
import { runtimeObjects } from '../../../images/guest/runtime.ts';
import { translate } from '../../../images/riscv/translate.ts';
import { readModule } from '../../../images/wasm/reader.ts';
import { type BareOutcome, bareAssembly, bareImage } from '../bare/machine.ts';
import { Group, type Instance, stepsObject, translated } from './instance.ts';
import {
  type Outcome,
  readOutcomes,
  returnProblem,
  type TrapNames,
  trapNames,
  trapProblem,
} from './outcome.ts';
import type { Action, Command, ModuleCommand } from './script.ts';

export interface Verdict {
  readonly passed: number;
  /** Assertions about what is not the tool chain's: see exceptions.ts. */
  readonly excepted: number;
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly line: number;
  readonly text: string;
}

export type Runner = (image: ReturnType<typeof bareImage>) => BareOutcome | Promise<BareOutcome>;

interface Expectation {
  readonly line: number;
  readonly step: number;
  check(outcome: Outcome, trapOf: TrapNames): string | undefined;
}

interface Play {
  readonly group: Group;
  readonly expectations: Expectation[];
}

const SPECTEST = `(module
  (func (export "print")) (func (export "print_i32") (param i32)) (func (export "print_i64") (param i64))
  (func (export "print_f32") (param f32)) (func (export "print_f64") (param f64))
  (func (export "print_i32_f32") (param i32 f32)) (func (export "print_f64_f64") (param f64 f64))
  (global (export "global_i32") i32 (i32.const 666)) (global (export "global_i64") i64 (i64.const 666))
  (global (export "global_f32") f32 (f32.const 666.6)) (global (export "global_f64") f64 (f64.const 666.6))
  (table (export "table") 10 20 funcref) (memory (export "memory") 1 2))`;

const wabt = await wabtModule();
const spectest = translated(
  wabt.parseWat('spectest.wat', SPECTEST).toBinary({}).buffer,
  'spectest',
  new Map(),
);

export async function runScript(commands: readonly Command[], run: Runner): Promise<Verdict> {
  const stage = new Stage();
  for (const command of commands) stage.play(command);
  const problems = [...stage.problems];
  let passed = stage.passed;
  for (const play of stage.plays) {
    const found = await playProblems(play, run);
    passed += play.expectations.length - found.length;
    problems.push(...found);
  }
  return { passed, excepted: stage.excepted, problems: problems.sort((a, b) => a.line - b.line) };
}

async function playProblems({ group, expectations }: Play, run: Runner): Promise<readonly Problem[]> {
  if (expectations.length === 0) return [];
  let outcomes: readonly Outcome[];
  let trapOf: TrapNames;
  try {
    const runtime = await runtimeObjects({ bounded: true, zba: true, zbb: true });
    const objects = group.instances.map(instance => instance.object);
    const image = bareImage(
      [bareAssembly('invoke.s'), stepsObject(group.steps), ...objects, ...runtime],
      group.memory,
    );
    const { output } = await run(image);
    outcomes = readOutcomes(output, group.steps);
    const symbols = new SymbolTable(readElf(image.elf).symbols);
    trapOf = trapNames(address => symbols.nearest(address));
  } catch (error) {
    return expectations.map(({ line }) => ({
      line,
      text: `not run: ${(error as Error).message.slice(0, 300)}`,
    }));
  }
  return expectations.flatMap(({ line, step, check }) => {
    const text = check(outcomes[step]!, trapOf);
    return text === undefined ? [] : [{ line, text }];
  });
}

/** Plays the commands in their order; what runs is collected, what only reads is judged at once. */
class Stage {
  readonly plays: Play[] = [];
  readonly problems: Problem[] = [];
  passed = 0;
  excepted = 0;
  private readonly named = new Map<string, Instance>();
  private readonly registered = new Map<string, Instance>([['spectest', spectest]]);
  private readonly playOf = new Map<Instance, Play>();
  private current: Instance | undefined;
  private withoutMemory: Play | undefined;
  private count = 0;

  play(command: Command): void {
    try {
      this.perform(command);
    } catch (error) {
      this.problems.push({ line: command.line, text: (error as Error).message.slice(0, 300) });
    }
  }

  private perform(command: Command): void {
    switch (command.kind) {
      case 'module':
        this.current = undefined;
        this.current = this.instantiate(command, (outcome, trapOf) => returnProblem(outcome, [], trapOf));
        if (command.name !== undefined) this.named.set(command.name, this.current);
        return;
      case 'register':
        this.registered.set(command.as, this.instanceOf(command.name));
        return;
      case 'action':
        this.act(command.line, command.action, anyReturn);
        return;
      case 'return':
        this.act(command.line, command.action, (outcome, trapOf) =>
          returnProblem(outcome, command.expected, trapOf),
        );
        return;
      case 'trap':
        this.act(command.line, command.action, (outcome, trapOf) =>
          trapProblem(outcome, command.message, trapOf),
        );
        return;
      case 'moduleTrap':
        this.instantiate(command.module, (outcome, trapOf) => trapProblem(outcome, command.message, trapOf));
        return;
      case 'refused':
        if (command.form === 'assert_unlinkable') this.excepted += 1;
        else this.refuse(command.module, command.form, command.message);
        return;
      case 'textOnly':
        this.excepted += 1;
        return;
    }
  }

  private act(line: number, action: Action, check: Expectation['check']): void {
    const instance = this.instanceOf(action.module);
    const { group, expectations } = this.playOf.get(instance)!;
    if (action.kind === 'get') group.get(instance, action.field);
    else group.invoke(instance, action.field, action.values);
    expectations.push({ line, step: group.steps.length - 1, check });
  }

  private instantiate(
    command: ModuleCommand,
    check: (outcome: Outcome, trapOf: TrapNames) => string | undefined,
  ): Instance {
    const binary = binaryOf(command);
    const play = this.playFor(binary);
    const stepsBefore = play.group.steps.length;
    const instance = play.group.add(binary, `m${this.count++}`);
    this.playOf.set(instance, play);
    if (play.group.steps.length > stepsBefore)
      play.expectations.push({ line: command.line, step: stepsBefore, check });
    return instance;
  }

  /** The play of a registered module that this one imports from, that of all without memory, or a new one. */
  private playFor(binary: Uint8Array): Play {
    const { functions, tables, memories, globals } = readModule(binary);
    const wanted = [...functions, ...tables, ...memories, ...globals].flatMap(each =>
      each.import === undefined ? [] : [each.import.module],
    );
    for (const name of wanted) {
      const instance = this.registered.get(name);
      const known = instance && this.playOf.get(instance);
      if (known !== undefined) return known;
    }
    if (memories.length === 0) return (this.withoutMemory ??= this.newPlay());
    return this.newPlay();
  }

  private newPlay(): Play {
    const play: Play = { group: new Group(spectest, this.registered), expectations: [] };
    this.plays.push(play);
    return play;
  }

  private instanceOf(name: string | undefined): Instance {
    const instance = name === undefined ? this.current : this.named.get(name);
    if (instance === undefined) throw new Error(`there is no module ${name ?? 'before this'}`);
    return instance;
  }

  private refuse(command: ModuleCommand, form: string, message: string): void {
    if (typeof command.binary === 'string') throw new Error(`wabt: ${command.binary}`);
    try {
      translate(command.binary, { name: 'refused', profile: 'strict', zba: true, zbb: true });
    } catch (error) {
      if ((error as Error).name !== 'WasmError') throw error;
      this.passed += 1;
      return;
    }
    throw new Error(`${form}: accepted, expected: ${message}`);
  }
}

const anyReturn: Expectation['check'] = (outcome, trapOf) =>
  outcome.kind === 'returned' ? undefined : returnProblem(outcome, [], trapOf);

function binaryOf(command: ModuleCommand): Uint8Array {
  if (typeof command.binary === 'string') throw new Error(`wabt: ${command.binary}`);
  return command.binary;
}
