// What the browser keeps. What was said is kept for this tab; what is not yet sent is kept until it is.

const own = (user) => `sansiang.own.${user}`;
const queue = (user) => `sansiang.queue.${user}`;
const seen = (user) => `sansiang.seen.${user}`;
const draft = (user) => `sansiang.draft.${user}`;

function read(storage, key, otherwise) {
  try {
    return JSON.parse(storage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** False where the browser has no room (or keeps nothing at all): the caller then holds it in memory. */
function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export const readOwn = (user) => read(sessionStorage, own(user), []);
export const readSeen = (user) => read(sessionStorage, seen(user), {});
export const writeSeen = (user, times) => write(sessionStorage, seen(user), times);
export const readDraft = (user) => read(sessionStorage, draft(user), "");
export const writeDraft = (user, text) => write(sessionStorage, draft(user), text);
export const readQueue = (user) => read(localStorage, queue(user), []);
export const readFolded = () => read(localStorage, "sansiang.folded", null);
export const writeFolded = (folded) => write(localStorage, "sansiang.folded", folded);

export function writeOwn(user, entries) {
  if (write(sessionStorage, own(user), entries)) return;
  // Small pictures are what fills it up; the words matter more.
  write(sessionStorage, own(user), entries.map((entry) => ({ ...entry, shown: { ...entry.shown, thumbnails: [] } })));
}

/** Keep one unsent item; false where there is no room for it. */
export function keep(user, item) {
  return write(localStorage, queue(user), [...readQueue(user).filter((other) => other.id !== item.id), item]);
}

export function forget(user, id) {
  const rest = readQueue(user).filter((item) => item.id !== id);
  try {
    if (rest.length) localStorage.setItem(queue(user), JSON.stringify(rest));
    else localStorage.removeItem(queue(user));
  } catch {
    // A smaller list always fits; a browser that keeps nothing has nothing to forget.
  }
}

/** A fresh event id: random, also where the page is not served over a secure connection. */
export function newEventId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
