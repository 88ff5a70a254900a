// Elements made by hand. Text goes in as text nodes only, so nothing a person writes is ever read as markup.

/** make("p", { class: "x", onclick: f }, "text", child): attributes that are functions become listeners; null is left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of icons.svg, hidden from screen readers: the button around it has the name. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function byId(id) {
  return document.getElementById(id);
}

/** "08:05" on the person's own clock; with the day, "21 พ.ย. 08:05", where that is another day than `now`. */
export function clock(milliseconds, now = Date.now()) {
  const at = new Date(milliseconds);
  const time = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  if (at.toDateString() === new Date(now).toDateString()) return time;
  return `${new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short" }).format(at)} ${time}`;
}
