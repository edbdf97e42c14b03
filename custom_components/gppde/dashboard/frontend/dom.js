/** Build an element from attributes and children; a string becomes text, never markup. */
export const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/** Show a text, and leave the page alone where it shows it already. */
export const tell = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** Set some attributes; one without a value is removed. */
export const put = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
};

export const icon = (name) => h("ha-icon", { icon: name, "aria-hidden": "true" });
