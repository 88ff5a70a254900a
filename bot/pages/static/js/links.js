// Which addresses may be followed, and where text holds one.
import { make } from "./dom.js";

const FOLLOWED = new Set(["http:", "https:", "tel:", "mailto:"]);

/** The address if it may be a link, else null: no javascript:, no data:. */
export function safeLink(address) {
  try {
    return FOLLOWED.has(new URL(address, location.href).protocol) ? address : null;
  } catch {
    return null;
  }
}

/** The address if our own door serves it, else null: a picture from elsewhere would tell somebody who reads what. */
export function ownPath(address) {
  try {
    return new URL(address, location.href).origin === location.origin ? address : null;
  } catch {
    return null;
  }
}

/** A link that leaves the chat open behind it. */
export function link(address, className, ...children) {
  const outside = /^https?:/i.test(new URL(address, location.href).protocol);
  return make("a", { class: className, href: address, target: outside ? "_blank" : null, rel: "noopener noreferrer" }, ...children);
}

const ADDRESS = /https?:\/\/[^\s<>"“”]+[^\s<>"“”.,;:!?)\]]/g;
// Thai numbers that people call: 191, 1669, 1300 and so on, and full numbers that begin with 0.
const PHONE = /\b(?:0\d(?:[ -]?\d){7,8}|1\d{3}|1\d{2})\b(?!-)/g;

function divide(text, pattern, toLink) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (text[match.index - 1] === "-") continue; // the tail of something longer, a case's code
    pieces.push(text.slice(end, match.index), toLink(match[0]));
    end = match.index + match[0].length;
  }
  pieces.push(text.slice(end));
  return pieces;
}

/** Text with its web addresses as links. */
export function withAddresses(text) {
  return divide(text, ADDRESS, (found) => link(found, "", found));
}

/** Text with its phone numbers as links that call. */
export function withPhones(text) {
  return divide(text, PHONE, (found) => link(telephone(found), "phone", found));
}

export function telephone(number) {
  return `tel:${number.replace(/[^\d+]/g, "")}`;
}

/** The number if the whole text is one phone number, else null. */
export function wholePhone(text) {
  const found = text.trim().match(PHONE);
  return found && found[0] === text.trim() ? found[0] : null;
}
