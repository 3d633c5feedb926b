import { ZhengmaScannerElement } from './zhengma-scanner.ts';

export * from './element.ts';

if ('customElements' in globalThis && !customElements.get('zhengma-scanner')) {
  customElements.define('zhengma-scanner', ZhengmaScannerElement);
}
