import type { Middleware } from 'koa';
import helmet from 'koa-helmet';

/**
 * Headers for every answer. The policy is the one the scanner needs and no wider: everything from this origin, wasm,
 * workers, the camera's pictures; no inline script or style. `upgrade-insecure-requests` is left out, for the service
 * runs on http://localhost, and HSTS belongs to whatever terminates TLS in front of it.
 */
export function secureHeaders(): Middleware {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  return async (context, next) => {
    context.set('Permissions-Policy', 'camera=(self), microphone=(), geolocation=()');
    await protect(context, next);
  };
}
