import de from "./texts/de.js";
import en from "./texts/en.js";
import es from "./texts/es.js";
import fr from "./texts/fr.js";
import nl from "./texts/nl.js";

const TEXTS = { de, en, es, fr, nl };
const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

const textsFor = (language) => TEXTS[language.split("-")[0]];

/** The words of one language; English where we do not speak it. */
export class Words {
  #language;
  #texts;

  constructor(language = "en") {
    this.#language = textsFor(language) ? language : "en";
    this.#texts = textsFor(this.#language);
  }

  text(key, values = {}) {
    return (this.#texts[key] ?? en[key]).replace(/{(\w+)}/g, (_, name) => values[name]);
  }

  count(key, count) {
    const form = new Intl.PluralRules(this.#language).select(count);
    return this.text(`${key}_${form === "one" ? "one" : "other"}`, { count });
  }

  percent(percent) {
    const style = { style: "percent", maximumFractionDigits: 0 };
    return new Intl.NumberFormat(this.#language, style).format(percent / 100);
  }

  dollars(dollars) {
    const style = { style: "currency", currency: "USD" };
    return new Intl.NumberFormat(this.#language, style).format(dollars);
  }

  /** How long ago a moment was, in the largest unit that fits. */
  ago(moment) {
    const seconds = Math.max(0, (Date.now() - moment) / 1000);
    const [unit, size] = UNITS.find((each) => seconds >= each[1]) ?? ["second", Infinity];
    const format = new Intl.RelativeTimeFormat(this.#language, { numeric: "auto" });
    return format.format(-Math.floor(seconds / size), unit);
  }

  moment(moment) {
    const style = { dateStyle: "medium", timeStyle: "short" };
    return new Intl.DateTimeFormat(this.#language, style).format(moment);
  }
}

/** The words for whoever looks at this page, also before a card knows its `hass`. */
export const wordsOfPage = () => {
  const hass = document.querySelector("home-assistant")?.hass;
  return new Words(hass?.locale?.language ?? hass?.language);
};

/** When a line was said, and at which door, where that is another one than the card's. */
export const whenText = (line, { door, doorName }, words) => {
  const time = words.ago(new Date(line.said_at));
  const elsewhere = line.door !== door?.id && doorName(line.door);
  return elsewhere ? words.text("said_elsewhere", { time, door: elsewhere }) : time;
};
