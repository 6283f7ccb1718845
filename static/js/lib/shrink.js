/** A photo made to fit, in the browser: smaller, and in a form every channel takes. */

const SIDES = [2560, 1920, 1280, 960];

/** → a JPEG of at most `maxBytes`; rejects when the browser cannot read the picture. */
export async function shrink(file, maxBytes) {
  const bitmap = await createImageBitmap(file);
  try {
    for (const side of SIDES) {
      const blob = await drawn(bitmap, Math.min(1, side / Math.max(bitmap.width, bitmap.height)));
      if (blob && blob.size <= maxBytes) return new File([blob], `${file.name.replace(/\.[^.]*$/, "") || "photo"}.jpg`, { type: "image/jpeg" });
    }
  } finally {
    bitmap.close();
  }
  throw new Error("still too large");
}

function drawn(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  // JPEG knows no transparency: on white, not on black.
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.86));
}
