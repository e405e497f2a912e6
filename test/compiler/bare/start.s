# A machine with nothing on it, made ready for one translated program: M mode builds page tables and goes
# on in S mode.
#
#   virtual                      physical
#   0 … linear_size              linear_load …         linear memory, mapped as it grows, in pages of 64 KiB
#   0x4000_0000 … + 16 MiB       0x8000_0000 …         the image: text, data, page tables
#   … 0x5000_0000                in the image          the machine stack, nothing mapped below it
#   0xf000_0000 … + 4 MiB        0x1000_0000 …         UART
#   0xf040_0000 … + 4 MiB        0 …                   power
#
# Then bare_main (in another file) runs with sp and gp set. Traps go to bare_trap, with sp untouched.
#
#   linear_load, memory_pages_first, memory_pages_limit   values of the link description
#   runtime.memory_size, runtime.memory_grow              the system's part of the runtime
#   bare_put      a0: a byte to the UART
#   bare_off      a0: status 0 … 65535; power off, does not return

        .equ    LEAF, 0xcf              # valid, readable, writable, executable, accessed, dirty
        .equ    LINEAR_TABLES, 16       # 64 MiB of linear memory at most
        .equ    STACK_SIZE, 0x40000

        .section .text.start, "ax"
        .globl  _start
_start:
        la      t0, bare_halt
        csrw    mtvec, t0
        li      t0, -1
        csrw    medeleg, t0
        csrw    pmpaddr0, t0
        csrw    mcounteren, t0          # S mode may read time
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        la      sp, bare_stack_top      # physical until S mode
        call    build_tables
        la      t0, page_root
        srli    t0, t0, 12
        li      t1, 0x80000000
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma
        li      t0, 0x1800
        csrc    mstatus, t0
        li      t0, 0x0800
        csrs    mstatus, t0
        lui     t0, %hi(supervisor)     # absolute: the virtual address
        addi    t0, t0, %lo(supervisor)
        csrw    mepc, t0
        mret

# Interrupted in M mode or with no handler: off with status 2, by physical addresses.
        .balign 4
bare_halt:
        li      t0, 0x100000
        li      t1, 0x23333
        sw      t1, 0(t0)
1:      j       1b

supervisor:
        .option push
        .option norelax
        lui     gp, %hi(__global_pointer$)
        addi    gp, gp, %lo(__global_pointer$)
        .option pop
        li      sp, 0x50000000
        lui     t0, %hi(bare_trap)
        addi    t0, t0, %lo(bare_trap)
        csrw    stvec, t0
        call    bare_main
        li      a0, 0
        j       bare_off

# Page tables, from M mode: everything here is physical, and la is relative to the program counter.
build_tables:
        la      t0, page_root
        li      t1, 256                 # 0x4000_0000: four leaves of 4 MiB onto 0x8000_0000
        slli    t1, t1, 2
        add     t1, t1, t0
        li      t2, (0x80000000 >> 2) + LEAF
        li      t3, 1 << 20
        sw      t2, 0(t1)
        add     t2, t2, t3
        sw      t2, 4(t1)
        add     t2, t2, t3
        sw      t2, 8(t1)
        add     t2, t2, t3
        sw      t2, 12(t1)
        li      t1, 0xf00               # 0xf000_0000
        add     t1, t1, t0
        li      t2, (0x10000000 >> 2) + LEAF
        sw      t2, 0(t1)
        li      t2, LEAF                # 0xf040_0000
        sw      t2, 4(t1)

        la      t1, page_linear         # root entries 0 …: the tables of linear memory
        srli    t1, t1, 2
        addi    t1, t1, 1
        li      t2, LINEAR_TABLES
        mv      t3, t0
1:      sw      t1, 0(t3)
        addi    t1, t1, 1024
        addi    t3, t3, 4
        addi    t2, t2, -1
        bnez    t2, 1b

        la      t1, page_stack          # 0x4fc0_0000 … 0x5000_0000: the stack at its end
        srli    t2, t1, 2
        addi    t2, t2, 1
        li      t3, 0x4fc
        add     t3, t3, t0
        sw      t2, 0(t3)
        li      t2, STACK_SIZE >> 12
        la      t3, bare_stack_top
        srli    t3, t3, 2
        addi    t3, t3, LEAF
        li      t4, 4096
        add     t1, t1, t4
2:      addi    t1, t1, -4
        addi    t3, t3, -1024
        sw      t3, 0(t1)
        addi    t2, t2, -1
        bnez    t2, 2b

        lui     a0, %hi(memory_pages_first)
        addi    a0, a0, %lo(memory_pages_first)
        la      t5, memory_pages
        la      t6, page_linear
        j       map_pages

# Maps linear memory up to a0 pages of 64 KiB. t5: where the count of pages is; t6: the tables.
map_pages:
        lw      t0, 0(t5)
        sw      a0, 0(t5)
        slli    t1, t0, 6               # 16 entries of 4 bytes a page
        add     t1, t1, t6
        slli    t2, a0, 6
        add     t2, t2, t6
        slli    t3, t0, 14              # 64 KiB in the entry's units
        lui     t4, %hi(linear_load)
        addi    t4, t4, %lo(linear_load)
        srli    t4, t4, 2
        add     t3, t3, t4
        addi    t3, t3, LEAF
3:      beq     t1, t2, 4f
        sw      t3, 0(t1)
        addi    t1, t1, 4
        addi    t3, t3, 1024
        j       3b
4:      ret

        .globl  runtime.memory_size
        .type   runtime.memory_size, @function
runtime.memory_size:
        la      a0, memory_pages
        lw      a0, 0(a0)
        ret
        .size   runtime.memory_size, . - runtime.memory_size

        .globl  runtime.memory_grow
        .type   runtime.memory_grow, @function
runtime.memory_grow:
        la      t5, memory_pages
        lw      t0, 0(t5)
        lui     t1, %hi(memory_pages_limit)
        addi    t1, t1, %lo(memory_pages_limit)
        sub     t1, t1, t0
        bgtu    a0, t1, 1f
        mv      a7, t0
        mv      t0, ra
        la      t6, page_linear
        add     a0, a0, a7
        mv      a6, ra
        call    map_pages
        sfence.vma
        mv      a0, a7
        jr      a6
1:      li      a0, -1
        ret
        .size   runtime.memory_grow, . - runtime.memory_grow

        .globl  bare_put
bare_put:
        li      t0, 0xf0000000
1:      lbu     t1, 5(t0)
        andi    t1, t1, 0x20
        beqz    t1, 1b
        sb      a0, 0(t0)
        ret

        .globl  bare_off
bare_off:
        li      t0, 0xf0500000
        li      t1, 0x5555
        beqz    a0, 1f
        slli    a0, a0, 16
        li      t1, 0x3333
        add     t1, t1, a0
1:      sw      t1, 0(t0)
        j       1b

        .section .bss.bare, "aw", @nobits
        .balign 4096
page_root:
        .space  4096
page_stack:
        .space  4096
page_linear:
        .space  4096 * LINEAR_TABLES
        .space  STACK_SIZE
bare_stack_top:
memory_pages:
        .space  4
