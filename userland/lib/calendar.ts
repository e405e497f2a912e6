/**
 * Dates and times of day, in UTC and the Gregorian calendar.
 *
 *     const date = new CalendarDate(nanoseconds);      date.year, date.month (1 …), date.day, …
 *     formatDate('%Y-%m-%d %H:%M:%S', nanoseconds)     the letters of date(1)
 *     parseDate('2024-02-29 12:00')                    nanoseconds, or −1; also @seconds
 */
import { trimmed } from './text.ts';

export const NANOSECONDS: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

const MONTHS = 'January,February,March,April,May,June,July,August,September,October,November,December';
const DAYS = 'Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday';
const SHORT: i32 = 3;

export class CalendarDate {
  year: i32;
  month: i32;
  day: i32;
  hour: i32;
  minute: i32;
  second: i32;
  nanosecond: i32;
  /** 0 for Sunday. */
  weekday: i32;
  /** 1 for the first of January. */
  dayOfYear: i32;
  seconds: i64;

  constructor(nanoseconds: i64) {
    this.seconds = floorOf(nanoseconds, NANOSECONDS);
    this.nanosecond = <i32>(nanoseconds - this.seconds * NANOSECONDS);
    const days = floorOf(this.seconds, SECONDS_PER_DAY);
    const rest = <i32>(this.seconds - days * SECONDS_PER_DAY);
    this.hour = rest / 3600;
    this.minute = (rest / 60) % 60;
    this.second = rest % 60;
    this.weekday = <i32>((((days + 4) % 7) + 7) % 7);
    // Years that begin in March, in eras of 400 of them: Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    const shifted = days + 719_468;
    const era = floorOf(shifted, 146_097);
    const dayOfEra = <i32>(shifted - era * 146_097);
    const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    const dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const shiftedMonth = (5 * dayOfMarchYear + 2) / 153;
    this.day = dayOfMarchYear - (153 * shiftedMonth + 2) / 5 + 1;
    this.month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    this.year = <i32>(era * 400) + yearOfEra + (this.month <= 2 ? 1 : 0);
    this.dayOfYear = <i32>(days - daysBefore(this.year, 1, 1)) + 1;
  }
}

function floorOf(value: i64, unit: i64): i64 {
  return value >= 0 ? value / unit : -((-value + unit - 1) / unit);
}

/** Days from 1970-01-01 to a date. */
function daysBefore(year: i32, month: i32, day: i32): i64 {
  const march = month <= 2 ? year - 1 : year;
  const era = floorOf(march, 400);
  const yearOfEra = march - <i32>era * 400;
  const dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146_097 + <i64>(yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear) - 719_468;
}

function dateNanoseconds(year: i32, month: i32, day: i32, hour: i32, minute: i32, second: i32): i64 {
  const days = daysBefore(year, month, day);
  return (days * SECONDS_PER_DAY + <i64>(hour * 3600 + minute * 60 + second)) * NANOSECONDS;
}

export function daysInMonth(year: i32, month: i32): i32 {
  const next = month === 12 ? daysBefore(year + 1, 1, 1) : daysBefore(year, month + 1, 1);
  return <i32>(next - daysBefore(year, month, 1));
}

export function monthName(month: i32): string {
  return MONTHS.split(',')[month - 1];
}

function dayName(weekday: i32): string {
  return DAYS.split(',')[weekday];
}

export function formatDate(format: string, nanoseconds: i64): string {
  const date = new CalendarDate(nanoseconds);
  let text = '';
  for (let at = 0; at < format.length; at++) {
    if (format.charCodeAt(at) !== 0x25 || at + 1 === format.length) {
      text += format.charAt(at);
      continue;
    }
    let letter = format.charAt(++at);
    const isBare = letter === '-' && at + 1 < format.length;
    if (isBare) letter = format.charAt(++at);
    const part = partOf(date, letter, nanoseconds);
    text += isBare ? withoutPadding(part) : part;
  }
  return text;
}

function withoutPadding(text: string): string {
  let start = 0;
  while (start + 1 < text.length && (text.charAt(start) === '0' || text.charAt(start) === ' ')) start++;
  return text.substring(start);
}

