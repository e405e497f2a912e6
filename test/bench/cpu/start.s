# Start code of the CPU's workloads: Sv32 with pages of 4 KiB for the first 16 MiB of RAM, supervisor mode,
# then `run` with the number of rounds in a0, then power off.
#
#   0x8000_0000  supervisor pages, at their physical address
#   0x4000_0000  the same again for user mode
#
# Whatever traps before `run` sets stvec, other than the environment call at the end, powers off as failed.
  la sp, stack_top
  la t0, machine
  csrw mtvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  csrw mcounteren, t0
  csrwi pmpcfg0, 0x1f
  la t0, root
  la t1, leaves
  li t2, 0x200000cf         # supervisor: R W X A D of the first page
  li t3, 0x200000df         # user
  li t4, 4                  # tables of 4 MiB
  li a1, 0x800
  add a1, a1, t0            # root entries of 0x8000_0000 and 0x4000_0000
  li a2, 0x400
  add a2, a2, t0
next_table:
  srli t5, t1, 2
  ori t5, t5, 1
  sw t5, 0(a1)
  addi a1, a1, 4
  li t6, 0x4000             # the user's tables follow the four of the supervisor
  add t5, t1, t6
  srli t5, t5, 2
  ori t5, t5, 1
  sw t5, 0(a2)
  addi a2, a2, 4
  li t5, 1024
next_leaf:
  sw t2, 0(t1)
  li t6, 0x4000
  add t6, t6, t1
  sw t3, 0(t6)
  addi t2, t2, 0x400
  addi t3, t3, 0x400
  addi t1, t1, 4
  addi t5, t5, -1
  bnez t5, next_leaf
  addi t4, t4, -1
  bnez t4, next_table
  srli t0, t0, 12
  li t1, 0x80000000
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  li t0, 0x100              # environment calls from user mode go to the workload
  csrw medeleg, t0
  la t0, supervisor
  csrw mepc, t0
  li t0, 0x1800
  csrc mstatus, t0
  li t0, 0x800
  csrs mstatus, t0
  mret
supervisor:
  li a0, ROUNDS
  call run
  ecall
  .balign 4
machine:
  csrr t0, mcause
  li t1, 0x100000
  li t2, 0x5555
  addi t0, t0, -9
  beqz t0, power
  li t2, 0x13333
power:
  sw t2, 0(t1)
  j power
  .balign 4096
root: .zero 4096
leaves: .zero 32768
  .zero 4096
stack_top:
  .balign 64
