/**
 * `--net`: what the machine's network interfaces are plugged into, in the order of the options.
 */
import type { Board } from '../board.ts';
import { EchoPeer } from '../lab/echo-peer.ts';
import type { Plug } from '../lab/station.ts';
import type { NetOption } from './options.ts';
import { TcpLink } from './tcp-link.ts';

/** How what comes from outside gets to the board. */
export type Deliver = (apply: () => void) => void;

export class Network {
  /** Whether frames may come that nothing on the board has asked for. */
  readonly isWired: boolean;
  /** Neighbours that are part of the simulation. */
  readonly peers: EchoPeer[] = [];
  private readonly options: readonly NetOption[];
  private readonly links: readonly (TcpLink | undefined)[];

  private constructor(options: readonly NetOption[], links: readonly (TcpLink | undefined)[]) {
    this.options = options;
    this.links = links;
    this.isWired = links.some(link => link !== undefined);
  }

  /** Opens what is outside of this process; refuses what cannot be reached. */
  static async open(options: readonly NetOption[]): Promise<Network> {
    const links: (TcpLink | undefined)[] = [];
    for (const option of options) {
      if (option.kind === 'listen') links.push(await TcpLink.listen(option.port));
      else if (option.kind === 'connect') links.push(await TcpLink.connect(option.host, option.port));
      else links.push(undefined);
    }
    return new Network(options, links);
  }

  /** Plugs everything in; nothing comes from outside before `open`. */
  attach(board: Board, isReplay: () => boolean): void {
    this.options.forEach((option, index) => {
      const nic = board.nics[index]!;
      const link = this.links[index];
      if (option.kind === 'echo') this.peers.push(new EchoPeer(nic, option.address));
      nic.attach(link === undefined ? this.peers.at(-1)! : outward(link, isReplay));
    });
  }

  open(board: Board, deliver: Deliver): void {
    this.links.forEach((link, index) => {
      const nic = board.nics[index]!;
      link?.open({
        carrier: level => deliver(() => nic.setCarrier(level)),
        frame: frame =>
          deliver(() => {
            if (board.power === 'on') nic.receive(frame, board.now);
          }),
      });
    });
  }

  close(): void {
    for (const link of this.links) link?.close();
  }
}

/** What has been sent once is not sent again when the past is repeated. */
function outward(link: TcpLink, isReplay: () => boolean): Plug {
  return {
    carrier: link.carrier,
    freeAt: 0,
    transmit: frame => {
      if (!isReplay()) link.transmit(frame);
    },
  };
}
