/**
 * Clusters of real boards, each with a small program that talks over its first NIC.
 *
 *     const cluster = await talkers('star:4', { periodTicks: 50 });
 *     cluster.runUntil(10_000_000);
 *     expect(heard(cluster, 0)).toBeGreaterThan(0);
 *
 * Every talker sleeps until its timer, broadcasts a frame with its count of frames sent and heard and a
 * digest of all it has heard, and digests what it hears. So a frame more, less, later or in another order
 * anywhere changes the frames everywhere.
 */
import { Board, type BoardDescription } from '../../hw/board.ts';
import { Cluster, type ClusterOptions } from '../../hw/cluster.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { Random } from '../../hw/lab/random.ts';
import { linksByNode, parseTopology, type Topology, type TopologyNode } from '../../hw/lab/topology.ts';
import type { DirectionSettings } from '../../hw/lab/wire.ts';
import { RAM_BASE } from '../../hw/manual/memory-map.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';

export interface Talk {
  /** Of 100 ns, from one frame to the next. */
  readonly periodTicks: number;
  /** Rounds of an empty loop after each waking; 0 sleeps at once, -1 never sleeps. */
  readonly work?: number;
  readonly settings?: Partial<DirectionSettings>;
  readonly seed?: number;
  readonly ramSize?: number;
  readonly translateAfter?: number;
  readonly drives?: () => BoardDescription['drives'];
}

const SETUP = `
        li    s0, 0x10001000
        sw    zero, 0x70(s0)
        li    t0, 1
        sw    t0, 0x70(s0)
        li    t0, 3
        sw    t0, 0x70(s0)
        li    t0, 1              # VIRTIO_F_VERSION_1 and nothing else
        sw    t0, 0x24(s0)
        sw    t0, 0x20(s0)
        sw    zero, 0x24(s0)
        sw    zero, 0x20(s0)
        li    t0, 11
        sw    t0, 0x70(s0)
        sw    zero, 0x30(s0)
        la    a0, rx_descriptors
        la    a1, rx_driver
        la    a2, rx_device
        call  queue
        li    t0, 1
        sw    t0, 0x30(s0)
        la    a0, tx_descriptors
        la    a1, tx_driver
        la    a2, tx_device
        call  queue
        la    t1, rx_descriptors
        la    t2, rx_buffers
        la    t4, rx_driver
        li    t3, 8
        li    t5, 0
1:      sw    t2, 0(t1)
        li    a0, 2048
        sw    a0, 8(t1)
        add   t2, t2, a0
        li    a0, 2
        sh    a0, 12(t1)
        slli  a0, t5, 1
        add   a0, a0, t4
        sh    t5, 4(a0)
        addi  t1, t1, 16
        addi  t5, t5, 1
        bne   t5, t3, 1b
        sh    t3, 2(t4)
        la    t1, tx_descriptors
        la    t2, tx_buffer
        sw    t2, 0(t1)
        li    a0, 112
        sw    a0, 8(t1)
        li    a0, -1
        sw    a0, 12(t2)
        sh    a0, 16(t2)
        lw    a0, 0x100(s0)
        sh    a0, 18(t2)
        srli  a0, a0, 16
        sh    a0, 20(t2)
        lw    a0, 0x104(s0)
        sh    a0, 22(t2)
        li    t0, 15
        sw    t0, 0x70(s0)
        sw    zero, 0x50(s0)
        li    t0, 0x0c000000     # PLIC: source 1, priority 1, machine context
        li    t1, 1
        sw    t1, 4(t0)
        li    t0, 0x0c002000
        li    t1, 2
        sw    t1, 0(t0)
        li    t0, 0x880
        csrw  mie, t0
        li    t0, 0x02004000
        sw    zero, 4(t0)
`;

const QUEUE = `
queue:  li    t0, 8
        sw    t0, 0x38(s0)
        sw    a0, 0x80(s0)
        sw    zero, 0x84(s0)
        sw    a1, 0x90(s0)
        sw    zero, 0x94(s0)
        sw    a2, 0xa0(s0)
        sw    zero, 0xa4(s0)
        li    t0, 1
        sw    t0, 0x44(s0)
        ret
`;

/** Sends s1, s2 and s3. */
const SEND = `
        la    t1, tx_buffer
        sw    s1, 28(t1)
        sw    s2, 32(t1)
        sw    s3, 36(t1)
        addi  s1, s1, 1
        la    t2, tx_driver
        andi  t3, s6, 7
        slli  t3, t3, 1
        add   t3, t3, t2
        sh    zero, 4(t3)
        addi  s6, s6, 1
        fence
        sh    s6, 2(t2)
        li    t0, 1
        sw    t0, 0x50(s0)
`;

