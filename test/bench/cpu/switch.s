# Calls between two address spaces: a client asks, the kernel switches to the server's space, the server answers,
# the kernel switches back. Two system calls and two switches a round, with an ASID for each space.
#
#   a0  rounds; both sides are user code at the alias of their pages at 0x4000_0000, in tables of their own
run:
  la t0, handler
  csrw stvec, t0
  la t0, kernel_frame
  csrw sscratch, t0
  la t1, root               # the server's root is the client's, copied
  la t2, other_root
  li t3, 1024
copy_root:
  lw t4, 0(t1)
  sw t4, 0(t2)
  addi t1, t1, 4
  addi t2, t2, 4
  addi t3, t3, -1
  bnez t3, copy_root
  li t5, 0x80000000         # Sv32
  li t4, 0x400000           # ASID 1, and 2
  la t0, root
  srli t0, t0, 12
  or t0, t0, t5
  or s2, t0, t4
  slli t4, t4, 1
  la t0, other_root
  srli t0, t0, 12
  or t0, t0, t5
  or s3, t0, t4
  la t0, server
  li t1, 0x40000000
  sub s4, t0, t1            # where the server goes on
  la t0, client
  sub t0, t0, t1
  csrw sepc, t0
  csrw satp, s2
  li t0, 0x100
  csrc sstatus, t0
  mv s0, a0
  sret
client:
  li a7, 5
  mv a0, s0
  ecall
  addi s0, s0, -1
  bnez s0, client
  li a7, 0
  ecall
  .balign 4
server:
  addi a0, a0, 1
  li a7, 5
  ecall
  j server
  .balign 4
# s2 is the space that runs, s3 the other one; s4 where the other one goes on.
handler:
  csrrw sp, sscratch, sp
  sw ra, 0(sp)
  sw t0, 4(sp)
  sw t1, 8(sp)
  csrr t0, scause
  li t1, 8
  bne t0, t1, unexpected
  beqz a7, end
  csrr t0, sepc
  addi t0, t0, 4
  csrw sepc, s4
  mv s4, t0
  csrw satp, s3
  mv t1, s2
  mv s2, s3
  mv s3, t1
  lw ra, 0(sp)
  lw t0, 4(sp)
  lw t1, 8(sp)
  csrrw sp, sscratch, sp
  sret
unexpected:
  ebreak
end:
  ecall                     # from supervisor mode: the start code's end
  .balign 4096              # data on pages of their own
other_root: .zero 4096
kernel_frame: .zero 64
