import { h, icon, put, tell } from "./dom.js";

const ACTIVE = ["starting", "running"];
const FAILED = ["waiting", "stopped"];

/** Whether the stock of this very persona is being filled just now. */
export const isFilling = ({ refill, persona }) =>
  ACTIVE.includes(refill.state) && refill.persona === persona.id;

/** What a person wants to know of a refill that is over: it failed, or somebody stopped it. */
export const trouble = ({ refill }) => {
  if (!FAILED.includes(refill.state)) return undefined;
  return refill.last_error ? refill.state : "halted";
};

const stateText = (shown, words) => {
  const { refill, persona } = shown;
  if (isFilling(shown))
    return `${words.text(refill.state)} · ${words.percent(refill.progress ?? 0)}`;
  if (ACTIVE.includes(refill.state))
    return words.text("busy", { persona: shown.personaName(refill.persona) });
  if (trouble(shown)) return words.text(trouble(shown));
  if (persona.fresh >= persona.target) return words.text("stock_full", { low: persona.low_water });
  return words.text("refills_at", { low: persona.low_water });
};

const COSTS = { starter: "cost_starter", server: "cost_server", assist: "cost_assist" };

const costText = ({ source, spent }, words) => {
  if (!spent) return words.text(COSTS[source]);
  const [dollars, budget] = [spent.dollars, spent.budget].map((each) => words.dollars(each));
  return words.text("cost_ec2", { spent: dollars, budget });
};

/** The refill of one persona: its button, how far it is, what it costs, and what went wrong. */
export class Refill {
  #icon = icon("mdi:basket-fill");
  #label = h("span");
  #button = h("button", { type: "button", class: "action" }, this.#icon, this.#label);
  #state = h("strong");
  #cost = h("small");
  #bar = h("div", { class: "bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 });
  #error = h("span");
  #trouble = h("p", { class: "error" }, icon("mdi:alert-circle-outline"), this.#error);
  element = h(
    "div",
    { class: "refill" },
    h("p", {}, this.#state, this.#cost),
    this.#button,
    this.#bar,
    this.#trouble,
  );

  constructor(order, stop) {
    this.#button.addEventListener("click", () => {
      if (this.#button.getAttribute("aria-disabled") === "true") return;
      (this.#button.classList.contains("stop") ? stop : order)();
    });
  }

  show(shown, words) {
    const { refill, persona } = shown;
    const filling = isFilling(shown);
    const isFull = persona.fresh >= persona.target;
    tell(this.#label, words.text(filling ? "stop" : "refill"));
    put(this.#icon, { icon: filling ? "mdi:stop" : "mdi:basket-fill" });
    // Not `disabled`, which would take the focus away from whoever has just pressed it.
    put(this.#button, { "aria-disabled": isFull && !filling });
    this.#button.classList.toggle("stop", filling);
    tell(this.#state, stateText(shown, words));
    tell(this.#cost, costText(shown, words));
    tell(this.#error, refill.last_error ?? "");
    this.#trouble.hidden = !(trouble(shown) && refill.last_error);
    this.#showProgress(filling, refill.progress, words);
  }

  #showProgress(filling, progress, words) {
    this.#bar.hidden = !filling;
    put(this.#bar, {
      "aria-label": words.text("running"),
      "aria-valuenow": progress ?? 0,
      "aria-valuetext": words.percent(progress ?? 0),
    });
    this.#bar.style.setProperty("--done", `${progress ?? 0}%`);
  }
}
