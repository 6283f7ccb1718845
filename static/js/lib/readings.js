/** What people write where a program wants an address or a point. Pure. */
import { t } from "./i18n.js";

const ARABIC_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;
const NUMBER = String.raw`-?\d{1,3}(?:\.\d+)?`;
// The pin of a map's address stands after what the map was looking at.
const POINTS = [new RegExp(`!3d(${NUMBER})!4d(${NUMBER})`), new RegExp(`(${NUMBER})[,;\u060c\\s]+(${NUMBER})`)];

/** A whole address; without a scheme it is of the web. */
export function addressOf(written) {
  const address = written.trim();
  return /^[a-z][a-z0-9+-]*:(?!\d)/i.test(address) ? address : `https://${address}`;
}

export function checkAddress(written) {
  return /^https?:\/\/[^\s.]+\.[^\s]+$/i.test(addressOf(written)) ? "" : t("An address begins with https:// and names a site.");
}

/** "25.19718, 55.27437", or the address of a map with that in it. → {latitude, longitude} or null. */
export function pointOf(written) {
  const text = decoded(westernDigits(written));
  const found = POINTS.map((pattern) => pattern.exec(text)).find(Boolean);
  if (!found) return null;
  const [latitude, longitude] = found.slice(1).map(Number);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}

export function checkPoint(written) {
  return pointOf(written) ? "" : t("No coordinates are found in it. They are two numbers, such as 25.19718, 55.27437.");
}

function westernDigits(text) {
  return text.replace(ARABIC_DIGITS, (digit) => digit.charCodeAt(0) & 15).replaceAll("\u066b", ".");
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
