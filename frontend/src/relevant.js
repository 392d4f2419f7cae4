// Whether a question of a flat set is shown: the server's own tree, walked in the browser.
import { evaluate, flatScope, truth } from "./expressions.js";

/** Returns whether `tree` (a question's relevant_tree) holds for `answers`; what cannot be walked is shown. */
export function relevant(tree, answers) {
  if (!tree) return true;
  try { return truth(evaluate(tree, flatScope(answers))); } catch { return true; }
}
