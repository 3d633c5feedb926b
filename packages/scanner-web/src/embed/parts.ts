/** What an embedding page can style: `::part(headline)` and so on, and what each is in the tree. */
const PARTS: Readonly<Record<string, string>> = {
  page: '.page',
  lists: '.lists-bar',
  warning: '.warning',
  viewfinder: '.viewfinder',
  hint: '.hint',
  problem: '.problem',
  notice: '.notice',
  verdict: '.verdict',
  headline: '.verdict h1',
  reason: '.verdict-reason',
  advice: '.verdict-next',
  person: '.person',
  button: '.button',
  next: '.next',
};

/** Names the parts that are there now. */
export function nameParts(root: ParentNode): void {
  for (const [part, selector] of Object.entries(PARTS)) {
    for (const found of root.querySelectorAll(selector)) found.part.add(part);
  }
}
