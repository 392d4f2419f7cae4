// Words for scripts stand in the page (<template id="words" data-…>), so that they go through gettext.
const holder = document.getElementById("words");

/** Returns the translated word `key`, with {name} replaced from `params`. */
export function word(key, params = {}) {
  const text = (holder && holder.dataset[key]) || key;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in params ? params[name] : all));
}

/** Returns an <svg> that shows the icon `name` of the sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.documentElement.dataset.sprite}#i-${name}`);
  svg.append(use);
  return svg;
}
