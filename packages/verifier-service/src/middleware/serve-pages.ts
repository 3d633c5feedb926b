import type { Middleware } from 'koa';
import { ServiceError } from '../errors.ts';
import { namesEntity } from '../http/entity-tag.ts';
import type { RequestState } from '../http/request-state.ts';
import type { StaticFile } from '../pages/static-files.ts';

const PAGES = ['/scan', '/wallet', '/admin'];

/** Serves the scanner, the holder's page and that of the administration at the addresses that no route has. */
export function servePages(files: ReadonlyMap<string, StaticFile>): Middleware<RequestState> {
  return async (context, next) => {
    if (context.method !== 'GET' && context.method !== 'HEAD') return next();
    const page = PAGES.find((folder) => context.path === folder);
    // Browsers keep the fragment over a redirect: the credential in it stays with them.
    if (page) return context.redirect(`${page}/`);
    const file = files.get(context.path);
    if (!file) {
      if (PAGES.some((folder) => context.path === `${folder}/`)) {
        throw new ServiceError(
          'pages_not_built',
          'The scanner pages are not built: run npm run build, then start again.',
        );
      }
      return next();
    }
    context.state.routePattern = 'page';
    // What is the same for everybody tells nothing by its length.
    const gzipped = context.acceptsEncodings('gzip', 'identity') === 'gzip' ? await file.gzipped() : undefined;
    const { bytes, etag } = gzipped ?? file;
    context.vary('Accept-Encoding');
    context.set('ETag', etag);
    context.set('Cache-Control', file.cacheControl);
    if (namesEntity(context.get('If-None-Match'), etag)) {
      context.status = 304;
      return;
    }
    context.type = file.mediaType;
    if (gzipped) context.set('Content-Encoding', 'gzip');
    context.body = bytes;
  };
}
