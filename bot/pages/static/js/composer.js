// Where the person writes: words, photos and files. Everything ends in `actions.say…`; nothing is sent from here.
import { fill, words } from "./boot.js";
import { byId } from "./dom.js";
import { base64, forBubble, smaller } from "./picture.js";
import { readDraft, writeDraft } from "./store.js";

const LARGEST = 20_000_000; // bytes; 27 MB in base64, and the door takes 30
const LONGEST_NAME = 200; // letters, as the door allows; the end has the extension
const PHOTOS_AT_ONCE = 5;
const TALLEST = 160; // pixels

export class Composer {
  constructor({ say, send }) {
    this.send = send; // (body, shown)
    this.user = "";
    this.field = byId("words");
    this.notice = byId("notice");
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.field.value.trim();
      if (!text) return this.field.focus();
      this.write("");
      say(text);
    });
    this.field.addEventListener("input", () => this.write(this.field.value));
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    byId("tool-photo").addEventListener("click", () => byId("pick-photo").click());
    byId("tool-file").addEventListener("click", () => byId("pick-file").click());
    for (const id of ["pick-photo", "pick-camera", "pick-file"]) {
      byId(id).addEventListener("change", (event) => this.picked(event.target));
    }
  }

  open(user) {
    this.user = user;
    this.write(readDraft(user));
    this.tell("");
  }

  write(text) {
    if (this.field.value !== text) this.field.value = text;
    writeDraft(this.user, text);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(TALLEST, this.field.scrollHeight + 2)}px`;
  }

  /** Enter sends, as a chat does at a desk; on a phone's keyboard it makes a line. The key that ends a word being composed never sends. */
  onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    byId("composer").requestSubmit();
  }

  tell(text) {
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  async picked(input) {
    const files = [...input.files];
    input.value = ""; // so that the same file may be chosen again
    const { send } = this.bound();
    this.tell("");
    const photos = files.filter((file) => file.type.startsWith("image/"));
    for (let start = 0; start < photos.length; start += PHOTOS_AT_ONCE) {
      await this.sendPhotos(photos.slice(start, start + PHOTOS_AT_ONCE), send);
    }
    for (const file of files.filter((other) => !other.type.startsWith("image/"))) await this.sendFile(file, send);
  }

  /** Who speaks is settled when the file is chosen, not when it is ready: meanwhile another identity may be opened. */
  bound() {
    const { user } = this;
    return { send: (body, shown) => this.send(body, shown, user) };
  }

  async sendPhotos(files, send) {
    const media = [];
    const thumbnails = [];
    for (const file of files) {
      try {
        const { blob, name } = await smaller(file);
        media.push({ kind: "photo", name: name.slice(-LONGEST_NAME), data_base64: await base64(blob) });
        thumbnails.push(await forBubble(blob));
      } catch {
        await this.sendFile(file, send); // a kind of picture that this browser cannot open
      }
    }
    if (media.length) send({ media }, { kind: "photo", thumbnails, count: media.length, text: fill("photos_count", { count: media.length }) });
  }

  async sendFile(file, send) {
    if (file.size > LARGEST) return this.tell(words.too_big);
    const kind = { video: "video", audio: "voice" }[file.type.split("/")[0]] ?? "file";
    try {
      const data = await base64(file);
      const shown = kind === "voice" ? { kind, length: "" } : { kind, name: file.name };
      send({ media: [{ kind, name: file.name.slice(-LONGEST_NAME), data_base64: data }] }, shown);
    } catch {
      this.tell(words.unreadable);
    }
  }
}
