import { create } from './create.ts';

/** The row of people; hidden where there is one. */
export interface Tabs {
  readonly element: HTMLElement;
  show(labels: readonly string[], selected: number, groupLabel: string): void;
  /** Puts the focus on the person that is shown, where it was on another one. */
  followFocus(): void;
}

/** @param onChosen for a tap or a click */
export function createTabs(onChosen: (index: number) => void): Tabs {
  const element = create('div', { class: 'people', role: 'tablist', part: 'people' });
  let buttons: readonly HTMLButtonElement[] = [];
  let current = 0;

  function show(labels: readonly string[], selected: number, groupLabel: string): void {
    current = selected;
    element.hidden = labels.length < 2;
    element.setAttribute('aria-label', groupLabel);
    if (labels.length !== buttons.length) {
      buttons = labels.map((_, index) => createTab(index));
      element.replaceChildren(...buttons);
    }
    for (const [index, button] of buttons.entries()) {
      const label = labels[index] as string;
      if (button.textContent !== label) button.textContent = label;
      button.setAttribute('aria-selected', String(index === selected));
      // One stop for the tab key; the arrows do the rest.
      button.tabIndex = index === selected ? 0 : -1;
    }
  }

  function createTab(index: number): HTMLButtonElement {
    const button = create('button', { type: 'button', role: 'tab', part: 'person', 'aria-controls': 'stage' });
    button.addEventListener('click', () => onChosen(index));
    return button;
  }

  return {
    element,
    show,
    followFocus() {
      if (element.contains((element.getRootNode() as ShadowRoot).activeElement)) buttons[current]?.focus();
    },
  };
}
