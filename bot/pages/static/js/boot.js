// What the server wrote into the page: who may speak, the provinces, and every sentence in the page's language.
const boot = JSON.parse(document.getElementById("boot").textContent);

export const { identities, provinces, words } = boot;

/** A sentence with its blanks filled: fill("unread", { count: 3 }). */
export function fill(key, blanks) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => String(blanks[name] ?? whole));
}
