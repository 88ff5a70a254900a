// Cards: a coloured head by tone, rows of label and value, big numbers to call on a hotline card, a large code on a receipt.
import { words } from "./boot.js";
import { icon, make } from "./dom.js";
import { link, telephone, wholePhone, withAddresses, withPhones } from "./links.js";

const TONES = new Set(["plain", "receipt", "hotline", "case", "digest", "error"]);
const CODE = /^[\p{L}]{1,4}-\d{4,9}$/u; // ชร-48271

export function cardOf(card, actions) {
  const tone = TONES.has(card.tone) ? card.tone : "plain";
  return make(
    "section",
    { class: `card ${tone}`, "aria-label": card.title },
    make("h2", { class: "card-title" }, ...(tone === "hotline" ? withPhones(card.title) : [card.title])),
    card.rows?.length ? make("div", { class: "rows" }, ...card.rows.map((row) => rowOf(row, tone, actions))) : null,
    card.footer ? make("p", { class: "card-footer" }, ...(tone === "hotline" ? withPhones(card.footer) : withAddresses(card.footer))) : null,
  );
}

function rowOf(row, tone, actions) {
  const phone = tone === "hotline" ? wholePhone(row.value) : null;
  if (phone) return callRow(row, phone);
  const label = row.label ? make("span", { class: "label" }, row.label) : null;
  const isCode = CODE.test(row.value.trim());
  const value = make("span", { class: isCode ? "value code" : "value" }, ...(tone === "hotline" ? withPhones(row.value) : row.postback ? [row.value] : withAddresses(row.value)));
  if (!row.postback) return make("div", { class: "row" }, label, value);
  const said = [row.label, row.value].filter(Boolean).join(" ");
  return make(
    "button",
    { type: "button", class: "row tappable", onclick: () => actions.press({ label: said, postback: row.postback }) },
    make("span", { class: "words" }, label, value),
    icon("next"),
  );
}

function callRow(row, phone) {
  return link(
    telephone(phone),
    "row call",
    icon("call"),
    make("span", { class: "words" }, make("span", { class: "label" }, row.label || words.call), make("span", { class: "number" }, phone)),
  );
}
