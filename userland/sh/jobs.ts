/**
 * Jobs: the pipelines that were started, each with its processes and its process group.
 *
 *     [1]-  Running                 sleep 10 &
 *     [2]+  Stopped                 ed notes
 *
 * `+` is the current job, `-` the one before. A job's status is its last process's: 128 + the signal if one
 * ended it. What has ended is told once, and then forgotten.
 */
import {
  HOW_CONTINUED,
  HOW_EXITED,
  HOW_LOST,
  HOW_SIGNALLED,
  HOW_STOPPED,
  SIGNAL_TSTP,
} from '../../os/proto/process.ts';
import { signalDescription } from '../lib/signal.ts';

/** The status of what ran on a node that was lost. */
const LOST: i32 = 255;

export class JobProcess {
  /** 0 while it runs, else one of HOW_…. */
  how: i32 = 0;
  /** The exit status, the signal, or the node that was lost. */
  value: i32 = 0;
  constructor(public pid: i32) {}

  get isEnded(): bool {
    return this.how === HOW_EXITED || this.how === HOW_SIGNALLED || this.how === HOW_LOST;
  }

  /** As `$?` has it. */
  get status(): i32 {
    if (this.how === HOW_LOST) return LOST;
    return this.how === HOW_EXITED ? this.value : 128 + this.value;
  }
}

export class Job {
  /** From 1; 0 while it runs in the foreground and was never stopped. */
  number: i32 = 0;
  group: i32 = 0;
  processes: JobProcess[] = [];
  isBackground: bool = false;
  /** Its change has still to be told. */
  isNews: bool = false;
  constructor(public text: string) {}

  get isEnded(): bool {
    for (let i = 0; i < this.processes.length; i++) if (!this.processes[i].isEnded) return false;
    return true;
  }

  /** None of it runs, some of it has been stopped. */
  get isStopped(): bool {
    let isStopped = false;
    for (let i = 0; i < this.processes.length; i++) {
      if (this.processes[i].how === 0) return false;
      if (this.processes[i].how === HOW_STOPPED) isStopped = true;
    }
    return isStopped;
  }

  get last(): JobProcess {
    return this.processes[this.processes.length - 1];
  }

  get status(): i32 {
    return this.isStopped ? 128 + this.stopSignal : this.last.status;
  }

  get state(): string {
    if (this.isStopped) return signalDescription(this.stopSignal);
    if (!this.isEnded) return 'Running';
    if (this.last.how === HOW_LOST) return `Lost: node ${this.last.value}`;
    if (this.last.how === HOW_SIGNALLED) return signalDescription(this.last.value);
    return this.last.value === 0 ? 'Done' : `Exit ${this.last.value}`;
  }

  /** Runs again. */
  continued(): void {
    for (let i = 0; i < this.processes.length; i++) {
      if (this.processes[i].how === HOW_STOPPED) this.processes[i].how = 0;
    }
  }

  private get stopSignal(): i32 {
    for (let i = 0; i < this.processes.length; i++) {
      if (this.processes[i].how === HOW_STOPPED) return this.processes[i].value;
    }
    return SIGNAL_TSTP;
  }
}

export class Jobs {
  /** By number; the foreground job is among them while it runs. */
  list: Job[] = [];
  /** Numbers of jobs, the current one last. */
  private order: i32[] = [];

  add(job: Job): void {
    this.list.push(job);
  }

  /** Gives it a number, if it has none, and makes it the current one. */
  makeCurrent(job: Job): void {
    if (job.number === 0) job.number = this.freeNumber();
    const at = this.order.indexOf(job.number);
    if (at >= 0) this.order.splice(at, 1);
    this.order.push(job.number);
  }

  remove(job: Job): void {
    const at = this.list.indexOf(job);
    if (at >= 0) this.list.splice(at, 1);
    const place = this.order.indexOf(job.number);
    if (place >= 0) this.order.splice(place, 1);
  }

  /** Notes what became of a process; null where it is of no job. */
  update(pid: i32, how: i32, value: i32): Job | null {
    const job = this.ofProcess(pid);
    if (job === null) return null;
    for (let i = 0; i < job.processes.length; i++) {
      if (job.processes[i].pid !== pid) continue;
      job.processes[i].how = how === HOW_CONTINUED ? 0 : how;
      job.processes[i].value = value;
    }
    job.isNews = job.isEnded || job.isStopped;
    return job;
  }

  ofProcess(pid: i32): Job | null {
    for (let i = 0; i < this.list.length; i++) {
      const job = this.list[i];
      for (let k = 0; k < job.processes.length; k++) if (job.processes[k].pid === pid) return job;
    }
    return null;
  }

  /** By `%1`, `%%` `%+` `%-`, `%text`, `%?text`, or a process's number; null where there is none, or more than one. */
  find(name: string): Job | null {
    if (!name.startsWith('%')) return this.ofProcess(<i32>parseInt(name, 10));
    const text = name.substring(1);
    if (text === '' || text === '%' || text === '+') return this.numbered(this.current);
    if (text === '-') return this.numbered(this.previous);
    const number = parseInt(text, 10);
    if (!Number.isNaN(number)) return this.numbered(<i32>number);
    let found: Job | null = null;
    for (let i = 0; i < this.list.length; i++) {
      const job = this.list[i];
      const isMeant = text.startsWith('?') ? job.text.includes(text.substring(1)) : job.text.startsWith(text);
      if (!isMeant || job.number === 0) continue;
      if (found !== null) return null;
      found = job;
    }
    return found;
  }

  line(job: Job): string {
    const mark = job.number === this.current ? '+' : job.number === this.previous ? '-' : ' ';
    const suffix = job.isBackground && !job.isEnded && !job.isStopped ? ' &' : '';
    return `[${job.number}]${mark}  ${job.state.padEnd(24)}${job.text}${suffix}`;
  }

  get current(): i32 {
    return this.order.length > 0 ? this.order[this.order.length - 1] : 0;
  }

  private get previous(): i32 {
    return this.order.length > 1 ? this.order[this.order.length - 2] : 0;
  }

  private numbered(number: i32): Job | null {
    for (let i = 0; i < this.list.length; i++) {
      if (number !== 0 && this.list[i].number === number) return this.list[i];
    }
    return null;
  }

  private freeNumber(): i32 {
    let highest = 0;
    for (let i = 0; i < this.list.length; i++) highest = max(highest, this.list[i].number);
    return highest + 1;
  }
}
