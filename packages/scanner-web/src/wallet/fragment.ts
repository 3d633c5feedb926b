/**
 * The credential in the address: behind the `#`, so that no server ever sees it, percent-encoded or as base64url.
 * `null` where there is none, or what is there is no text of a credential.
 *
 * @param fragment `location.hash`, with or without its `#`
 */
export function readFragment(fragment: string): string | null {
  const raw = fragment.replace(/^#/, '');
  // Base45 uses `%` and the space, which links mangle: hence an encoding is required, and both usual ones are taken.
  return asCredentialText(decodePercent(raw)) ?? asCredentialText(decodeBase64url(raw));
}

/** The credential in what somebody pasted: its text, or a link to this page. `null` where there is none. */
export function readPasted(pasted: string): string | null {
  const text = pasted.trim();
  const fragment = text.indexOf('#');
  return asCredentialText(text) ?? (fragment < 0 ? null : readFragment(text.slice(fragment)));
}

function asCredentialText(text: string | null): string | null {
  return text !== null && /^ZM\d:/.test(text) ? text : null;
}

function decodePercent(raw: string): string | null {
  try {
    return decodeURIComponent(raw);
  } catch {
    return null;
  }
}

function decodeBase64url(raw: string): string | null {
  try {
    return atob(raw.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return null;
  }
}