/** Thanks devices for their interrupts, and digests every frame that has come. */
const RECEIVE = `
receive:
        lw    t1, 0x60(s0)
        sw    t1, 0x64(s0)
        li    t0, 0x0c200004
        lw    t1, 0(t0)
        beqz  t1, 1f
        sw    t1, 0(t0)
1:      la    t2, rx_device
        lhu   t3, 2(t2)
2:      beq   t3, s5, 3f
        andi  t4, s5, 7
        slli  t4, t4, 3
        add   t4, t4, t2
        lw    t5, 4(t4)
        slli  a0, t5, 11
        la    a1, rx_buffers
        add   a0, a0, a1
        lw    a1, 28(a0)
        add   s3, s3, a1
        lw    a1, 36(a0)
        xor   s3, s3, a1
        lw    a1, 20(a0)
        add   s3, s3, a1
        slli  a2, s3, 5
        srli  a3, s3, 27
        or    s3, a2, a3
        la    a0, rx_driver
        lhu   a1, 2(a0)
        andi  a2, a1, 7
        slli  a2, a2, 1
        add   a2, a2, a0
        sh    t5, 4(a2)
        addi  a1, a1, 1
        sh    a1, 2(a0)
        sw    zero, 0x50(s0)
        addi  s2, s2, 1
        addi  s5, s5, 1
        slli  s5, s5, 16
        srli  s5, s5, 16
        j     2b
`;

const DATA = `
        .data
        .align 4
rx_descriptors: .zero 128
tx_descriptors: .zero 128
rx_driver:      .zero 64
tx_driver:      .zero 64
rx_device:      .zero 128
tx_device:      .zero 128
tx_buffer:      .zero 128
rx_buffers:     .zero 16384
`;

/** s1 sent, s2 heard, s3 digest, s4 next time, s5 and s6 ring positions. */
export function program({ periodTicks, work = 0 }: Talk): string {
  return `
${SETUP}
        lw    s4, 0x100(s0)      # the first time differs from board to board
        andi  s4, s4, 63
        addi  s4, s4, 100
        li    t0, 0x02004000
        sw    s4, 0(t0)
loop:   ${work < 0 ? 'nop' : 'wfi'}
        li    t0, 0x0200bff8
        lw    t1, 0(t0)
        bltu  t1, s4, receive
        li    t0, ${periodTicks}
        add   s4, s4, t0
        li    t0, 0x02004000
        sw    s4, 0(t0)
${SEND}
${RECEIVE}
3:      li    t0, ${Math.max(0, work)}
4:      beqz  t0, loop
        addi  t0, t0, -1
        j     4b
${QUEUE}
${DATA}`;
}

/** The options for a cluster of talkers: the same boards each time they are asked for. */
export async function talkerOptions(name: string, talk: Talk): Promise<ClusterOptions> {
  const seed = talk.seed ?? 1;
  return clusterOptions(withSettings(parseTopology(name, new Random(seed)), talk), program(talk), talk);
}

export async function talkers(name: string, talk: Talk): Promise<Cluster> {
  const cluster = new Cluster(await talkerOptions(name, talk));
  switchOn(cluster);
  return cluster;
}

/** Boards with any program of yours as firmware, powered off. */
export async function clusterOptions(
  topology: Topology,
  source: string,
  talk: Partial<Talk>,
): Promise<ClusterOptions> {
  const core = await loadCore();
  const firmware = assembleFlat(source, { origin: RAM_BASE }).bytes;
  const ports = linksByNode(topology).map(links => links.length);
  const seed = talk.seed ?? 1;
  const station = (index: number, { name, hardware }: TopologyNode): Board => {
    const drives = talk.drives?.();
    const description: BoardDescription = {
      name,
      seed,
      images: { firmware },
      ramSize: talk.ramSize ?? 0x40_0000,
      nics: Array.from({ length: ports[index]! }, () => ({})),
      ...(talk.translateAfter === undefined ? {} : { translateAfter: talk.translateAfter }),
      ...hardware,
      ...(drives === undefined ? {} : { drives }),
    };
    return new Board(description, core);
  };
  return { topology, seed, station };
}

export function switchOn(cluster: Cluster): void {
  cluster.topology.nodes.forEach((node, at) => {
    if (node.kind === 'board') cluster.perform({ do: 'power-on', node: at });
  });
}

export function board(cluster: Cluster, node: number): Board {
  return cluster.station(node) as Board;
}

/** How many frames the talker has sent, and heard. */
export function sent(cluster: Cluster, node: number): number {
  return board(cluster, node).hart.readRegister(9);
}

export function heard(cluster: Cluster, node: number): number {
  return board(cluster, node).hart.readRegister(18);
}

function withSettings(topology: Topology, talk: Talk): Topology {
  const links = topology.links.map(link => ({
    ...link,
    forward: { ...link.forward, ...talk.settings },
    backward: { ...link.backward, ...talk.settings },
  }));
  return { ...topology, links };
}
