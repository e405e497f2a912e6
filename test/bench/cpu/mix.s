# What CoreMark does, in its proportions: a linked list searched and reversed, a small matrix, a state
# machine over text, a CRC over the results.
#
#   a0  rounds
run:
  addi sp, sp, -16
  sw ra, 0(sp)
  sw s0, 4(sp)
  sw s1, 8(sp)
  mv s0, a0
  li s1, 0
  la a0, nodes              # a list of 48 nodes: next, value
  li t0, 48
link:
  addi t1, a0, 8
  sw t1, 0(a0)
  sw t0, 4(a0)
  mv a0, t1
  addi t0, t0, -1
  bnez t0, link
  sw zero, -8(a0)
  la t0, nodes
  la t1, head
  sw t0, 0(t1)
round:
  li a0, 7
  call find
  li a0, 1
  call find
  call reverse
  call multiply
  call states
  mv a0, s1
  call crc16
  mv s1, a0
  addi s0, s0, -1
  bnez s0, round
  lw ra, 0(sp)
  lw s0, 4(sp)
  lw s1, 8(sp)
  addi sp, sp, 16
  ret
find:                       # a0 value; its node
  la t0, head
  lw t0, 0(t0)
1:
  beqz t0, 2f
  lw t1, 4(t0)
  beq t1, a0, 2f
  lw t0, 0(t0)
  j 1b
2:
  mv a0, t0
  ret
reverse:
  la t3, head
  lw t0, 0(t3)
  li t1, 0
1:
  lw t2, 0(t0)
  sw t1, 0(t0)
  mv t1, t0
  mv t0, t2
  bnez t0, 1b
  sw t1, 0(t3)
  ret
multiply:                   # 8 by 8
  la a1, small
  li t0, 8
1:
  li t1, 8
2:
  mv t2, a1
  la t3, small
  li t4, 8
  li t5, 0
3:
  lh a2, 0(t2)
  lh a3, 0(t3)
  addi t2, t2, 2
  mul a2, a2, a3
  addi t3, t3, 16
  add t5, t5, a2
  addi t4, t4, -1
  bnez t4, 3b
  srai t5, t5, 3
  addi t1, t1, -1
  bnez t1, 2b
  addi t0, t0, -1
  addi a1, a1, 16
  bnez t0, 1b
  add s1, s1, t5
  ret
states:                     # counts numbers and words
  la t0, text
  li t2, 0                  # 0 between, 1 in a number, 2 in a word
1:
  lbu t1, 0(t0)
  addi t0, t0, 1
  beqz t1, 4f
  addi t3, t1, -48
  sltiu t3, t3, 10
  bnez t3, 2f
  ori t3, t1, 32
  addi t3, t3, -97
  sltiu t3, t3, 26
  bnez t3, 3f
  li t2, 0
  j 1b
2:
  li t4, 1
  bne t2, zero, 1b
  mv t2, t4
  addi s1, s1, 1
  j 1b
3:
  li t4, 2
  beq t2, t4, 1b
  mv t2, t4
  addi s1, s1, 3
  j 1b
4:
  ret
crc16:                      # of the 32 bits in a0
  li t0, 32
  li t1, 0
  li t4, 0xa001
1:
  xor t2, t1, a0
  andi t2, t2, 1
  srli t1, t1, 1
  srli a0, a0, 1
  beqz t2, 2f
  xor t1, t1, t4
2:
  addi t0, t0, -1
  bnez t0, 1b
  mv a0, t1
  ret
text: .asciz "The 5 boxing wizards jump 42 times over 7 lazy dogs, 1234567 say; none of 99 agree."
  .balign 4096               # data on pages of their own
  .balign 64
head: .word 0
nodes: .zero 392
small: .zero 256
