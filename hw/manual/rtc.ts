/**
 * Real-time clock: Goldfish's (Android emulator; QEMU's goldfish_rtc). Words at RTC_BASE + offset; other
 * sizes, and offsets from RTC_END on, are bus errors.
 *
 * Time is nanoseconds since 1970, 64 bits. Reading TIME_LOW latches the high word that TIME_HIGH reads;
 * writing either half sets the clock. Writing ALARM_LOW arms the alarm for ALARM_HIGH : ALARM_LOW; one that
 * has passed fires at once. Firing disarms it and sets a pending bit that CLEAR_INTERRUPT clears; the
 * interrupt is on while that bit and IRQ_ENABLED are set. The date at the cluster's time 0 is the board's
 * parameter, never the host's clock; a date that was set survives a reset.
 */

export const RTC_TIME_LOW = 0x00;
export const RTC_TIME_HIGH = 0x04;
export const RTC_ALARM_LOW = 0x08;
export const RTC_ALARM_HIGH = 0x0c;
export const RTC_IRQ_ENABLED = 0x10;
export const RTC_CLEAR_ALARM = 0x14;
/** 1 while the alarm is armed. */
export const RTC_ALARM_STATUS = 0x18;
export const RTC_CLEAR_INTERRUPT = 0x1c;
export const RTC_END = 0x24;
