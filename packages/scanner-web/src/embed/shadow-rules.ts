/** The rules of a page for a shadow tree: what is said of the window is meant of the element. */
export function fitElement(rules: string): string {
  return rules
    .replaceAll(':root', ':host')
    .replaceAll(/\bbody\b/g, '.page')
    .replaceAll(/@media (?=\((?:min|max)-(?:width|height))/g, '@container ')
    .replaceAll(/(?<=\d)v(w|min|max)\b/g, 'cq$1');
}
