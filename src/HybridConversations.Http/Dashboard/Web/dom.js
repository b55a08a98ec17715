// Everything on the page is made here, from nodes and text: what people and models say is never read as HTML.

/** A new element. `props` are properties (`className`, `onclick`, …); names with a dash, and `role`, are attributes. Children are nodes, texts, or nothing. */
export function el(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.includes('-') || name === 'role' || name === 'for') element.setAttribute(name === 'for' ? 'for' : name, value === true ? '' : value);
    else element[name] = value;
  }
  add(element, children);
  return element;
}

function add(parent, children) {
  for (const child of children) {
    if (child === undefined || child === null || child === false) continue;
    if (Array.isArray(child)) add(parent, child);
    else parent.append(child);
  }
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** A new SVG element with attributes. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  add(element, children);
  return element;
}

/** Sets a text only where it differs, so that nothing is laid out anew and no selection is lost. */
export function put(element, text) {
  const shown = text ?? '';
  if (element.textContent !== String(shown)) element.textContent = shown;
}

/** Makes the children of `parent` those of `items`, keeping the elements of keys that stay. */
export function keyed(parent, items, key, create, update) {
  const known = new Map(Array.from(parent.children, child => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let child = known.get(name);
    if (child) known.delete(name);
    else {
      child = create(item);
      child.dataset.key = name;
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const old of known.values()) old.remove();
}
