type Child = Node | string | null;
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void)>>;

/** An element with its attributes and children; a function is a listener, `true` an attribute without a value. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === 'function') created.addEventListener(attribute, value);
    else if (value !== false) created.setAttribute(attribute, value === true ? '' : value);
  }
  created.append(...children.filter((child) => child !== null));
  return created;
}

/**
 * For `mousedown`: a click with the mouse leaves the focus where it is, so that the keys of a counter go on meaning
 * the next person. The keyboard reaches the button as ever.
 */
export function keepFocus(event: Event): void {
  event.preventDefault();
}
