# A loop of system calls from user mode: trap, save, dispatch by a table, restore, return.
#
#   a0  rounds; user code is entered at its alias at 0x4000_0000
run:
  la t0, handler
  csrw stvec, t0
  la t0, kernel_frame
  csrw sscratch, t0
  la t0, user
  li t1, 0x40000000
  sub t0, t0, t1
  csrw sepc, t0
  li t0, 0x100
  csrc sstatus, t0
  sret
user:
  mv s0, a0
user_loop:
  li a7, 5
  mv a0, s0
  ecall
  addi s0, s0, -1
  bnez s0, user_loop
  li a7, 0
  ecall
  .balign 4
handler:
  csrrw sp, sscratch, sp
  sw ra, 0(sp)
  sw t0, 4(sp)
  sw t1, 8(sp)
  sw a1, 12(sp)
  sw a2, 16(sp)
  sw a3, 20(sp)
  csrr t0, scause
  csrr t1, sepc
  addi t1, t1, 4
  csrw sepc, t1
  li ra, 8
  bne t0, ra, unexpected
  la t0, calls
  sh2add t0, a7, t0
  lw t0, 0(t0)
  jalr ra, 0(t0)
  lw ra, 0(sp)
  lw t0, 4(sp)
  lw t1, 8(sp)
  lw a1, 12(sp)
  lw a2, 16(sp)
  lw a3, 20(sp)
  csrrw sp, sscratch, sp
  sret
unexpected:
  ebreak
call_end:
  ecall                     # from supervisor mode: the start code's end
call_add:
  addi a0, a0, 1
  ret
  .balign 4
calls: .word call_end, 0, 0, 0, 0, call_add
  .balign 4096               # data on pages of their own
  .balign 64
kernel_frame: .zero 64
