// Who is speaking: one tab an identity, moved along by the arrow keys.
import { fill, words } from "./boot.js";
import { byId } from "./dom.js";

export class Tabs {
  constructor(onOpen) {
    this.tabs = [...document.querySelectorAll(".tab")];
    this.onOpen = onOpen;
    this.tabs.forEach((tab, place) => {
      tab.addEventListener("click", () => this.open(tab.dataset.user));
      tab.addEventListener("keydown", (event) => this.onKey(event, place));
    });
  }

  onKey(event, place) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = this.tabs[(place + step + this.tabs.length) % this.tabs.length];
    this.open(next.dataset.user);
    next.focus();
  }

  open(user) {
    for (const tab of this.tabs) {
      const isOpen = tab.dataset.user === user;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      if (isOpen) byId("panel").setAttribute("aria-labelledby", tab.id);
    }
    this.onOpen(user);
  }

  /** The number of unread messages on a tab, also for a screen reader. */
  count(user, unread) {
    const tab = this.tabs.find((other) => other.dataset.user === user);
    const badge = tab.querySelector(".badge");
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    if (unread) badge.setAttribute("aria-label", fill("unread", { count: unread }));
  }

  /** The line under the name: who speaks. */
  name(identity) {
    byId("who").textContent = [identity.name, identity.hint].filter(Boolean).join(" · ") || words.local;
  }
}
