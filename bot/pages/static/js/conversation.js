// One identity's conversation: what the person said (kept in the browser) and what was said to them (numbered by the server).
import * as store from "./store.js";

export class Conversation {
  constructor(identity) {
    this.identity = identity;
    this.user = identity.user;
    this.unread = 0;
    this.loaded = false;
    this.polledTo = 0; // everything up to here came from the list itself, so nothing is missing before it
    this.said = new Map(); // n → message said to the person
    this.seen = store.readSeen(this.user); // n → when it arrived here, milliseconds
    this.own = store.readOwn(this.user);
    this.queue = new Map(store.readQueue(this.user).map((item) => [item.id, item]));
    for (const item of this.queue.values()) this.adopt(item);
  }

  /** An unsent item that this tab does not show yet (it was written before the tab was opened). */
  adopt(item) {
    const entry = this.own.find((other) => other.id === item.id);
    const state = item.refused === undefined ? { state: "waiting" } : { state: "refused", reason: item.refused };
    if (entry) Object.assign(entry, state);
    else if (!item.body.unsend) this.own.push({ id: item.id, after: item.after, at: item.at, shown: item.shown, ...state });
  }

  get last() {
    return Math.max(0, ...this.said.keys());
  }

  /** Put what the person says in the queue; `shown` is how the bubble shows it. Kept before it is sent. */
  say(body, shown) {
    const item = { id: store.newEventId(), body, shown, after: this.last, at: Date.now() };
    this.own.push({ id: item.id, after: item.after, at: item.at, shown, state: "waiting" });
    this.enqueue(item);
    store.writeOwn(this.user, this.own);
  }

  /** Take back what was said: its words leave the browser at once, and the server is told as surely as any message. */
  unsend(id) {
    const entry = this.own.find((other) => other.id === id);
    if (!entry || entry.state === "unsent") return;
    entry.state = "unsent";
    entry.shown = { kind: "unsent" };
    this.dequeue(id); // it may have arrived all the same: the server's tombstone also stops a late arrival
    this.enqueue({ id: store.newEventId(), body: { unsend: id }, shown: null, after: this.last, at: Date.now() });
    store.writeOwn(this.user, this.own);
  }

  enqueue(item) {
    item.inMemoryOnly = !store.keep(this.user, item);
    this.queue.set(item.id, item);
  }

  dequeue(id) {
    this.queue.delete(id);
    store.forget(this.user, id);
  }

  get next() {
    return [...this.queue.values()].find((item) => item.refused === undefined) ?? null;
  }

  /** Something that was said is still on its way, so its answer is yet to come. */
  get isBusy() {
    return [...this.queue.values()].some((item) => item.refused === undefined && !item.body.unsend);
  }

  get holdsUnsavedItems() {
    return [...this.queue.values()].some((item) => item.inMemoryOnly);
  }

  mark(id, state, reason = "") {
    const entry = this.own.find((other) => other.id === id);
    if (!entry || entry.state === "unsent") return;
    entry.state = state;
    entry.reason = reason;
    store.writeOwn(this.user, this.own);
  }

  delivered(id) {
    this.dequeue(id);
    this.mark(id, "sent");
  }

  /** The door will not have it as it is (`reason`: its status): it waits for the person, and those behind it may go. */
  refuse(id, reason) {
    const item = this.queue.get(id);
    if (!item) return;
    if (item.body.unsend) return this.dequeue(id); // there is nothing there to take back
    item.refused = reason;
    store.keep(this.user, item);
    this.mark(id, "refused", reason);
  }

  retry(id) {
    const item = this.queue.get(id);
    if (!item) return;
    delete item.refused;
    store.keep(this.user, item);
    this.mark(id, "waiting");
  }

  /** Take messages said to the person; returns how many were new. `listed` when they are the whole list after `polledTo`. */
  receive(messages, listed) {
    let fresh = 0;
    for (const message of messages) {
      if (!Number.isInteger(message.n)) continue; // a reply without its number comes again with the list
      if (!this.said.has(message.n)) {
        this.said.set(message.n, message);
        if (this.loaded && !(message.n in this.seen)) this.seen[message.n] = Date.now();
        fresh += 1;
      }
      if (listed) this.polledTo = Math.max(this.polledTo, message.n);
    }
    if (listed && !this.loaded) {
      this.loaded = true;
      // The server's list is shorter than what we remember: it began anew, and so do we.
      if (this.own.some((entry) => entry.after > this.last && !this.queue.has(entry.id))) {
        this.own = this.own.filter((entry) => this.queue.has(entry.id));
        this.seen = {};
        store.writeOwn(this.user, this.own);
      }
    }
    if (fresh) store.writeSeen(this.user, this.seen);
    return fresh;
  }

  /** Both sides in order: after message n come the person's words that were written when n was the last. */
  get entries() {
    const own = this.own.map((entry, place) => ({ key: `own-${entry.id}`, own: entry, order: [entry.after, 1, place] }));
    const said = [...this.said.values()].map((message) => ({
      key: `said-${message.n}`,
      said: message,
      at: Date.parse(message.at) || this.seen[message.n],
      order: [message.n, 0, 0],
    }));
    return [...said, ...own].sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1] || a.order[2] - b.order[2]);
  }
}
