/** For a page without a bundler: `<zhengma-code>`, registered, and the keys that it signs with, in one file. */
export { exportPublicKey, generateDeviceKey, importDeviceKey } from '@zhengma/credential-core/present';
export * from './define.ts';
