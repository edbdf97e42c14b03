import { h, put } from "./dom.js";

const MOST = 24;

/**
 * The stock as a row of doors: a closed one still has something to say, an empty frame waits for a
 * quip. Where there are too many for a row, one door stands for several.
 */
export class Shelf {
  element = h("div", { class: "shelf", role: "img" });
  #doors = [];
  #mark = h("span", { class: "mark" });

  show({ fresh, target, low_water: low }, { label, isFilling }) {
    const places = Math.max(fresh, target);
    const each = Math.ceil(places / MOST);
    this.#build(Math.ceil(places / each), Math.round(low / each));
    this.#doors.forEach((door, place) => {
      const share = Math.min(1, Math.max(0, fresh / each - place));
      door.style.setProperty("--share", `${share * 100}%`);
      door.classList.toggle("empty", share === 0);
    });
    put(this.element, { "aria-label": label });
    this.element.classList.toggle("low", fresh <= low);
    this.element.classList.toggle("filling", isFilling);
  }

  #build(count, low) {
    if (this.#doors.length !== count) {
      this.#doors = Array.from({ length: count }, () => h("span", { class: "door" }));
      this.element.replaceChildren(...this.#doors);
    }
    if (low > 0) this.#doors[low - 1]?.after(this.#mark);
  }
}
