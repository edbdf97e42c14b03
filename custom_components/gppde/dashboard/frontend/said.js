import { h, icon, put, tell } from "./dom.js";
import { whenText } from "./words.js";

/** What was said last, and when; or why nothing was, and the button that has something said. */
export class Said {
  #last;
  #text = h("blockquote");
  #when = h("time");
  #silent = h("small");
  #label = h("span");
  #again = h("button", { type: "button", class: "again" }, icon("mdi:replay"));
  #say = h("button", { type: "button", class: "action" }, icon("mdi:bullhorn"), this.#label);
  element = h(
    "div",
    { class: "said" },
    h(
      "figure",
      {},
      h("div", {}, this.#text, h("figcaption", {}, this.#when, this.#silent)),
      this.#again,
    ),
    this.#say,
  );

  constructor(say, again) {
    this.#say.addEventListener("click", say);
    this.#again.addEventListener("click", () => again(this.#last.uuid));
  }

  focus() {
    this.#again.focus();
  }

  show(shown, hass, words) {
    const { door, last } = shown;
    this.#last = last;
    tell(this.#text, last ? `“${last.text}”` : words.text("nothing_said"));
    this.#text.classList.toggle("none", !last);
    this.#showWhen(shown, words);
    tell(this.#silent, silenceText(hass.states[door?.quip_entity], hass, words));
    tell(this.#label, words.text("say"));
    this.#say.hidden = !hass.states[door?.say_entity];
  }

  #showWhen(shown, words) {
    const { door, last } = shown;
    const label = last && words.text("again", { text: last.text });
    this.#again.hidden = !(last && door);
    put(this.#again, { "aria-label": label, title: label });
    tell(this.#when, last ? whenText(last, shown, words) : "");
    const moment = last && words.moment(new Date(last.said_at));
    put(this.#when, { datetime: last?.said_at, title: moment });
  }
}

const silenceText = (quip, hass, words) => {
  if (quip?.attributes.event_type !== "not_said") return "";
  const time = words.ago(new Date(quip.state));
  return words.text("silent", { time, reason: hass.formatEntityAttributeValue(quip, "reason") });
};
