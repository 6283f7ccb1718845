/** Small helpers. What people wrote goes in as text only. */

export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key in element && key !== "dir" && key !== "role") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const page = JSON.parse(document.getElementById("page-data").textContent);

export function t(key, values = {}) {
  return (page.words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

let noticeTimer;

/** A short word at the foot of the page; without `lasting` it goes away. */
export function notice(text, lasting = false) {
  const place = document.querySelector("[data-notice]");
  clearTimeout(noticeTimer);
  place.textContent = text;
  place.hidden = !text;
  if (text && !lasting) noticeTimer = setTimeout(() => (place.hidden = true), 4000);
}
