import { h, icon, put, tell } from "./dom.js";

const ON = "on";

/** Who speaks: the door and its persona, and the switch that keeps it from talking. */
export class Head {
  #face = icon("mdi:door-closed");
  #name = h("h2");
  #persona = h("p");
  #label = h("span");
  #switch = h("button", { type: "button", role: "switch" }, this.#label, h("i"));
  element = h(
    "div",
    { class: "head" },
    h("div", { class: "face" }, this.#face),
    h("div", {}, this.#name, this.#persona),
    this.#switch,
  );

  constructor(toggle) {
    this.#switch.addEventListener("click", toggle);
  }

  show({ door, persona }, hass, words) {
    const isOpen = hass.states[door?.sensor]?.state === ON;
    put(this.#face, {
      icon: `mdi:${door ? `door-${isOpen ? "open" : "closed"}` : "account-voice"}`,
    });
    tell(this.#name, door?.name ?? persona.name);
    tell(
      this.#persona,
      [door && persona.name, toneText(persona.tone, hass)].filter(Boolean).join(" · "),
    );
    const talkative = hass.states[door?.talkative_entity];
    tell(this.#label, words.text("talkative"));
    this.#switch.hidden = !talkative;
    this.#switch.disabled = talkative?.state === "unavailable";
    put(this.#switch, { "aria-checked": talkative?.state === ON });
  }
}

const toneText = (tone, hass) =>
  hass.localize(`component.gppde.entity.sensor.last_quip.state_attributes.tone.state.${tone}`) ||
  tone;
