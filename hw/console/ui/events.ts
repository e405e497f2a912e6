/**
 * The journal as people read it: one line for each thing done, and one for all that was typed at a console in
 * one go, although each key is an entry of its own.
 */
import { type Intervention, isDeed } from '../../lab/fault.ts';
import type { Session } from '../../session/session.ts';

export interface DoneEvent {
  /** Nanoseconds; undefined while it waits for a cycle. */
  readonly at: number | undefined;
  readonly isDone: boolean;
  readonly isTyped: boolean;
  readonly text: string;
}

/** Keys that are further apart are told apart. */
const PAUSE_NS = 1_000_000_000;

export function eventsOf(session: Session): DoneEvent[] {
  const { journal, mark } = session.cluster.agenda;
  const events: DoneEvent[] = [];
  let typing: { node: number; keys: string; from: number; last: number } | undefined;
  journal.forEach(({ when, intervention }, index) => {
    if (!isDeed(intervention)) return;
    const at = 'at' in when ? when.at : undefined;
    const isDone = index < mark.count;
    const keys = intervention.do === 'type' ? intervention : undefined;
    if (
      typing !== undefined &&
      keys?.node === typing.node &&
      at !== undefined &&
      at - typing.last < PAUSE_NS
    ) {
      typing = { ...typing, keys: typing.keys + keys.text, last: at };
      events[events.length - 1] = typedEvent(session, typing, isDone);
      return;
    }
    typing =
      keys === undefined || at === undefined
        ? undefined
        : { node: keys.node, keys: keys.text, from: at, last: at };
    const text = textOf(session, intervention);
    events.push(
      typing === undefined ? { at, isDone, isTyped: false, text } : typedEvent(session, typing, isDone),
    );
  });
  return events;
}

function typedEvent(
  session: Session,
  { node, keys, from }: { readonly node: number; readonly keys: string; readonly from: number },
  isDone: boolean,
): DoneEvent {
  const text = `${session.nameOf(node)}  typed ${JSON.stringify(keys)}`;
  return { at: from, isDone, isTyped: true, text };
}

function textOf(session: Session, intervention: Intervention): string {
  const { do: what, ...fields } = intervention;
  const place =
    'node' in intervention
      ? session.nameOf(intervention.node)
      : session.endsOf(2 * intervention.link).join('–');
  const rest = Object.entries(fields)
    .filter(([name]) => name !== 'node' && name !== 'link')
    .map(([name, value]) => `${name} ${typeof value === 'object' ? settingsText(value) : value}`);
  return [place, what, ...rest].join('  ');
}

function settingsText(settings: object): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
