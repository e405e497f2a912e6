/**
 * A console's life as an asciicast (version 2, docs.asciinema.org), in simulated time: a player shows what
 * a person would have seen whose clock is the cluster's.
 *
 *     {"version":2,"width":80,"height":24,"title":"node0 of ring:3, seed 7"}
 *     [0.1234,"o","$ "]           what the console said, and when
 *     [0.5,"i","ls\n"]            what was typed
 *
 * Bytes that were complete at the same time are one event; a character of several bytes is never cut.
 */
import { SCREEN_COLUMNS, SCREEN_ROWS } from './screen.ts';
import type { NodeName, Session } from './session.ts';

const SECOND = 1_000_000_000;

type Event = readonly [seconds: number, kind: 'o' | 'i', text: string];

export function asciicast(session: Session, name: NodeName): string {
  const node = session.node(name);
  const title = `${session.nameOf(node)} of ${session.cluster.topology.name}, seed ${session.seed}`;
  const header = { version: 2, width: SCREEN_COLUMNS, height: SCREEN_ROWS, title };
  const events = [...said(session, node), ...typed(session, node)].sort((a, b) => a[0] - b[0]);
  return [header, ...events].map(line => `${JSON.stringify(line)}\n`).join('');
}

function said(session: Session, node: number): Event[] {
  const transcript = session.transcript(node);
  const decoder = new TextDecoder();
  const events: Event[] = [];
  for (let from = 0, to = 0; from < transcript.length; from = to) {
    const time = transcript.timeOf(from);
    while (to < transcript.length && transcript.timeOf(to) === time) to += 1;
    const text = decoder.decode(transcript.bytes(from, to), { stream: true });
    if (text !== '') events.push([time / SECOND, 'o', text]);
  }
  return events;
}

function typed(session: Session, node: number): Event[] {
  return session.cluster.agenda.journal.flatMap(({ when, intervention }): Event[] =>
    'at' in when && when.at <= session.now && intervention.do === 'type' && intervention.node === node
      ? [[when.at / SECOND, 'i', intervention.text]]
      : [],
  );
}
