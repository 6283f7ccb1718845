/** Numbers, times and names in the reader's language. */
import { remaining } from "./expiry.js";
import { clockTime, locale, number, t } from "./i18n.js";

const cache = new Map();

export { clockTime, number };

export function fullTime(iso) {
  return formatter("full", Intl.DateTimeFormat, { dateStyle: "full", timeStyle: "short", hourCycle: "h23" }).format(new Date(iso));
}

/** "Today", "Yesterday", "Tuesday 17 November" */
export function dayName(iso, now) {
  const days = daysBetween(iso, now);
  if (days === 0) return t("Today");
  if (days === 1) return t("Yesterday");
  const sameYear = new Date(iso).getFullYear() === new Date(now).getFullYear();
  const options = { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) };
  return formatter(sameYear ? "day" : "dayYear", Intl.DateTimeFormat, options).format(new Date(iso));
}

/** For a row: the time today, else the shortest day that is clear. */
export function shortTime(iso, now) {
  const days = daysBetween(iso, now);
  if (days <= 0) return clockTime(iso);
  if (days === 1) return t("Yesterday");
  if (days < 7) return formatter("weekday", Intl.DateTimeFormat, { weekday: "short" }).format(new Date(iso));
  return formatter("date", Intl.DateTimeFormat, { day: "numeric", month: "short" }).format(new Date(iso));
}

/** "14:05", "tomorrow 14:05", "Tuesday 14:05" – a moment ahead. */
export function untilTime(iso, now) {
  const days = -daysBetween(iso, now);
  if (days <= 0) return clockTime(iso);
  if (days === 1) return t("tomorrow {time}", { time: clockTime(iso) });
  return `${formatter("weekdayLong", Intl.DateTimeFormat, { weekday: "long" }).format(new Date(iso))} ${clockTime(iso)}`;
}

/** "1:45", "12 min", "3 h", "2 d"; with a plus once it is over. */
export function countdown(ms) {
  const { unit, value } = remaining(ms);
  const words = {
    clock: () => `${number(Math.floor(value / 60))}:${twoDigits(value % 60)}`,
    minutes: () => t("{count} min", { count: number(value) }),
    hours: () => t("{count} h", { count: number(value) }),
    days: () => t("{count} d", { count: number(value) }),
  }[unit]();
  return ms < 0 ? `+${words}` : words;
}

/** "just now", "4 s ago", "3 min ago" */
export function ago(iso, now) {
  const seconds = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
  if (seconds < 3) return t("just now");
  if (seconds < 60) return t("{count} s ago", { count: number(seconds) });
  if (seconds < 7200) return t("{count} min ago", { count: number(Math.floor(seconds / 60)) });
  return shortTime(iso, now);
}

/** Two letters at most, whatever script; none for a number or signs, which are no name. */
export function initials(name) {
  if (!/\p{L}/u.test(name)) return "";
  const words = name.trim().split(/\s+/u).filter((word) => /\p{L}|\p{N}/u.test(word));
  if (words.length === 0) return "";
  // Arabic letters join when written together: one is clearer.
  if (/\p{Script=Arabic}/u.test(words[0])) return firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words[words.length - 1]) : "";
  return (firstLetter(words[0]) + last).toUpperCase();
}

function firstLetter(word) {
  return (word.match(/\p{L}|\p{N}/u) ?? [""])[0];
}

function daysBetween(iso, now) {
  const start = (value) => new Date(value).setHours(0, 0, 0, 0);
  return Math.round((start(now) - start(iso)) / 86_400_000);
}

function twoDigits(value) {
  return formatter("two", Intl.NumberFormat, { minimumIntegerDigits: 2 }).format(value);
}

function formatter(name, Kind, options) {
  if (!cache.has(name)) cache.set(name, new Kind(locale, options));
  return cache.get(name);
}
