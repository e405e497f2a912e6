# Machine-mode entry: reset, traps, and the questions that only a trap can answer.
#
#   _start                   a0 = hart, a1 = devicetree, a2 = struct fw_dynamic_info or anything
#   trap_entry               saves S's registers to a frame of 32 words, word n is xn; sp is the
#                            firmware's stack while S or U runs, kept in mscratch (0 while M runs)
#   entry.has_…              1 if reading the register does not trap
#
# A trap from M mode itself starts the stack afresh: nothing of it will be returned to.

        .section .text.entry, "ax"
        .globl  _start
_start:
        csrw    mie, zero
        la      gp, __global_pointer$
        la      sp, stack_top
        la      t0, trap_entry
        csrw    mtvec, t0
        csrw    mscratch, zero
        mv      s0, a0
        call    firmware.start
        mv      a1, a0
        mv      a0, s0
        csrw    mscratch, sp
        mret

        .balign 4
trap_entry:
        csrrw   sp, mscratch, sp
        beqz    sp, trap_from_machine
        addi    sp, sp, -128
        sw      ra, 4(sp)
        sw      gp, 12(sp)
        sw      tp, 16(sp)
        sw      t0, 20(sp)
        sw      t1, 24(sp)
        sw      t2, 28(sp)
        sw      a0, 40(sp)
        sw      a1, 44(sp)
        sw      a2, 48(sp)
        sw      a3, 52(sp)
        sw      a4, 56(sp)
        sw      a5, 60(sp)
        sw      a6, 64(sp)
        sw      a7, 68(sp)
        sw      t3, 112(sp)
        sw      t4, 116(sp)
        sw      t5, 120(sp)
        sw      t6, 124(sp)
        csrrw   t0, mscratch, zero
        sw      t0, 8(sp)
        la      gp, __global_pointer$
        mv      a0, sp
        call    firmware.trap
        lw      ra, 4(sp)
        lw      gp, 12(sp)
        lw      tp, 16(sp)
        lw      t0, 8(sp)
        csrw    mscratch, t0
        lw      t0, 20(sp)
        lw      t1, 24(sp)
        lw      t2, 28(sp)
        lw      a0, 40(sp)
        lw      a1, 44(sp)
        lw      a2, 48(sp)
        lw      a3, 52(sp)
        lw      a4, 56(sp)
        lw      a5, 60(sp)
        lw      a6, 64(sp)
        lw      a7, 68(sp)
        lw      t3, 112(sp)
        lw      t4, 116(sp)
        lw      t5, 120(sp)
        lw      t6, 124(sp)
        addi    sp, sp, 128
        csrrw   sp, mscratch, sp
        mret

trap_from_machine:
        la      gp, __global_pointer$
        la      sp, stack_top
        call    firmware.report_machine_trap
1:      wfi
        j       1b

        .section .text.probe, "ax"
        .globl  entry.has_menvcfgh
entry.has_menvcfgh:
        la      t0, absent
        csrrw   t0, mtvec, t0
        csrr    a0, menvcfgh
        csrw    mtvec, t0
        li      a0, 1
        ret

        .globl  entry.has_stimecmp
entry.has_stimecmp:
        la      t0, absent
        csrrw   t0, mtvec, t0
        csrr    a0, stimecmp
        csrw    mtvec, t0
        li      a0, 1
        ret

        .globl  entry.has_pmp
entry.has_pmp:
        la      t0, absent
        csrrw   t0, mtvec, t0
        csrr    a0, pmpcfg0
        csrw    mtvec, t0
        li      a0, 1
        ret

        .balign 4
absent:
        csrw    mtvec, t0
        li      a0, 0
        ret

        .section .bss.stack, "aw", @nobits
        .balign 16
        .space  4096
stack_top:
