// Under what SanSiang said: two small buttons that show how a platform would show it.
import { fill } from "./boot.js";
import { make } from "./dom.js";

const PLATFORMS = { line: "LINE", telegram: "Telegram" };

/** The buttons for message `n` of the user whose chat is open; each opens its picture below the bubble and closes it again. */
export function views(n, user) {
  return Object.entries(PLATFORMS).map(([platform, name]) => {
    const label = fill("seen_in", { platform: name });
    const button = make("button", { type: "button", class: "view", "aria-label": label, "aria-expanded": "false" }, name);
    let picture = null;
    button.addEventListener("click", () => {
      const isOpen = !picture;
      if (isOpen) {
        const query = new URLSearchParams({ user: user(), n, as: platform });
        picture = make("img", { class: "seen", src: `/local/picture?${query}`, alt: label, width: 375 });
        button.closest(".parts").after(picture);
      } else {
        picture.remove();
        picture = null;
      }
      button.setAttribute("aria-expanded", String(isOpen));
    });
    return button;
  });
}
