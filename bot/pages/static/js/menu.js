// The big buttons under the chat, by role; they say the words that always work. Folded and opened by one button.
import { words } from "./boot.js";
import { byId, icon, make } from "./dom.js";
import { readFolded, writeFolded } from "./store.js";

const LOW = 720; // pixels: under this an open menu leaves too little of the chat

export class Menu {
  constructor(say) {
    this.element = byId("menu");
    this.button = byId("tool-menu");
    this.say = say;
    this.button.addEventListener("click", () => {
      writeFolded(!this.element.hidden);
      this.fold(!this.element.hidden);
    });
    // A phone's keyboard needs the room; the choice of the person stays.
    byId("words").addEventListener("focus", () => {
      if (matchMedia("(pointer: coarse)").matches) this.fold(true);
    });
  }

  open(role) {
    const buttons = words.menus[role] ?? words.menus.villager;
    this.element.replaceChildren(
      ...buttons.map((button) => make("button", { type: "button", onclick: () => this.say(button.text) }, icon(button.icon), make("span", {}, button.label))),
    );
    this.element.dataset.count = String(buttons.length);
    this.fold(readFolded() ?? innerHeight < LOW);
  }

  fold(folded) {
    this.element.hidden = folded;
    this.button.setAttribute("aria-expanded", String(!folded));
  }
}
