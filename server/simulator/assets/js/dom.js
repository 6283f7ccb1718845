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

const PATHS = {
  one: "M3 8.5l3 3 6-7",
  two: "M1 8.5l3 3 6-7M7 11l.6.5 6-7",
  pin: "M8 14.5s5-4.6 5-8.2a5 5 0 0 0-10 0c0 3.6 5 8.2 5 8.2zM8 4.5v3.6M6.2 6.3h3.6",
  list: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  reply: "M6.5 4 2.5 8l4 4M3 8h7.5a3 3 0 0 1 3 3v1",
};

export function icon(name, label) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
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
