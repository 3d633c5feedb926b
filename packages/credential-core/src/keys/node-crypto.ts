/** node:crypto where the runtime offers it without an import, so that one build serves Node and browsers. */
export const nodeCrypto: typeof import('node:crypto') | undefined =
  globalThis.process?.getBuiltinModule?.('node:crypto');
