// Pictures are made small before they travel (weak signal), and smaller still for the bubble. All by canvas: no data: address is needed.

const SENT_SIDE = 1600; // pixels; enough to read a sign or a meter
const SENT_QUALITY = 0.82;
const BUBBLE_SIDE = 420;

async function scaled(blob, side, quality) {
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" });
  const share = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * share));
  canvas.height = Math.max(1, Math.round(bitmap.height * share));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff"; // what is see-through would turn black as JPEG
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const jpeg = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  return { jpeg, share };
}

/** The picture as it is sent: a JPEG of at most 1600 px a side if it was larger, else as it is. Throws if it is no picture. */
export async function smaller(file) {
  const { jpeg, share } = await scaled(file, SENT_SIDE, SENT_QUALITY);
  if (share === 1 && file.size <= 600_000) return { blob: file, name: file.name };
  if (share === 1 && jpeg.size >= file.size) return { blob: file, name: file.name };
  return { blob: jpeg, name: file.name.replace(/\.[^.]*$/, "") + ".jpg" };
}

export async function base64(blob) {
  const address = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  return address.slice(address.indexOf(",") + 1);
}

/** A small JPEG for the bubble, as base64. */
export async function forBubble(blob) {
  return base64((await scaled(blob, BUBBLE_SIDE, 0.7)).jpeg);
}

/** Draws what `forBubble` made. */
export function thumbnail(data, label) {
  const canvas = document.createElement("canvas");
  canvas.className = "thumbnail";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const size = jpegSize(bytes); // known before the picture is drawn, so the list does not jump
  canvas.width = size.width;
  canvas.height = size.height;
  createImageBitmap(new Blob([bytes], { type: "image/jpeg" })).then(
    (bitmap) => canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height),
    () => {},
  );
  return canvas;
}

/** Width and height from a JPEG's frame header (ITU-T T.81, B.2.2). */
function jpegSize(bytes) {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes[at + 5] * 256 + bytes[at + 6], width: bytes[at + 7] * 256 + bytes[at + 8] };
    at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
  }
  return { width: BUBBLE_SIDE, height: BUBBLE_SIDE };
}
