import { h, icon, put, tell } from "./dom.js";
import { whenText } from "./words.js";

/** The lines said before the last one, each with a button that has it said again. */
export class Earlier {
  #title = h("h3");
  #list = h("ul");
  #rows = new Map();
  #again;
  element = h("section", { class: "earlier" }, this.#title, this.#list);

  constructor(again) {
    this.#again = again;
  }

  /** Return whether the line that had the keyboard's focus is no longer among them. */
  show(shown, words) {
    const { earlier } = shown;
    const focused = this.#list.getRootNode().activeElement;
    const hadFocus = this.#list.contains(focused);
    this.element.hidden = !earlier.length;
    tell(this.#title, words.text("earlier"));
    const rows = earlier.map((line) => this.#show(line, shown, words));
    this.#arrange(rows.map(({ item }) => item));
    this.#rows = new Map(earlier.map(({ uuid }, place) => [uuid, rows[place]]));
    // An element that moves within the page loses the focus.
    if (hadFocus) focused.focus();
    return hadFocus && !this.#list.contains(focused);
  }

  #show(line, shown, words) {
    const row = this.#rows.get(line.uuid) ?? this.#build(line.uuid);
    const label = words.text("again", { text: line.text });
    tell(row.text, line.text);
    tell(row.when, whenText(line, shown, words));
    row.button.hidden = !shown.door;
    put(row.button, { "aria-label": label, title: label });
    return row;
  }

  #arrange(items) {
    if (
      items.length !== this.#list.children.length ||
      items.some((item, place) => item !== this.#list.children[place])
    )
      this.#list.replaceChildren(...items);
  }

  #build(uuid) {
    const again = () => this.#again(uuid);
    const button = h(
      "button",
      { type: "button", class: "again", click: again },
      icon("mdi:replay"),
    );
    const text = h("p");
    const when = h("small");
    return { item: h("li", {}, button, h("div", {}, text, when)), button, text, when };
  }
}
