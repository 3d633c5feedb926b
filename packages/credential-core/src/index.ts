export * from './issue.ts';
export * from './present.ts';
export * from './qr.ts';
export * from './read.ts';
export * from './snapshot.ts';
export * from './verify.ts';
