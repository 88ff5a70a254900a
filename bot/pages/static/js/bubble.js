// Bubbles: the person's own on the right, SanSiang's on the left with its buttons, and the invitation of an empty chat.
import { fill, words } from "./boot.js";
import { cardOf } from "./card.js";
import { clock, icon, make } from "./dom.js";
import { link, ownPath, safeLink, withAddresses } from "./links.js";
import { thumbnail } from "./picture.js";
import { views } from "./views.js";

const spoken = (text) => make("span", { class: "spoken" }, text);

/** What the person said. Its state stands under it, and "…" (or a long press) offers to take it back. */
export function ownBubble(entry, actions) {
  const taken = entry.state === "unsent";
  const askUnsend = () => actions.askUnsend(entry.id);
  const bubble = make(
    "div",
    {
      class: `bubble ${taken ? "taken" : ""}`,
      oncontextmenu: (event) => {
        if (taken || event.target.closest("a") || String(getSelection())) return;
        event.preventDefault();
        askUnsend();
      },
    },
    spoken(`${words.you_say}: `),
    ...content(entry.shown),
  );
  const more = make("button", { type: "button", class: "more", "aria-label": words.more, onclick: askUnsend }, icon("more"));
  return make(
    "div",
    { class: `turn own ${entry.state}`, "data-event": entry.id },
    make("div", { class: "line-up" }, taken ? null : more, bubble),
    taken ? null : state(entry, actions),
  );
}

/** The line under one's own bubble as it is now; the bubble stays, so nothing is read aloud twice. */
export function restate(turn, entry, actions) {
  turn.className = `turn own ${entry.state}`;
  turn.querySelector(".state").replaceWith(state(entry, actions));
}

/** Buttons that are no longer the latest: behind one small button. */
export function foldChips(turn, buttons, actions) {
  turn.querySelector(":scope > .chips")?.replaceWith(chips(buttons, false, actions));
}

function content(shown) {
  switch (shown.kind) {
    case "unsent":
      return [words.unsent];
    case "photo": {
      const pictures = (shown.thumbnails ?? []).map((data) => thumbnail(data, words.photo_sent));
      return pictures.length ? [make("div", { class: `photos count-${Math.min(pictures.length, 4)}` }, ...pictures)] : [attached("photo", fill("photos_count", { count: shown.count }))];
    }
    case "place":
      return [
        make("span", { class: "pin" }, icon("place"), make("span", {}, shown.label || words.place_current)),
        make("span", { class: "coordinates" }, `${shown.lat.toFixed(5)}, ${shown.lng.toFixed(5)}`),
      ];
    case "voice":
      return [attached("voice", `${words.voice_sent} ${shown.length}`)];
    case "video":
      return [attached("video", shown.name || words.video_sent)];
    case "file":
      return [attached("file", shown.name)];
    default:
      return [shown.text];
  }
}

const attached = (name, text) => make("span", { class: "attached" }, icon(name), make("span", {}, text));

function state(entry, actions) {
  const again = make("button", { type: "button", class: "again", onclick: () => actions.retry(entry.id) }, icon("again"), words.again);
  switch (entry.state) {
    case "sent":
      return make("div", { class: "state" }, `${words.sent} ${clock(entry.at)}`);
    case "failed":
      return make("div", { class: "state trouble" }, make("span", {}, words.failed), again);
    case "refused":
      return make("div", { class: "state trouble" }, make("span", {}, words.refusals[entry.reason] ?? words.refused), again);
    default:
      return make("div", { class: "state" }, entry.state === "sending" ? words.sending : words.waiting);
  }
}

/** What SanSiang said. A card stands in place of its text. The latest ones show their buttons, older ones on request. */
export function saidBubble({ said, at }, isLatest, actions) {
  const parts = [];
  if (said.card) parts.push(cardOf(said.card, actions));
  else if (said.text) parts.push(make("div", { class: "bubble" }, ...withAddresses(said.text)));
  const picture = said.image_url && ownPath(said.image_url);
  if (picture) {
    parts.push(link(picture, "picture", make("img", { src: picture, alt: words.picture_from_bot, loading: "lazy" })));
  }
  const file = said.file_url && safeLink(said.file_url);
  if (file) parts.push(link(file, "file", icon("file"), make("span", {}, words.open_file)));
  parts.push(make("div", { class: "below" }, make("div", { class: "state" }, at ? clock(at) : ""), ...views(said.n, actions.user)));

  const turn = make(
    "div",
    { class: "turn said", "data-n": said.n },
    icon("logo", "avatar"),
    make("div", { class: "parts" }, spoken(`${words.bot_says}: `), ...parts),
  );
  if (said.buttons?.length) turn.append(chips(said.buttons, isLatest, actions));
  return turn;
}

function chips(buttons, isOpen, actions) {
  const row = make("div", { class: "chips" }, ...buttons.map((button) => chip(button, actions)));
  if (isOpen) return row;
  const opener = make("button", { type: "button", class: "opener", onclick: () => opener.replaceWith(row) }, words.options);
  return opener;
}

function chip(button, actions) {
  if (!button.url) return make("button", { type: "button", class: "chip", onclick: () => actions.press(button) }, button.label);
  const address = safeLink(button.url);
  return address ? link(address, "chip away", button.label) : make("span", { class: "chip dead" }, button.label);
}

/** The empty chat: an invitation, and a few first sentences to tap. */
export function welcome(role, actions) {
  const said = words.welcome[role] ?? words.welcome.villager;
  return make(
    "div",
    { class: "welcome" },
    icon("logo", "welcome-logo"),
    make("h2", {}, said.title),
    make("p", {}, said.note),
    make("p", { class: "try-one" }, said.try),
    make("div", { class: "examples" }, ...said.examples.map((text) => make("button", { type: "button", class: "chip", onclick: () => actions.say(text) }, text))),
  );
}
