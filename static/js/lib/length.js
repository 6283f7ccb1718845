/** How long a text is as its channel counts: WhatsApp and Messenger in characters, Instagram in bytes. */

const encoder = new TextEncoder();

export function lengthOf(text, unit) {
  return unit === "bytes" ? encoder.encode(text).length : [...text].length;
}
