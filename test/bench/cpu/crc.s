# CRC-32 of 4 KiB by a table that the workload makes first: dependent loads and shifts.
#
#   a0  rounds
run:
  la a1, table
  li t0, 0
entry:
  mv t1, t0
  li t2, 8
bit:
  andi t3, t1, 1
  srli t1, t1, 1
  beqz t3, no_xor
  li t4, 0xedb88320
  xor t1, t1, t4
no_xor:
  addi t2, t2, -1
  bnez t2, bit
  sh2add t3, t0, a1
  sw t1, 0(t3)
  addi t0, t0, 1
  li t2, 256
  bne t0, t2, entry
round:
  la a2, buffer
  li a3, 4096
  add a3, a3, a2
  li a4, -1
byte:
  lbu t0, 0(a2)
  addi a2, a2, 1
  xor t0, t0, a4
  andi t0, t0, 255
  sh2add t0, t0, a1
  lw t0, 0(t0)
  srli a4, a4, 8
  xor a4, a4, t0
  bne a2, a3, byte
  addi a0, a0, -1
  bnez a0, round
  ret
  .balign 4096               # data on pages of their own
  .balign 64
table: .zero 1024
buffer: .zero 4096
