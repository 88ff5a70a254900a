// Asks for new messages every few seconds while the page is looked at, and less often while nobody answers.
import { fetchMessages } from "./api.js";

const EVERY = 3_000;
const OTHERS_EVERY = 5; // rounds: the identities in the background are asked each 15 s
const LONGEST = 30_000;

export class Poller {
  constructor(conversations, { current, onMessages, onSignal }) {
    this.conversations = conversations;
    this.current = current;
    this.onMessages = onMessages;
    this.onSignal = onSignal;
    this.rounds = 0;
    this.failures = 0;
    this.timer = 0;
    this.busy = false;
    this.wanted = false; // somebody asked while a round was under way
    document.addEventListener("visibilitychange", () => this.now());
    addEventListener("online", () => this.now());
    addEventListener("offline", () => onSignal(false));
  }

  /** Ask at once, and go on from there. */
  now() {
    clearTimeout(this.timer);
    return this.round();
  }

  async round() {
    if (document.hidden) return;
    if (this.busy) {
      this.wanted = true;
      return;
    }
    this.busy = true;
    this.wanted = false;
    const everybody = this.rounds % OTHERS_EVERY === 0;
    this.rounds += 1;
    try {
      const asked = this.current();
      await this.ask(asked);
      if (everybody) for (const other of this.conversations) if (other !== asked) await this.ask(other);
      this.failures = 0;
      this.onSignal(true);
    } catch {
      this.failures += 1;
      if (this.failures > 1 || !navigator.onLine) this.onSignal(false);
    }
    this.busy = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.round(), this.wanted ? 0 : Math.min(LONGEST, EVERY * 2 ** this.failures));
  }

  async ask(conversation) {
    const wasLoaded = conversation.loaded;
    const messages = await fetchMessages(conversation.user, conversation.polledTo);
    const fresh = conversation.receive(messages, true);
    if (fresh || !wasLoaded) this.onMessages(conversation, wasLoaded ? fresh : 0);
  }
}
