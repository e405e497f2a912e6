# A process's first instruction, and the message operations, whose registers are more than a function has.
#
#   _start        a0 = the argument its thread was made with; main's result is the exit status
#   ipc.<call>    a0 = address of a message (os/runtime/message.ts): its words go to the registers, and come
#                 back from them; the answer is the system call's

        .section .text.entry, "ax"
        .globl  _start
_start:
        la      gp, __global_pointer$
        call    program.main
        li      a7, 33                  # CALL_SPACE_EXIT
        ecall
1:      j       1b

# Where another thread of the process begins, for a program that exports `thread`: a0 is its argument.
        .section .text.thread, "ax"
        .globl  thread.entry
thread.entry:
        la      a0, 2f
        ret
2:      la      gp, __global_pointer$
        call    program.thread
        li      a7, 31                  # CALL_THREAD_EXIT
        ecall
3:      j       3b

        .section .text.ipc, "ax"
        .globl  ipc.call
ipc.call:
        li      a7, 1
        j       exchange
        .globl  ipc.receive
ipc.receive:
        li      a7, 2
        j       exchange
        .globl  ipc.reply
ipc.reply:
        li      a7, 3
        j       exchange
        .globl  ipc.send
ipc.send:
        li      a7, 5
        j       exchange
        .globl  ipc.reply_and_receive
ipc.reply_and_receive:
        li      a7, 4
exchange:
        addi    sp, sp, -16
        sw      ra, 12(sp)
        sw      s0, 8(sp)
        mv      s0, a0
        lw      a0, 0(s0)
        lw      a1, 4(s0)
        lw      a2, 8(s0)
        lw      a3, 12(s0)
        lw      a4, 16(s0)
        lw      a5, 20(s0)
        lw      a6, 24(s0)
        lw      t0, 28(s0)
        lw      t1, 32(s0)
        lw      t2, 36(s0)
        lw      t3, 40(s0)
        lw      t4, 44(s0)
        lw      t5, 48(s0)
        ecall
        sw      a1, 4(s0)
        sw      a2, 8(s0)
        sw      a3, 12(s0)
        sw      a4, 16(s0)
        sw      a5, 20(s0)
        sw      a6, 24(s0)
        sw      t0, 28(s0)
        sw      t1, 32(s0)
        sw      t5, 48(s0)
        sw      t2, 52(s0)
        sw      t3, 56(s0)
        lw      ra, 12(sp)
        lw      s0, 8(sp)
        addi    sp, sp, 16
        ret
