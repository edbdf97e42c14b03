const DOMAIN = "gppde";
const MODELS = { door: "Door", persona: "Persona" };
const MOST_LINES = 10;

const isOurs = (device) => device?.identifiers.some(([domain]) => domain === DOMAIN);

const device = (name) => ({
  name,
  selector: { device: { filter: { integration: DOMAIN, model: MODELS[name] } } },
});

/** The form of the visual editor. */
export const form = (words) => ({
  schema: [
    device("door"),
    device("persona"),
    {
      name: "lines",
      default: 5,
      selector: { number: { min: 0, max: MOST_LINES, mode: "slider" } },
    },
  ],
  computeLabel: ({ name }) => words.text(name),
  computeHelper: ({ name }) => words.text(`${name}_help`),
});

export const firstDoor = (hass) =>
  Object.values(hass.devices).find((each) => isOurs(each) && each.model === MODELS.door);

/** The config of the card that suits an entity of ours, or null. */
export const deviceOf = (hass, entity) => {
  const found = hass.devices[hass.entities[entity]?.device_id];
  const [name] =
    Object.entries(MODELS).find(([, model]) => isOurs(found) && found.model === model) ?? [];
  return name ? { [name]: found.id } : null;
};
