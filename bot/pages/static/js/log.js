// The list of bubbles: brings what is on the screen in line with a conversation, touching only what changed.
import { foldChips, ownBubble, restate, saidBubble, welcome } from "./bubble.js";
import { Scroll } from "./scroll.js";

export class Log {
  constructor(element, newer, actions) {
    this.element = element;
    this.scroll = new Scroll(element, newer);
    this.actions = actions;
    this.shown = new Map(); // key → { element, state, isLatest } as they are on the screen
    this.conversation = null;
    this.wasLoaded = false;
  }

  /** Show another conversation from its end or its first unread message, without reading all of it aloud. */
  open(conversation, unread) {
    this.conversation = conversation;
    this.element.setAttribute("aria-live", "off");
    this.element.replaceChildren();
    this.shown.clear();
    this.wasLoaded = false;
    this.scroll.pinned = null;
    this.update();
    this.scroll.start(conversation.isBusy);
    const news = unread ? [...this.element.querySelectorAll(".said")].slice(-unread) : [];
    if (news.length) this.scroll.show(news, true, !conversation.isBusy);
    setTimeout(() => this.element.setAttribute("aria-live", "polite"), 500);
  }

  /** The person sends something (again): the answer comes into sight. */
  follow() {
    this.scroll.follow();
  }

  update() {
    const { entries, identity, loaded, isBusy } = this.conversation;
    const wasNearEnd = this.scroll.isNearEnd();
    const lastOwn = entries.findLastIndex((entry) => entry.own);
    this.greet(loaded && entries.length === 0, identity.role);
    this.drop(new Set(entries.map((entry) => entry.key)));
    const fresh = [];
    let previous = null;
    entries.forEach((entry, place) => {
      const isLatest = place > lastOwn;
      if (this.shown.has(entry.key)) {
        previous = this.refresh(entry, isLatest);
        return;
      }
      const element = entry.own ? ownBubble(entry.own, this.actions) : saidBubble(entry, isLatest, this.actions);
      if (previous) previous.after(element);
      else this.element.prepend(element);
      this.shown.set(entry.key, { element, state: entry.own?.state, isLatest });
      fresh.push({ element, isOwn: Boolean(entry.own) });
      previous = element;
    });
    const isFirstLook = loaded && !this.wasLoaded;
    this.wasLoaded = loaded;
    if (isFirstLook) return this.scroll.pinned ? this.scroll.settle() : this.scroll.toEnd();
    if (fresh.some(({ isOwn }) => isOwn)) this.scroll.follow();
    const said = fresh.filter(({ isOwn }) => !isOwn).map(({ element }) => element);
    if (said.length) this.scroll.show(said, wasNearEnd, !isBusy);
    else if (wasNearEnd) this.scroll.settle();
  }

  /** Change what changed of a bubble that is there already; returns its element. */
  refresh(entry, isLatest) {
    const known = this.shown.get(entry.key);
    const hadFocus = known.element.contains(document.activeElement);
    if (entry.own && entry.own.state !== known.state) {
      if (entry.own.state === "unsent") {
        const element = ownBubble(entry.own, this.actions);
        known.element.replaceWith(element);
        known.element = element;
      } else restate(known.element, entry.own, this.actions);
      known.state = entry.own.state;
    }
    if (entry.said && known.isLatest && !isLatest) {
      foldChips(known.element, entry.said.buttons, this.actions);
      known.isLatest = false;
    }
    if (hadFocus && !known.element.contains(document.activeElement)) this.element.focus({ preventScroll: true });
    return known.element;
  }

  greet(isEmpty, role) {
    const there = this.element.querySelector(".welcome");
    if (!isEmpty) there?.remove();
    else if (!there) this.element.prepend(welcome(role, this.actions));
  }

  drop(keys) {
    for (const [key, { element }] of this.shown) {
      if (keys.has(key)) continue;
      element.remove();
      this.shown.delete(key);
    }
  }
}
