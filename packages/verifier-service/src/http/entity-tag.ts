/**
 * Whether `If-None-Match` names `etag` (RFC 9110 §13.1.2, weak comparison). Not Koa's `fresh`, which answers no to
 * `Cache-Control: no-cache`: browsers add that to every fetch whose page sets `If-None-Match` itself, as a scanner does.
 */
export function namesEntity(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}
