// The location sheet: where I am now, a town, or typed coordinates.
import { fill, provinces, words } from "./boot.js";
import { byId, make } from "./dom.js";

// The middle of each pilot province's seat, WGS 84 degrees, to about a kilometre: samples to try with.
const TOWNS = {
  "chiang-rai": [19.9072, 99.8329],
  "khon-kaen": [16.4322, 102.8236],
  "nakhon-sawan": [15.7047, 100.1372],
  phatthalung: [7.6167, 100.074],
  trat: [12.2428, 102.5175],
};
const PATIENCE = 15_000; // milliseconds

/** Thai and Western digits, a comma or a space between: "19.9071, 99.8310" → { lat, lng }, else null. */
export function coordinates(text) {
  const western = text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));
  const found = western.trim().match(/^\(?\s*(-?\d{1,2}(?:\.\d+)?)\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?$/);
  if (!found) return null;
  const [lat, lng] = [Number(found[1]), Number(found[2])];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

export class PlaceSheet {
  constructor(composer) {
    this.composer = composer;
    this.sheet = byId("place");
    this.send = null;
    byId("tool-place").addEventListener("click", () => this.open());
    byId("place-here").addEventListener("click", () => this.here());
    byId("place-here").hidden = !navigator.geolocation || !window.isSecureContext;
    const towns = provinces.filter(({ slug }) => slug in TOWNS);
    byId("place-samples").append(
      ...towns.map(({ slug, name_th: province }) => {
        const label = fill("place_town", { province });
        return make("button", { type: "button", class: "chip", onclick: () => this.choose({ lat: TOWNS[slug][0], lng: TOWNS[slug][1], label }) }, label);
      }),
    );
    byId("place-typed").addEventListener("submit", (event) => {
      event.preventDefault();
      const found = coordinates(byId("place-coordinates").value);
      if (!found) return this.tell(words.place_wrong);
      this.choose({ ...found, label: byId("place-label").value.trim() });
    });
  }

  open() {
    this.send = this.composer.bound().send;
    this.tell("");
    byId("place-here").disabled = false;
    this.sheet.showModal();
  }

  here() {
    const button = byId("place-here");
    button.disabled = true;
    this.tell(words.place_finding);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const { latitude: lat, longitude: lng, accuracy } = coords;
        if (this.sheet.open) this.choose({ lat, lng, label: "", accuracy });
      },
      () => {
        button.disabled = false;
        this.tell(words.place_failed);
      },
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 60_000 },
    );
  }

  tell(text) {
    byId("place-note").textContent = text;
    byId("place-note").hidden = !text;
  }

  choose(location) {
    this.sheet.close();
    byId("place-typed").reset();
    this.send({ location }, { kind: "place", ...location });
  }
}
