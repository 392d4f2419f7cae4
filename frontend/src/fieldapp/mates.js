// Two who go together: the second person is chosen from the colleagues that the server sent along.
import { field, make, say } from "./pieces.js";

/** Returns who went along last time today in this round, so that a pair says it once. */
function lastMate(phone, round) {
  const kept = (phone.meant.mates || {})[round];
  return kept && phone.pack && kept.day === phone.pack.day ? kept.id : "";
}

async function keepMate(phone, round, id) {
  phone.meant = { ...phone.meant, mates: { ...phone.meant.mates, [round]: { id, day: phone.pack ? phone.pack.day : "" } } };
  await phone.vault.put("own", `own:${phone.owner}`, phone.meant);
}

/** Returns the field of the second person, null where one goes alone. `named` are those the visit names. */
export function mateField(phone, { round, id, named = [], chosen = "", changed = () => {} }) {
  if (!round || !(round.pair || chosen)) return null;
  const people = (phone.pack && phone.pack.people) || {};
  const ids = [...new Set([chosen, ...named, ...(round.mates || [])])].filter((each) => each && each !== phone.owner && people[each]);
  const first = chosen || named.find((each) => each !== phone.owner) || lastMate(phone, id);
  const select = make("select.form-select", {}, make("option", { value: "", textContent: say("choose") }), ...ids.map((each) => make("option", { value: each, textContent: people[each], selected: each === first })));
  const box = field("second", say("mate"), select, say(ids.length ? "matehint" : "nomates"));
  select.addEventListener("change", () => { box.fault(""); changed(); });
  return {
    box,
    get value() { return select.value; },
    get label() { return select.value ? people[select.value] : ""; },
    fault(words) { box.fault(words); },
    check() {
      const words = round.pair && !select.value ? say("needmate") : "";
      box.fault(words);
      if (words) { box.scrollIntoView({ block: "center" }); select.focus(); }
      return !words;
    },
    keep: () => (select.value ? keepMate(phone, id, select.value) : null),
  };
}
