/**
 * `--net`: what the machine's network interfaces are plugged into, in the order of the options.
 */
import type { Board } from '../board.ts';
import { EchoPeer } from '../lab/echo-peer.ts';
import type { NetOption } from './options.ts';
import { TcpLink } from './tcp-link.ts';

export class Network {
  /** Whether frames may come that nothing on the board has asked for. */
  readonly isWired: boolean;
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

  /** `wake` is called when a frame has come in. */
  attach(board: Board, wake: () => void): void {
    this.options.forEach((option, index) => {
      const nic = board.nics[index]!;
      if (option.kind === 'echo') {
        nic.attach(new EchoPeer(nic, option.address));
        return;
      }
      const link = this.links[index]!;
      nic.attach(link);
      link.open({
        carrier: level => nic.setCarrier(level),
        frame: frame => {
          if (board.power === 'on') nic.receive(frame, board.now);
          wake();
        },
      });
    });
  }

  close(): void {
    for (const link of this.links) link?.close();
  }
}
