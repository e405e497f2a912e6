# The kernel's ways in and out: first instruction, traps, switches between threads.
#
#     sscratch  the running thread while a process runs, 0 while the kernel does
#     tp        in the kernel: the thread that ran last; its first words are the register slots below
#
#     0 pc   4·n xn   128 whether all 31 registers are saved (else those of a call)   132 satp
#
# A system call follows the C convention: arguments go to their slots, sp, gp and tp too; s0–s11 stay in the
# registers, kept by the compiled code, and are saved only when another thread runs next. Interrupts and
# exceptions save everything. The compiled code is called on the one stack and gives the thread to run next.

        .section .text.entry, "ax"
        .globl  _start
_start:
        csrw    sie, zero
        csrw    sscratch, zero
        la      gp, __global_pointer$
        la      sp, stack_top
        la      t0, trap_entry
        csrw    stvec, t0
        li      tp, 0
        call    kernel.start
        mv      tp, a0
        lw      t0, 132(tp)
        csrw    satp, t0
        j       resume_all

        .balign 4
        .globl  trap_entry
        .type   trap_entry, @function
trap_entry:
        csrrw   tp, sscratch, tp
        beqz    tp, kernel_trap
        sw      t6, 124(tp)
        csrr    t6, scause
        addi    t6, t6, -8
        bnez    t6, save_all
        sw      sp, 8(tp)
        sw      gp, 12(tp)
        sw      t0, 20(tp)
        sw      t1, 24(tp)
        sw      t2, 28(tp)
        sw      a0, 40(tp)
        sw      a1, 44(tp)
        sw      a2, 48(tp)
        sw      a3, 52(tp)
        sw      a4, 56(tp)
        sw      a5, 60(tp)
        sw      a6, 64(tp)
        sw      a7, 68(tp)
        sw      t3, 112(tp)
        sw      t4, 116(tp)
        sw      t5, 120(tp)
        csrrw   t6, sscratch, zero
        sw      t6, 16(tp)
        csrr    t6, sepc
        addi    t6, t6, 4
        sw      t6, 0(tp)
        sw      zero, 128(tp)
        la      gp, __global_pointer$
        la      sp, stack_top
        addi    t6, a7, -1
        li      ra, 6                   # CALL_CALL … CALL_THREAD_YIELD: os/abi/calls.ts
        bltu    t6, ra, message_call
        call    kernel.system_call
        bne     a0, tp, switch_thread

# Back from a call: s0–s11 are right; the rest of the answer is in the slots. What is no answer is cleared,
# so that nothing of the kernel's shows.
resume_call:
        csrw    sscratch, tp
        lw      t6, 0(tp)
        lw      sp, 8(tp)
        lw      gp, 12(tp)
        csrw    sepc, t6
        lw      t0, 20(tp)
        lw      t1, 24(tp)
        lw      t2, 28(tp)
        lw      a0, 40(tp)
        lw      a1, 44(tp)
        lw      a2, 48(tp)
        lw      a3, 52(tp)
        lw      a4, 56(tp)
        lw      a5, 60(tp)
        lw      a6, 64(tp)
        lw      a7, 68(tp)
        lw      t3, 112(tp)
        lw      t4, 116(tp)
        lw      t5, 120(tp)
        lw      tp, 16(tp)
        li      ra, 0
        li      t6, 0
        sret

message_call:
        mv      a1, a7
        call    kernel.message_call
        beq     a0, tp, resume_call

# From the thread in tp, whose trap is done with, to the one in a0.
switch_thread:
        lw      t0, 128(tp)
        bnez    t0, 1f
        sw      s0, 32(tp)
        sw      s1, 36(tp)
        sw      s2, 72(tp)
        sw      s3, 76(tp)
        sw      s4, 80(tp)
        sw      s5, 84(tp)
        sw      s6, 88(tp)
        sw      s7, 92(tp)
        sw      s8, 96(tp)
        sw      s9, 100(tp)
        sw      s10, 104(tp)
        sw      s11, 108(tp)
1:      mv      tp, a0
        lw      t1, 132(tp)
        lw      t0, 128(tp)
        csrw    satp, t1
        bnez    t0, resume_all
        lw      s0, 32(tp)
        lw      s1, 36(tp)
        lw      s2, 72(tp)
        lw      s3, 76(tp)
        lw      s4, 80(tp)
        lw      s5, 84(tp)
        lw      s6, 88(tp)
        lw      s7, 92(tp)
        lw      s8, 96(tp)
        lw      s9, 100(tp)
        lw      s10, 104(tp)
        lw      s11, 108(tp)
        j       resume_call

