import { choose } from "./choice.js";
import { Feed } from "./feed.js";
import { deviceOf, firstDoor, form } from "./form.js";
import { STYLE } from "./style.js";
import { View } from "./view.js";
import { Words, wordsOfPage } from "./words.js";

const TYPE = "gppde-card";
const TICK = 30_000;

class GppdeCard extends HTMLElement {
  #config = {};
  #hass;
  #snapshot;
  #shown;
  #feed;
  #timer;
  #words = new Words();
  #view = new View({
    say: () => this.#press(this.#shown.door.say_entity),
    again: (quip) => this.#act("say", { quip }, { device_id: this.#shown.door.device_id }),
    refill: () => this.#act("refill", {}, { device_id: this.#shown.persona.device_id }),
    stop: () => this.#act("stop_refill"),
    toggle: () => this.#toggle(this.#shown.door.talkative_entity),
  });

  static getConfigForm() {
    return form(wordsOfPage());
  }

  static getStubConfig(hass) {
    const door = firstDoor(hass);
    return door ? { door: door.id } : {};
  }

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(this.#view.element);
    this.shadowRoot.adoptedStyleSheets = [STYLE];
  }

  setConfig(config) {
    this.#config = config;
    this.#choose();
  }

  set hass(hass) {
    const before = this.#hass;
    this.#hass = hass;
    if (before?.localize !== hass.localize) this.#words = new Words(hass.locale?.language);
    if (!this.#feed && this.isConnected) this.#open();
    if (!before || before.localize !== hass.localize || this.#hasChanged(before)) this.#show();
  }

  connectedCallback() {
    if (this.#hass) this.#open();
    this.#timer = setInterval(() => this.#show(), TICK);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    this.#feed?.close();
    this.#feed = undefined;
  }

  getCardSize() {
    return 7;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  #open() {
    this.#feed = new Feed(this.#hass.connection, (snapshot) => {
      this.#snapshot = snapshot;
      this.#choose();
    });
    this.#feed.open();
  }

  #choose() {
    if (this.#snapshot === undefined) return;
    this.#shown = choose(this.#config, this.#snapshot);
    this.#show();
  }

  #show() {
    if (!this.#shown) return;
    if (this.#shown.problem) this.#view.showProblem(this.#words.text(this.#shown.problem));
    else this.#view.show(this.#shown, this.#hass, this.#words);
  }

  /** Home Assistant tells of every state there is; few of them are ours. */
  #hasChanged(before) {
    const door = this.#shown?.door;
    if (!door) return false;
    const ours = [door.sensor, door.talkative_entity, door.say_entity, door.quip_entity];
    return ours.some((entity) => before.states[entity] !== this.#hass.states[entity]);
  }

  #press(entity_id) {
    this.#call("button", "press", {}, { entity_id });
  }

  #toggle(entity_id) {
    this.#call("switch", "toggle", {}, { entity_id });
  }

  #act(action, data, target) {
    this.#call("gppde", action, data, target);
  }

  #call(domain, action, data, target) {
    // What goes wrong is told by Home Assistant, in a toast of its own.
    this.#hass.callService(domain, action, data, target).catch(() => {});
  }
}

function register() {
  if (customElements.get(TYPE)) return;
  customElements.define(TYPE, GppdeCard);
  (window.customCards ??= []).push({
    type: TYPE,
    preview: true,
    documentationURL: "https://github.com/gppde/gppde/blob/main/docs/dashboard.md",
    get name() {
      return wordsOfPage().text("name");
    },
    get description() {
      return wordsOfPage().text("description");
    },
    getEntitySuggestion(hass, entity) {
      const config = deviceOf(hass, entity);
      return config && { config: { type: `custom:${TYPE}`, ...config } };
    },
  });
}

// While it starts, Home Assistant replaces the browser's registry of elements, and forgets whom that one knew.
// Both know Home Assistant's own first element.
customElements.whenDefined("home-assistant").then(register);
