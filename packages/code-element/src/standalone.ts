/** For a page without a bundler: `<zhengma-code>`, registered, and the keys that it signs with, in one file. */
import { defineZhengmaCode } from './index.ts';

export { exportPublicKey, generateDeviceKey, importDeviceKey } from '@zhengma/credential-core/present';
export * from './index.ts';

defineZhengmaCode();
