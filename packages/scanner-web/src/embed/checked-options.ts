/** A root key as the service names it: a COSE_Key in base64url. */
const ROOT = /^[\w-]{20,400}$/;

const BUSINESS_TYPE = /^\d{5}$/;

/**
 * The address of a service as its client takes it, without a slash at the end; empty for that of the page.
 *
 * @throws TypeError for what is no address by http or https
 */
export function readServiceAddress(address: string | undefined): string {
  if (!address) return '';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new TypeError('service must be an address by http or https');
  }
  return url.href.replace(/\/$/, '');
}

/** @throws TypeError for what are no root keys: a scanner that pins nothing by mistake would trust whoever answers first */
export function readRoots(roots: readonly string[] | undefined): readonly string[] | undefined {
  if (roots === undefined) return undefined;
  const areKeys = Array.isArray(roots) && roots.length > 0 && roots.every((root) => ROOT.test(root));
  if (!areKeys) throw new TypeError('roots must be keys as the service names them under /v1/roots');
  return [...roots];
}

/** @throws TypeError for what is no businessType */
export function readBusinessType(code: string | undefined): string | undefined {
  if (code !== undefined && !BUSINESS_TYPE.test(code)) throw new TypeError('businessType must be five digits');
  return code;
}
