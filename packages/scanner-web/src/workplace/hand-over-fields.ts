import { element } from '../look/element.ts';
import { DEFAULT_TEMPLATE } from './clipboard-template.ts';
import { parseHandOver } from './hand-over-setting.ts';
import { createCheck, createField, createSelect } from './settings-field.ts';
import type { HandOver, HandOverWay } from './workplace.ts';
import type { WorkplaceWords } from './workplace-vocabulary.ts';

/** The fields about where a result is handed over to. */
export interface HandOverFields {
  readonly root: HTMLElement;
  fill(handOver: HandOver | undefined): void;
  speak(words: WorkplaceWords['handOver']): void;
  /** What was chosen, or that a field does not take what stands in it, which it says. */
  read(words: WorkplaceWords['handOver']): HandOver | undefined | 'refused';
}

const WAYS: readonly HandOverWay[] = ['http', 'websocket', 'clipboard'];

export function createHandOverFields(): HandOverFields {
  let spoken: WorkplaceWords['handOver'] | undefined;
  const way = createSelect('settings-hand-over', () => spoken && speak(spoken));
  const address = createField('settings-address', { maxlength: '200', autocomplete: 'off', inputmode: 'url' });
  const template = createField('settings-template', { maxlength: '1000', autocomplete: 'off' });
  const automatic = createCheck('settings-automatic');
  const withCode = createCheck('settings-with-code');
  const root = element(
    'div',
    { class: 'settings-group' },
    way.root,
    address.root,
    template.root,
    automatic.root,
    withCode.root,
  );

  function speak(words: WorkplaceWords['handOver']): void {
    spoken = words;
    way.speak(words.label, [
      { value: '', name: words.off },
      ...WAYS.map((value) => ({ value, name: words.ways[value] })),
    ]);
    const chosen = WAYS.find((known) => known === way.input.value);
    const isAddressed = chosen === 'http' || chosen === 'websocket';
    address.root.hidden = !isAddressed;
    template.root.hidden = chosen !== 'clipboard';
    automatic.root.hidden = chosen === undefined;
    withCode.root.hidden = chosen === undefined;
    address.speak(words.address);
    address.hint(isAddressed ? words.addressHint[chosen] : '');
    template.speak(words.template);
    template.hint(words.templateHint);
    automatic.speak(words.automatic);
    withCode.speak(words.withCode, words.withCodeMeans);
  }

  return {
    root,
    speak,
    fill(handOver) {
      way.input.value = handOver?.way ?? '';
      address.input.value = handOver && handOver.way !== 'clipboard' ? handOver.address : '';
      template.input.value = handOver?.way === 'clipboard' ? handOver.template : DEFAULT_TEMPLATE;
      automatic.input.checked = handOver?.automatic ?? false;
      withCode.input.checked = handOver?.withCode ?? false;
      address.refuse('');
      template.refuse('');
    },
    read(words) {
      const chosen = WAYS.find((known) => known === way.input.value);
      address.refuse('');
      template.refuse('');
      if (!chosen) return undefined;
      const read = parseHandOver({
        way: chosen,
        address: address.input.value.trim(),
        template: template.input.value,
        automatic: automatic.input.checked,
        withCode: withCode.input.checked,
      });
      if (read) return read;
      if (chosen === 'clipboard') template.refuse(words.templateFault);
      else address.refuse(words.addressFault);
      return 'refused';
    },
  };
}
