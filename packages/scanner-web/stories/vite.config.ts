import { join } from 'node:path';
import { defineConfig } from 'vite';
import pages from '../vite.config.ts';

/** The page of stories, which is never served: built as the pages are, but without their service workers. */
export default defineConfig({
  ...pages,
  plugins: [],
  build: { ...pages.build, rolldownOptions: { input: join(import.meta.dirname, 'index.html') } },
});
