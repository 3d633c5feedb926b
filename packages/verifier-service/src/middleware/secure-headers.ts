import type { Middleware } from 'koa';
import helmet from 'koa-helmet';

const YEAR_SECONDS = 365 * 24 * 3600;

/**
 * Headers for every answer. The policy is the one the scanner needs and no wider: everything from this origin, wasm,
 * workers, the camera's pictures; no inline script or style. `upgrade-insecure-requests` is left out, for the service
 * runs on http://localhost.
 *
 * @param options `isSecure`: the service is reached by https, and browsers are told to stay with it for a year;
 *   `handOverOrigins`: where the scanner, and no other page, may connect to besides, on the machine it is opened on
 */
export function secureHeaders({ isSecure, handOverOrigins }: SecureHeadersOptions): Middleware {
  const protect = createProtection(isSecure, []);
  const protectScanner = createProtection(isSecure, handOverOrigins);
  return async (context, next) => {
    context.set('Permissions-Policy', 'camera=(self), microphone=(), geolocation=()');
    // As it was sent: a target that is no address has no path, and is refused further on.
    await (context.url.startsWith('/scan/') ? protectScanner : protect)(context, next);
  };
}

interface SecureHeadersOptions {
  readonly isSecure: boolean;
  readonly handOverOrigins: readonly string[];
}

function createProtection(isSecure: boolean, connected: readonly string[]): Middleware {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'"],
        connectSrc: ["'self'", ...connected],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    // Not for other hosts below this name, which are none of our business.
    strictTransportSecurity: isSecure && { maxAge: YEAR_SECONDS, includeSubDomains: false },
    referrerPolicy: { policy: 'no-referrer' },
  });
}
