const LINES = 5;

const onDevice = (parts, device) => parts.find((part) => part.device_id === device);

const ENTITIES = ["sensor", "talkative_entity", "say_entity", "quip_entity"];

const wanted = ({ door, entity, persona }, { doors, personas }) => {
  // Other cards are given an entity, and so is this one by habit.
  if (!door && entity)
    return { door: doors.find((each) => ENTITIES.some((key) => each[key] === entity)) };
  if (door) return { door: onDevice(doors, door) };
  if (!persona) return { door: doors[0], persona: personas[0] };
  const found = onDevice(personas, persona);
  return { persona: found, door: found && doors.find((each) => each.persona === found.id) };
};

const reason = (config, snapshot) => {
  if (snapshot === null) return "no_answer";
  if (!snapshot.entry) return "not_running";
  if (config.door || config.entity) return "unknown_door";
  return config.persona ? "unknown_persona" : "nothing_yet";
};

/** What a card is to show of a snapshot: a persona and maybe its door, or the `problem`. */
export const choose = (config, snapshot) => {
  const found = snapshot?.entry ? wanted(config, snapshot) : {};
  const { door } = found;
  const persona = door ? snapshot.personas.find(({ id }) => id === door.persona) : found.persona;
  if (!persona) return { problem: reason(config, snapshot) };
  const lines = snapshot.recent.filter((line) => line.persona === persona.id);
  const last = lines.find((line) => door && line.door === door.id) ?? lines[0];
  return {
    door,
    persona,
    last,
    earlier: lines.filter((line) => line !== last).slice(0, config.lines ?? LINES),
    doorName: (id) => snapshot.doors.find((each) => each.id === id)?.name,
    personaName: (id) => snapshot.personas.find((each) => each.id === id)?.name,
    refill: snapshot.refill,
    source: snapshot.source,
    spent: snapshot.spent,
  };
};
