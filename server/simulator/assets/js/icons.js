/** Line drawings on a 16 by 16 ground, one family. */

const PATHS = {
  one: "M3 8.5l3 3 6-7",
  two: "M1 8.5l3 3 6-7M7 11l.6.5 6-7",
  pin: "M8 14.5s5-4.6 5-8.2a5 5 0 0 0-10 0c0 3.6 5 8.2 5 8.2zM8 4.5v3.6M6.2 6.3h3.6",
  list: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  reply: "M6.5 4 2.5 8l4 4M3 8h7.5a3 3 0 0 1 3 3v1",
  plus: "M8 3v10M3 8h10",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  close: "M4 4l8 8M12 4l-8 8",
  edit: "M3 13l.7-3L10.5 3.2a1.4 1.4 0 0 1 2.1 2L6 12.2z",
  trash: "M3 4.5h10M6.5 4V2.8h3V4M4.3 4.5l.6 8.7h6.2l.6-8.7",
  device: "M4.5 2h7v12h-7zM7.2 12h1.6",
  image: "M2.5 3.5h11v9h-11zM3 11l3-3.2 2.4 2.4 1.8-1.7L13 11M10.6 6.2h.01",
  video: "M2 4.5h8.5v7H2zM10.5 7.2 14 5.2v5.6l-3.5-2z",
  voice: "M8 2a2 2 0 0 1 2 2v3.5a2 2 0 0 1-4 0V4a2 2 0 0 1 2-2zM4 7.5a4 4 0 0 0 8 0M8 11.5V14",
  audio: "M6 11.5V3.5l7-1.3v8.3M6 11.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0zM13 10.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0z",
  document: "M4 1.8h5l3 3v9.4H4zM9 2v3h3M6 8.5h4M6 11h4",
  sticker: "M2.5 8A5.5 5.5 0 0 1 8 2.5h5.5V8c0 3-2.5 5.5-5.5 5.5S2.5 11 2.5 8zM6 6.8h.01M10 6.8h.01M6 9.6c1 1.2 3 1.2 4 0",
  like: "M5 7.2 7.8 2.5c1.3 0 1.8 1 1.6 2L9 6.5h3.4c.9 0 1.3.7 1.1 1.5l-1 4.3c-.2.7-.6 1.2-1.4 1.2H5zM2.5 7.2H5v6.3H2.5z",
  location: "M8 14.5s5-4.6 5-8.2a5 5 0 0 0-10 0c0 3.6 5 8.2 5 8.2zM9.7 6.3a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0z",
  contacts: "M10.5 5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM3 13.5c.4-2.6 2.3-4 5-4s4.6 1.4 5 4",
  order: "M3 5.5h10l-.8 8H3.8zM5.7 5.5a2.3 2.3 0 0 1 4.6 0",
  form: "M3.5 2.5h9v11h-9zM5.5 5.5h1M8.5 5.5h2M5.5 8h1M8.5 8h2M5.5 10.5h1M8.5 10.5h2",
  call: "M3.2 2.8h2.6l1 3-1.6 1.1a8.5 8.5 0 0 0 3.9 3.9l1.1-1.6 3 1v2.6c0 .6-.5 1-1 .9A10.9 10.9 0 0 1 2.3 3.8c0-.5.4-1 .9-1z",
  poll: "M3.5 13V8M8 13V3M12.5 13V6",
  link: "M6.8 9.2 9.2 6.8M5.5 7.5 3.9 9.1a2.1 2.1 0 0 0 3 3l1.6-1.6M10.5 8.5l1.6-1.6a2.1 2.1 0 0 0-3-3L7.5 5.5",
  reel: "M2.5 2.5h11v11h-11zM2.5 5.5h11M5.5 2.5 7 5.5M9 2.5l1.5 3M6.8 8v3l2.7-1.5z",
  post: "M2.5 2.5h5v5h-5zM9.5 2.5h4v5h-4zM2.5 9.5h5v4h-5zM9.5 9.5h4v4h-4z",
  booking: "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.2 2v2.5M10.8 2v2.5M6 10l1.4 1.4L10.2 9",
  question: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3c.2-1.2 3.4-1.4 3.4.3 0 1.2-1.6 1.2-1.6 2.4M8 11.2h.01",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1 1.3H3zM6.8 13.6c.5.6 1.9.6 2.4 0",
  story: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v6M5 8h6",
  eye: "M1.8 8S4 4 8 4s6.2 4 6.2 4S12 12 8 12 1.8 8 1.8 8zM9.6 8a1.6 1.6 0 1 1-3.2 0 1.6 1.6 0 0 1 3.2 0z",
  comment: "M2.5 3h11v8H8l-3 2.8V11H2.5z",
  turn: "M3 5.5h9M9.5 3 12 5.5 9.5 8M13 10.5H4M6.5 8 4 10.5 6.5 13",
  wave: "M4.5 8.5 3 6.2M6 7 4 4M8 6 6.2 3M9.6 6.2 8.6 4.4M3 8.6c1 3 2.6 5 5.2 5 2.8 0 4.6-2 4.8-5.6L11.6 6 10.8 8.4",
  stop: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM3.8 3.8l8.4 8.4",
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
  path.setAttribute("d", PATHS[name] ?? PATHS.more);
  svg.append(path);
  return svg;
}
