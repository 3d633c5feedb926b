/** For a page without a bundler: `<zhengma-scanner>`, registered, and the scanner without a face, in one file. */
export * from './define.ts';
export * from './index.ts';
