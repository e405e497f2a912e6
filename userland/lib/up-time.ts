/**
 * The line with which uptime and top begin: the time of day, how long the machine has been on, how many processes.
 *
 *     upLine(12)     '12:00:00 up 1 day,  2:03,  12 processes'
 */
import { formatDate } from './calendar.ts';
import { secondsUp, timeNow } from './clock.ts';

export function upLine(processes: i32): string {
  const seconds = <i64>secondsUp();
  const minutes = (seconds / 60) % 60;
  const hours = (seconds / 3600) % 24;
  const days = seconds / 86_400;
  const clock =
    hours > 0 ? `${hours.toString().padStart(2)}:${minutes.toString().padStart(2, '0')}` : `${minutes} min`;
  const dayText = days === 0 ? '' : days === 1 ? '1 day, ' : `${days} days, `;
  return `${formatDate('%H:%M:%S', <i64>timeNow())} up ${dayText}${clock},  ${processes} processes`;
}
