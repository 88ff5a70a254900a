// Sends what waits, one at a time and in order, and tries again until it is through: slower and slower, and at once when asked.
import { sendMessage } from "./api.js";

const FIRST_WAIT = 3_000;
const LONGEST_WAIT = 60_000;

export class Outbox {
  constructor(conversation, onChange) {
    this.conversation = conversation;
    this.onChange = onChange;
    this.busy = false;
    this.failures = 0;
    this.timer = 0;
  }

  async flush() {
    if (this.busy) return;
    clearTimeout(this.timer);
    this.busy = true;
    try {
      for (let item = this.conversation.next; item; item = this.conversation.next) {
        if (!(await this.send(item))) break;
      }
    } finally {
      this.busy = false;
    }
  }

  /** True when the next one may go. */
  async send(item) {
    const { conversation } = this;
    conversation.mark(item.id, "sending");
    this.onChange(conversation, 0);
    try {
      const answer = await sendMessage(conversation.user, item.id, item.body);
      this.failures = 0;
      conversation.delivered(item.id);
      this.onChange(conversation, conversation.receive(answer.replies ?? [], false));
      return true;
    } catch (failure) {
      if (failure.hopeless) {
        conversation.refuse(item.id, failure.status);
        this.onChange(conversation, 0);
        return true;
      }
      conversation.mark(item.id, "failed");
      this.onChange(conversation, 0);
      this.timer = setTimeout(() => this.flush(), Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures));
      this.failures += 1;
      return false;
    }
  }

  retry(id) {
    this.conversation.retry(id);
    this.failures = 0;
    return this.flush();
  }
}
