/**
 * Where everything is: the memory map of QEMU's `virt` machine (hw/riscv/virt.c), so that software
 * for the one runs on the other. Physical addresses; sizes in bytes; interrupt numbers are PLIC sources.
 */

export const BOOT_ROM_BASE = 0x0000_1000;
export const BOOT_ROM_SIZE = 0x0000_f000;
export const POWER_BASE = 0x0010_0000;
export const POWER_SIZE = 0x1000;
export const RTC_BASE = 0x0010_1000;
export const RTC_SIZE = 0x1000;
export const RTC_IRQ = 11;
export const CLINT_BASE = 0x0200_0000;
export const CLINT_SIZE = 0x1_0000;
export const PLIC_BASE = 0x0c00_0000;
export const PLIC_SIZE = 0x0060_0000;
export const UART_BASE = 0x1000_0000;
export const UART_SIZE = 0x100;
export const UART_IRQ = 10;
/** Slot n is at VIRTIO_BASE + n * VIRTIO_STRIDE and raises VIRTIO_IRQ + n. */
export const VIRTIO_BASE = 0x1000_1000;
export const VIRTIO_STRIDE = 0x1000;
export const VIRTIO_IRQ = 1;
export const VIRTIO_SLOTS = 8;
export const RAM_BASE = 0x8000_0000;
export const RAM_SIZE_DEFAULT = 0x0400_0000;
/** The frequency of `time`, mtime and stimecmp, in hertz. */
export const TIME_BASE_HZ = 10_000_000;
/** The CPU clock of a board that does not say otherwise, in hertz. */
export const CLOCK_HZ_DEFAULT = 100_000_000;