function partOf(date: CalendarDate, letter: string, nanoseconds: i64): string {
  switch (letter) {
    case 'Y':
      return date.year.toString();
    case 'y':
      return two(date.year % 100);
    case 'm':
      return two(date.month);
    case 'd':
      return two(date.day);
    case 'e':
      return date.day.toString().padStart(2);
    case 'H':
      return two(date.hour);
    case 'I':
      return two(date.hour % 12 === 0 ? 12 : date.hour % 12);
    case 'M':
      return two(date.minute);
    case 'S':
      return two(date.second);
    case 'N':
      return date.nanosecond.toString().padStart(9, '0');
    case 'p':
      return date.hour < 12 ? 'AM' : 'PM';
    case 'j':
      return date.dayOfYear.toString().padStart(3, '0');
    case 'a':
      return dayName(date.weekday).substring(0, SHORT);
    case 'A':
      return dayName(date.weekday);
    case 'b':
    case 'h':
      return monthName(date.month).substring(0, SHORT);
    case 'B':
      return monthName(date.month);
    case 'u':
      return (date.weekday === 0 ? 7 : date.weekday).toString();
    case 'w':
      return date.weekday.toString();
    case 's':
      return date.seconds.toString();
    case 'F':
      return formatDate('%Y-%m-%d', nanoseconds);
    case 'T':
      return formatDate('%H:%M:%S', nanoseconds);
    case 'R':
      return formatDate('%H:%M', nanoseconds);
    case 'D':
      return formatDate('%m/%d/%y', nanoseconds);
    case 'c':
      return formatDate('%a %b %e %H:%M:%S %Y', nanoseconds);
    case 'Z':
      return 'UTC';
    case 'z':
      return '+0000';
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '%':
      return '%';
    default:
      return '%' + letter;
  }
}

function two(value: i32): string {
  return value.toString().padStart(2, '0');
}

/** '@seconds', or 'YYYY-MM-DD', with ' ' or T and 'HH:MM' or 'HH:MM:SS', and Z or UTC behind. */
export function parseDate(text: string): i64 {
  if (text.startsWith('@')) return secondsOf(text.substring(1));
  let source = trimmed(text);
  if (source.endsWith('Z')) source = source.substring(0, source.length - 1);
  else if (source.endsWith(' UTC')) source = source.substring(0, source.length - 4);
  const blank = max(source.indexOf(' '), source.indexOf('T'));
  const date = fields(blank < 0 ? source : source.substring(0, blank), '-');
  const time = blank < 0 ? [0, 0] : fields(source.substring(blank + 1), ':');
  if (date.length !== 3 || time.length < 2 || time.length > 3) return -1;
  return checkedDate(date[0], date[1], date[2], time[0], time[1], time.length === 3 ? time[2] : 0);
}

/** 'MMDDhhmm', with 'YY' or 'CCYY' before and '.ss' behind: what touch -t has. `year` is that of now. */
export function parseStamp(text: string, year: i32): i64 {
  const point = text.indexOf('.');
  const digits = point < 0 ? text : text.substring(0, point);
  const second = point < 0 ? 0 : number(text.substring(point + 1));
  const long = digits.length - 8;
  if (long !== 0 && long !== 2 && long !== 4) return -1;
  const years = long === 0 ? year : number(digits.substring(0, long));
  const whole = long === 2 ? years + (years < 69 ? 2000 : 1900) : years;
  const part = digits.substring(long);
  return checkedDate(
    whole,
    number(part.substring(0, 2)),
    number(part.substring(2, 4)),
    number(part.substring(4, 6)),
    number(part.substring(6, 8)),
    second,
  );
}

function checkedDate(year: i32, month: i32, day: i32, hour: i32, minute: i32, second: i32): i64 {
  const isDate = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  return isDate && isTime ? dateNanoseconds(year, month, day, hour, minute, second) : -1;
}

function secondsOf(text: string): i64 {
  let seconds: i64 = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || at > 10) return -1;
    seconds = seconds * 10 + digit;
  }
  return text === '' ? -1 : seconds * NANOSECONDS;
}

function fields(text: string, separator: string): i32[] {
  const parts = text.split(separator);
  const values: i32[] = [];
  for (let index = 0; index < parts.length; index++) values.push(number(parts[index]));
  return values;
}

/** −1 for what is no number of at most nine digits. */
function number(text: string): i32 {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || at === 12) return -1;
    value = value * 10 + digit;
  }
  return text === '' ? -1 : value;
}
