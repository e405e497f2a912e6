# The message operations, whose registers are more than a function has.
#
#   ipc.call_…      a port, a label, five words, extras: the status of the reply, or why there is none
#   ipc.answer      the same for a reply: a token instead of the port
#   ipc.<call>      a0 = address of a message (os/runtime/message.ts): its words go to the registers, and come
#                   back from them; the answer is the system call's
#   ipc.operate     the same for the call in a1, with an interrupt to be acknowledged in a2
#
# A system call loses ra; tp is the thread's frame (os/runtime/call.ts).

        .section .text.call_port, "ax"
        .globl  ipc.call_port
ipc.call_port:
        sw      ra, 100(tp)
        mv      t2, a7
        li      t0, 0
        li      t1, 0
        li      t3, -1
        li      t4, -1
        li      t6, 0                   # NO_INTERRUPT
        li      a7, 1                   # CALL_CALL
        ecall
        lw      ra, 100(tp)
        bltz    a0, 1f
        mv      a0, a1
1:      ret

# Words 5 and 6 and the deadline are in the frame; all words of the reply come to it.
        .section .text.call_framed, "ax"
        .globl  ipc.call_framed
ipc.call_framed:
        sw      ra, 100(tp)
        mv      t2, a7
        lw      t0, 84(tp)
        lw      t1, 88(tp)
        lw      t3, 92(tp)
        lw      t4, 96(tp)
        li      t6, 0
        li      a7, 1
        ecall
        lw      ra, 100(tp)
        bltz    a0, 1f
        mv      a0, a1
        sw      a2, 64(tp)
        sw      a3, 68(tp)
        sw      a4, 72(tp)
        sw      a5, 76(tp)
        sw      a6, 80(tp)
        sw      t0, 84(tp)
        sw      t1, 88(tp)
1:      ret

        .section .text.answer, "ax"
        .globl  ipc.answer
ipc.answer:
        sw      ra, 100(tp)
        mv      t5, a0
        mv      t2, a7
        li      t0, 0
        li      t1, 0
        li      t6, 0
        li      a7, 3                   # CALL_REPLY
        ecall
        lw      ra, 100(tp)
        ret

        .section .text.ipc, "ax"
        .globl  ipc.call
ipc.call:
        li      a7, 1
        li      t6, 0                   # NO_INTERRUPT
        j       exchange
        .globl  ipc.receive
ipc.receive:
        li      a7, 2
        li      t6, 0
        j       exchange
        .globl  ipc.reply
ipc.reply:
        li      a7, 3
        li      t6, 0
        j       exchange
        .globl  ipc.send
ipc.send:
        li      a7, 5
        li      t6, 0
        j       exchange
        .globl  ipc.reply_and_receive
ipc.reply_and_receive:
        li      a7, 4
        li      t6, 0
        j       exchange
        .globl  ipc.operate
ipc.operate:
        mv      a7, a1
        mv      t6, a2
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
        sw      t4, 60(s0)
        lw      ra, 12(sp)
        lw      s0, 8(sp)
        addi    sp, sp, 16
        ret
