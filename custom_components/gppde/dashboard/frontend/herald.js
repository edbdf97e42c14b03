import { h, tell } from "./dom.js";
import { isFilling, trouble } from "./refill.js";

const STEP = 25;

/** Tells a screen reader the news: a new line, a refill's quarters and its end. */
export class Herald {
  element = h("p", { class: "herald", role: "status" });
  #last;
  #step;

  show(shown, words) {
    const { last, refill } = shown;
    const step = isFilling(shown) ? Math.floor((refill.progress ?? 0) / STEP) : undefined;
    const isNew = this.#last !== undefined && last?.uuid !== this.#last;
    if (isNew && last) tell(this.element, last.text);
    else if (step !== this.#step) tell(this.element, progressText(step, shown, words));
    this.#last = last?.uuid ?? null;
    this.#step = step;
  }
}

const progressText = (step, shown, words) => {
  if (step !== undefined) return words.text("progress", { percent: words.percent(step * STEP) });
  return words.text(trouble(shown) ?? "refilled");
};
