// The list of bubbles: brings what is on the screen in line with a conversation, touching only what changed.
import { foldChips, ownBubble, restate, saidBubble, welcome } from "./bubble.js";

const NEAR = 120; // pixels from the end within which the reader is following along
const HIDDEN = 24; // pixels below the screen that may hold something to tap

export class Log {
  constructor(element, newer, actions) {
    this.element = element;
    this.newer = newer;
    this.actions = actions;
    this.shown = new Map(); // key → { element, state, isLatest } as they are on the screen
    this.conversation = null;
    this.following = true;
    this.wasLoaded = false;
    newer.addEventListener("click", () => this.toEnd());
    element.addEventListener("scroll", () => {
      this.following = this.isNearEnd();
      if (this.below() < HIDDEN) newer.hidden = true;
    });
    // A picture that arrives late must not push the newest words out of sight.
    element.addEventListener("load", () => this.following && this.toEnd(), true);
  }

  /** Show another conversation from its end, without reading all of it aloud. */
  open(conversation) {
    this.conversation = conversation;
    this.element.setAttribute("aria-live", "off");
    this.element.replaceChildren();
    this.shown.clear();
    this.wasLoaded = false;
    this.newer.hidden = true;
    this.update();
    this.toEnd();
    setTimeout(() => this.element.setAttribute("aria-live", "polite"), 500);
  }

  update() {
    const { entries, identity, loaded } = this.conversation;
    const following = this.isNearEnd();
    const lastOwn = entries.findLastIndex((entry) => entry.own);
    this.greet(loaded && entries.length === 0, identity.role);
    this.drop(new Set(entries.map((entry) => entry.key)));
    let firstNew = null;
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
      firstNew ??= element;
      previous = element;
    });
    const isFirstLook = loaded && !this.wasLoaded;
    this.wasLoaded = loaded;
    if (isFirstLook || (following && !firstNew)) this.toEnd();
    else if (firstNew && (following || firstNew.classList.contains("own"))) this.toNew(firstNew);
    else if (firstNew) this.newer.hidden = false;
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

  /** Pixels of the list that lie below what is seen. */
  below() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight;
  }

  isNearEnd() {
    return this.below() < NEAR;
  }

  /** To the end, but never past the top of the first new bubble: what comes first (a hotline) is read first. */
  toNew(bubble) {
    const end = this.element.scrollHeight - this.element.clientHeight;
    const top = Math.min(end, bubble.offsetTop - 8);
    this.element.scrollTop = top;
    this.newer.hidden = end - top < HIDDEN;
  }

  toEnd() {
    this.element.scrollTop = this.shown.size ? this.element.scrollHeight : 0; // an invitation is read from its top
    this.newer.hidden = true;
  }
}
