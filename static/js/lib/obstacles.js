/** What keeps a form from being sent. Pure. */
import { t } from "./i18n.js";
import { lengthOf } from "./length.js";
import { at, isBlank } from "./paths.js";

/** The first thing in the way of sending: {path, words}, or null. */
export function obstacle(parts, draft) {
  for (const part of parts) {
    const found = part.rows ? inRows(part, draft) : inField(part, at(draft, part.path));
    if (found) return found;
  }
  return null;
}

function inField({ path, label, limit, required, check }, value) {
  if (isBlank(value)) return required ? { path, words: t("Still to fill in: {field}", { field: label }) } : null;
  if (limit && lengthOf(value.trim(), limit.unit) > limit.max) return { path, words: t("Too long: {field}", { field: label }) };
  const wrong = check?.(value);
  return wrong ? { path, words: wrong } : null;
}

function inRows({ path, rows, unique, check, optional }, draft) {
  const items = at(draft, path);
  const kept = items.map((_, n) => n).filter((n) => !isBlank(items[n]));
  // Of rows there is at least one.
  for (const n of kept.length || optional ? kept : [0]) {
    const found = obstacle(rows(n), draft) ?? (check?.(items[n]) && { path: `${path}[${n}]`, words: check(items[n]) });
    if (found) return found;
  }
  if (!unique) return null;
  const titles = kept.map((n) => items[n].title.trim());
  const twice = titles.findIndex((title, index) => titles.indexOf(title) < index);
  return twice < 0 ? null : { path: `${path}[${kept[twice]}].title`, words: t("Two buttons read the same.") };
}
