// What of the chat is in sight: its end, or the start of the reply that the person waits for.

const NEAR = 120; // pixels from the end within which the reader is following along
const HIDDEN = 24; // pixels below the screen that may hold something to tap
const MARGIN = 8; // pixels left free above a bubble that was brought to the top
const KEYS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);

const isHotline = (bubble) => bubble.querySelector(".card.hotline") !== null;

export class Scroll {
  constructor(element, newer) {
    this.element = element;
    this.newer = newer;
    this.following = true; // the reader is at the end
    this.awaiting = false; // the reader has spoken, and looks for the answer
    this.pinned = null; // the bubble whose top stays in sight, whatever comes after it
    this.placed = 0; // where we scrolled to last: elsewhere, the person did it
    newer.addEventListener("click", () => this.toEnd());
    element.addEventListener("scroll", () => this.onScroll());
    for (const kind of ["wheel", "touchmove"]) element.addEventListener(kind, () => this.byHand(), { passive: true });
    element.addEventListener("keydown", (event) => KEYS.has(event.key) && this.byHand());
    element.addEventListener("pointerdown", (event) => event.offsetX > element.clientWidth && event.target === element && this.byHand());
    // Neither a picture that arrives late nor a phone's keyboard may push the newest words out of sight.
    element.addEventListener("load", () => this.settle(), true);
    new ResizeObserver(() => this.settle()).observe(element);
  }

  onScroll() {
    this.following = this.isNearEnd();
    if (Math.abs(this.element.scrollTop - this.placed) > 2) this.pinned = null;
    if (this.below() < HIDDEN) this.newer.hidden = true;
  }

  byHand() {
    this.awaiting = false;
    this.pinned = null;
  }

  /** A chat is opened; `isBusy` when an answer is still to come. */
  start(isBusy) {
    this.toEnd();
    this.awaiting = isBusy;
  }

  /** The person has spoken: whatever they were reading, the answer comes into sight. */
  follow() {
    this.toEnd();
    this.awaiting = true;
  }

  /** New bubbles of the bot. `wasNearEnd` as it was before they came; `isLast` when no other answer is to come. */
  show(bubbles, wasNearEnd, isLast) {
    const hotline = bubbles.find(isHotline);
    // Numbers to call give way to nothing; another reply gives way to the answer of a later message.
    const held = this.pinned && (isHotline(this.pinned) || !this.awaiting) ? this.pinned : null;
    if (hotline || this.awaiting || wasNearEnd) this.pin(hotline ?? held ?? bubbles[0]);
    else this.newer.hidden = false;
    if (isLast) this.awaiting = false;
  }

  /** To the end, but never past the top of this bubble: what comes first is read first. */
  pin(bubble) {
    const end = this.element.scrollHeight - this.element.clientHeight;
    const top = Math.max(0, Math.min(end, bubble.offsetTop - MARGIN));
    this.to(top);
    this.pinned = bubble;
    this.newer.hidden = end - top < HIDDEN;
  }

  toEnd() {
    this.to(this.element.querySelector(".turn") ? this.element.scrollHeight : 0); // an invitation is read from its top
    this.pinned = null;
    this.newer.hidden = true;
  }

  /** The same things in sight, after heights changed. */
  settle() {
    if (this.pinned?.isConnected) this.pin(this.pinned);
    else if (this.following) this.toEnd();
  }

  to(top) {
    this.element.scrollTo({ top, behavior: "instant" });
    this.placed = this.element.scrollTop;
    this.following = this.isNearEnd();
  }

  /** Pixels of the list that lie below what is seen. */
  below() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight;
  }

  isNearEnd() {
    return this.below() < NEAR;
  }
}
