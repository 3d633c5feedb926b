import { defineZhengmaCode } from './index.ts';

export * from './index.ts';

if ('customElements' in globalThis) defineZhengmaCode();
