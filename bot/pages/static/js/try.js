// The try-it page: puts the parts together. One conversation and one outbox an identity; the log shows the one that is open.
import { identities, words } from "./boot.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { byId } from "./dom.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { PlaceSheet } from "./place.js";
import { Poller } from "./poller.js";
import { Tabs } from "./tabs.js";
import { offerVoice } from "./voice.js";

const OPEN = "sansiang.open";

const conversations = identities.map((identity) => new Conversation(identity));
const outboxes = new Map(conversations.map((conversation) => [conversation.user, new Outbox(conversation, changed)]));
let current = conversations[0];
let unsending = "";

function send(body, shown, user = current.user) {
  const conversation = conversations.find((other) => other.user === user);
  conversation.say(body, shown);
  changed(conversation, 0);
  outboxes.get(user).flush();
}

const say = (text) => send({ text }, { kind: "text", text });

/** A button: it asks for a place, a picture or a voice (where the browser records), says its words, or sends its data and shows its label. */
function press(button) {
  if (button.ask === "location") place.open();
  else if (button.ask === "camera") byId("pick-camera").click();
  else if (button.ask === "voice" && !byId("tool-voice").hidden) byId("tool-voice").click();
  else if (button.postback) send({ postback: button.postback }, { kind: "text", text: button.label });
  else say(button.text || button.label);
}

function askUnsend(id) {
  unsending = id;
  byId("unsend").showModal();
}

byId("unsend-yes").addEventListener("click", () => {
  byId("unsend").close();
  current.unsend(unsending);
  changed(current, 0);
  outboxes.get(current.user).flush();
});

function retry(id) {
  log.follow();
  outboxes.get(current.user).retry(id);
}

const log = new Log(byId("log"), byId("newer"), { press, say, askUnsend, retry, user: () => current.user });
const composer = new Composer({ say, send });
const place = new PlaceSheet(composer);
const menu = new Menu(say);
const tabs = new Tabs(open);

function open(user) {
  current = conversations.find((conversation) => conversation.user === user) ?? current;
  const { unread } = current;
  current.unread = 0;
  sessionStorage.setItem(OPEN, current.user);
  tabs.count(current.user, 0);
  tabs.name(current.identity);
  menu.open(current.identity.role);
  composer.open(current.user);
  log.open(current, unread);
  poller.now();
}

function changed(conversation, fresh) {
  if (conversation === current) return log.update();
  conversation.unread += fresh;
  tabs.count(conversation.user, conversation.unread);
}

let isConnected = true;
function signal(connected) {
  if (connected && !isConnected) for (const outbox of outboxes.values()) outbox.flush();
  isConnected = connected;
  byId("banner").textContent = connected ? "" : words.offline;
  byId("banner").hidden = connected;
}

const poller = new Poller(conversations, { current: () => current, onMessages: changed, onSignal: signal });

// Only what the browser had no room to keep would be lost with the page.
addEventListener("beforeunload", (event) => {
  if (conversations.some((conversation) => conversation.holdsUnsavedItems)) event.preventDefault();
});

offerVoice(composer);
const last = sessionStorage.getItem(OPEN);
tabs.open(conversations.some(({ user }) => user === last) ? last : current.user);
for (const outbox of outboxes.values()) outbox.flush();