save_all:
        sw      ra, 4(tp)
        sw      sp, 8(tp)
        sw      gp, 12(tp)
        sw      t0, 20(tp)
        sw      t1, 24(tp)
        sw      t2, 28(tp)
        sw      s0, 32(tp)
        sw      s1, 36(tp)
        sw      a0, 40(tp)
        sw      a1, 44(tp)
        sw      a2, 48(tp)
        sw      a3, 52(tp)
        sw      a4, 56(tp)
        sw      a5, 60(tp)
        sw      a6, 64(tp)
        sw      a7, 68(tp)
        sw      s2, 72(tp)
        sw      s3, 76(tp)
        sw      s4, 80(tp)
        sw      s5, 84(tp)
        sw      s6, 88(tp)
        sw      s7, 92(tp)
        sw      s8, 96(tp)
        sw      s9, 100(tp)
        sw      s10, 104(tp)
        sw      s11, 108(tp)
        sw      t3, 112(tp)
        sw      t4, 116(tp)
        sw      t5, 120(tp)
        csrrw   t0, sscratch, zero
        sw      t0, 16(tp)
        csrr    t0, sepc
        sw      t0, 0(tp)
        li      t0, 1
        sw      t0, 128(tp)
        csrr    a0, scause
        csrr    a1, stval
        la      gp, __global_pointer$
        la      sp, stack_top
        call    kernel.trap
        bne     a0, tp, switch_thread

resume_all:
        csrw    sscratch, tp
        lw      t0, 0(tp)
        csrw    sepc, t0
        lw      ra, 4(tp)
        lw      sp, 8(tp)
        lw      gp, 12(tp)
        lw      t0, 20(tp)
        lw      t1, 24(tp)
        lw      t2, 28(tp)
        lw      s0, 32(tp)
        lw      s1, 36(tp)
        lw      a0, 40(tp)
        lw      a1, 44(tp)
        lw      a2, 48(tp)
        lw      a3, 52(tp)
        lw      a4, 56(tp)
        lw      a5, 60(tp)
        lw      a6, 64(tp)
        lw      a7, 68(tp)
        lw      s2, 72(tp)
        lw      s3, 76(tp)
        lw      s4, 80(tp)
        lw      s5, 84(tp)
        lw      s6, 88(tp)
        lw      s7, 92(tp)
        lw      s8, 96(tp)
        lw      s9, 100(tp)
        lw      s10, 104(tp)
        lw      s11, 108(tp)
        lw      t3, 112(tp)
        lw      t4, 116(tp)
        lw      t5, 120(tp)
        lw      t6, 124(tp)
        lw      tp, 16(tp)
        sret
        .size   trap_entry, . - trap_entry

# A trap of the kernel itself: a defect. The stack starts afresh on a reserve; nothing will be returned to.
kernel_trap:
        csrrw   tp, sscratch, tp
        la      gp, __global_pointer$
        mv      a3, ra
        mv      a4, sp
        la      sp, reserve_top
        csrr    a0, scause
        csrr    a1, sepc
        csrr    a2, stval
        call    kernel.panic_trap
1:      wfi
        j       1b

        .section .text.probe, "ax"
# Whether S mode has stimecmp: reading it traps where it does not.
        .globl  entry.has_stimecmp
entry.has_stimecmp:
        la      t0, absent
        csrrw   t0, stvec, t0
        csrr    a0, stimecmp
        csrw    stvec, t0
        li      a0, 1
        ret
        .balign 4
absent:
        csrw    stvec, t0
        li      a0, 0
        ret

# The stack itself, for the walk of a panic.
        .globl  entry.stack_end
entry.stack_end:
        la      a0, stack_top
        ret

        .globl  entry.text_start
entry.text_start:
        la      a0, __text_start
        ret

        .globl  entry.text_end
entry.text_end:
        la      a0, __text_end
        ret

        .globl  entry.rodata_end
entry.rodata_end:
        la      a0, __rodata_end
        ret

# The first byte that belongs to no part of the kernel's image.
        .globl  entry.image_end
entry.image_end:
        la      a0, __memory_end
        ret

        .section .bss.stack, "aw", @nobits
        .balign 16
        .space  4096
stack_top:
        .space  1024
reserve_top:
