import { h, put, tell } from "./dom.js";
import { Earlier } from "./earlier.js";
import { Head } from "./head.js";
import { Herald } from "./herald.js";
import { isFilling, Refill } from "./refill.js";
import { Said } from "./said.js";
import { Shelf } from "./shelf.js";

/** The card's content: built once, then told what to show. `deeds` are what its buttons do. */
export class View {
  #problem = h("p", { class: "problem" });
  #fresh = h("h3");
  #shelf = new Shelf();
  #herald = new Herald();
  #head;
  #said;
  #refill;
  #earlier;
  #content;

  constructor(deeds) {
    this.#head = new Head(deeds.toggle);
    this.#said = new Said(deeds.say, deeds.again);
    this.#refill = new Refill(deeds.refill, deeds.stop);
    this.#earlier = new Earlier(deeds.again);
    this.#content = h(
      "div",
      { class: "content", role: "group" },
      this.#head.element,
      this.#said.element,
      h("section", { class: "stock" }, this.#fresh, this.#shelf.element, this.#refill.element),
      this.#earlier.element,
      this.#herald.element,
    );
    this.element = h("ha-card", {}, this.#problem, this.#content);
  }

  showProblem(text) {
    this.#content.hidden = true;
    this.#problem.hidden = false;
    tell(this.#problem, text);
  }

  show(shown, hass, words) {
    this.#problem.hidden = true;
    this.#content.hidden = false;
    put(this.#content, { "aria-label": (shown.door ?? shown.persona).name });
    this.#head.show(shown, hass, words);
    this.#said.show(shown, hass, words);
    this.#showStock(shown, words);
    this.#refill.show(shown, words);
    if (this.#earlier.show(shown, words)) this.#said.focus();
    this.#herald.show(shown, words);
  }

  #showStock(shown, words) {
    const { fresh, target, low_water: low } = shown.persona;
    const label = words.text("stock", { fresh, target, low });
    tell(this.#fresh, words.count("fresh", fresh));
    this.#shelf.show(shown.persona, { label, isFilling: isFilling(shown) });
  }
}
