// Evaluates the `relevant` expression of a question in the browser, without eval (the content security policy forbids it).
//
// The language is the one the server checks again: names (${code} or code), 'text', numbers, = != < <= > >=,
// and, or, not, selected(name, 'value'), parentheses. What cannot be read counts as true: the question is shown.
const TOKEN = /\s*(\$\{(\w+)\}|'([^']*)'|"([^"]*)"|(\d+(?:\.\d+)?)|(!=|<=|>=|==|=|<|>|\(|\)|,)|([A-Za-z_]\w*))/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const m = TOKEN.exec(text);
    if (!m) throw new Error(text);
    if (m[2]) found.push({ name: m[2] });
    else if (m[3] !== undefined || m[4] !== undefined) found.push({ value: m[3] !== undefined ? m[3] : m[4] });
    else if (m[5]) found.push({ value: Number(m[5]) });
    else if (m[6]) found.push({ sign: m[6] === "==" ? "=" : m[6] });
    else if (["and", "or", "not", "selected", "true", "false"].includes(m[7])) found.push({ sign: m[7] });
    else found.push({ name: m[7] });
  }
  return found;
}

const plain = (v) => (v === "yes" || v === "true" ? true : v === "no" || v === "false" ? false : v);

function compare(sign, a, b) {
  if (Array.isArray(a)) return sign === "=" ? a.includes(String(b)) : sign === "!=" ? !a.includes(String(b)) : false;
  if (sign === "=" || sign === "!=") {
    const same = plain(a) === plain(b) || (a !== undefined && b !== undefined && String(plain(a)) === String(plain(b)));
    return sign === "=" ? same : !same;
  }
  if (a === undefined || b === undefined || a === "" || b === "") return false;
  const [x, y] = Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? [String(a), String(b)] : [Number(a), Number(b)];
  return { "<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y }[sign];
}

/** Returns whether `expression` holds for `answers`. */
export function relevant(expression, answers) {
  let list;
  try { list = tokens(expression); } catch { return true; }
  let at = 0;
  const sign = (s) => (list[at] && list[at].sign === s ? (at += 1, true) : false);
  function atom() {
    if (sign("(")) { const inner = or(); sign(")"); return inner; }
    if (sign("not")) return !truth(atom());
    if (sign("true")) return true;
    if (sign("false")) return false;
    if (sign("selected")) { sign("("); const a = atom(); sign(","); const b = atom(); sign(")"); return Array.isArray(a) ? a.includes(String(b)) : String(a) === String(b); }
    const token = list[at];
    if (!token || token.sign) throw new Error(expression);
    at += 1;
    return token.name ? answers[token.name] : token.value;
  }
  const truth = (v) => (Array.isArray(v) ? v.length > 0 : Boolean(plain(v)));
  function comparison() {
    const left = atom();
    const next = list[at] && list[at].sign;
    if (["=", "!=", "<", "<=", ">", ">="].includes(next)) { at += 1; return compare(next, left, atom()); }
    return left;
  }
  function and() { let v = comparison(); while (sign("and")) { const r = comparison(); v = truth(v) && truth(r); } return v; }
  function or() { let v = and(); while (sign("or")) { const r = and(); v = truth(v) || truth(r); } return v; }
  try { const result = truth(or()); return at === list.length ? result : true; } catch { return true; }
}
