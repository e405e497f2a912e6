/**
 * A guest that writes four sectors of ones at sector 8, at 1 ms writes four of twos over them, and reads
 * them back. It asks for no flush, so a write is durable when it is done. It polls for completion; an
 * interrupt is only counted.
 *
 *     s1  requests done                       s3  interrupts taken
 *     s2  cycles that the second write took   s4  those for which the disk had no cause
 *     s5  where it reads back to
 */
import { DISK_IN, DISK_OUT } from '../../hw/manual/disk.ts';

const START = `
        la    t0, trap
        csrw  mtvec, t0
        li    s0, 0x10001000
        sw    zero, 0x70(s0)
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
        li    t0, 4
        sw    t0, 0x38(s0)
        la    t0, descriptors
        sw    t0, 0x80(s0)
        sw    zero, 0x84(s0)
        la    t0, driver
        sw    t0, 0x90(s0)
        sw    zero, 0x94(s0)
        la    t0, device
        sw    t0, 0xa0(s0)
        sw    zero, 0xa4(s0)
        li    t0, 1
        sw    t0, 0x44(s0)
        li    t0, 15
        sw    t0, 0x70(s0)
        li    t0, 0x0c000000     # PLIC: source 1, priority 1, machine context
        li    t1, 1
        sw    t1, 4(t0)
        li    t0, 0x0c002000
        li    t1, 2
        sw    t1, 0(t0)
        li    t0, 0x800
        csrw  mie, t0
        csrsi mstatus, 8
`;

/** Does a1 (read or write) at a2 of four sectors, and waits; a0 is the cycles that it took. */
const REQUEST = `
request:
        la    t0, header
        sw    a1, 0(t0)
        li    t1, 8
        sw    t1, 8(t0)
        la    t1, descriptors
        sw    t0, 0(t1)
        li    t0, 16
        sw    t0, 8(t1)
        li    t0, 0x10001        # next is 1
        sw    t0, 12(t1)
        sw    a2, 16(t1)
        li    t0, 2048
        sw    t0, 24(t1)
        li    t0, 0x20001        # next is 2
        li    t2, ${DISK_IN}
        bne   a1, t2, 1f
        addi  t0, t0, 2          # the disk writes here
1:      sw    t0, 28(t1)
        la    t0, status
        sw    t0, 32(t1)
        li    t0, 1
        sw    t0, 40(t1)
        li    t0, 2
        sw    t0, 44(t1)
        la    t1, driver         # every entry of the ring is descriptor 0
        addi  t0, s1, 1
        fence
        sh    t0, 2(t1)
        rdcycle a0
        sw    zero, 0x50(s0)
        la    t1, device
2:      lhu   t2, 2(t1)
        bne   t2, t0, 2b
        rdcycle t2
        sub   a0, t2, a0
        lw    t1, 0x60(s0)       # thanks, where the interrupt has not done it
        sw    t1, 0x64(s0)
        addi  s1, s1, 1
        ret
fill:   li    t0, 2048
        add   t0, t0, a0
1:      sb    a1, 0(a0)
        addi  a0, a0, 1
        bne   a0, t0, 1b
        ret
`;

const TRAP = `
        .align 2
trap:   addi  s3, s3, 1
        lw    s7, 0x60(s0)
        sw    s7, 0x64(s0)
        bnez  s7, 1f
        addi  s4, s4, 1
1:      li    s7, 0x0c200004
        lw    s8, 0(s7)
        sw    s8, 0(s7)
        mret
`;

export const DISK_WRITER = `
${START}
        la    s5, back
        la    a0, data
        li    a1, 1
        call  fill
        li    a1, ${DISK_OUT}
        la    a2, data
        call  request
        la    a0, data
        li    a1, 2
        call  fill
        li    t0, 0x0200bff8
        li    t1, 10000          # of 100 ns
1:      lw    t2, 0(t0)
        bltu  t2, t1, 1b
        li    a1, ${DISK_OUT}
        la    a2, data
        call  request
        mv    s2, a0
        li    a1, ${DISK_IN}
        mv    a2, s5
        call  request
2:      wfi
        j     2b
${REQUEST}
${TRAP}
        .data
        .align 4
descriptors: .zero 64
driver:      .zero 32
device:      .zero 64
header:      .zero 16
status:      .zero 16
data:        .zero 2048
back:        .zero 2048
`;
