import { EnvironmentError } from '../errors.ts';

const MAX_BYTES = 256 * 1024;

/**
 * The JSON at an address of an OpenID provider. No redirect is followed: what answers is what was configured. Throws
 * `EnvironmentError`, which quotes nothing of the answer.
 */
export async function fetchDocument(url: string, timeoutSeconds: number): Promise<unknown> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { Accept: 'application/json', 'Accept-Encoding': 'identity' },
      // For all of it, the body too.
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new EnvironmentError(`The OpenID provider answered ${response.status} at ${url}: check --openid-issuer.`);
    }
    return JSON.parse(await readText(response, url));
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    const what = error instanceof SyntaxError ? 'answered no JSON' : `did not answer (${nameFault(error)})`;
    throw new EnvironmentError(`The OpenID provider ${what} at ${url}: check --openid-issuer.`);
  }
}

/** Such as `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, `TimeoutError`. */
function nameFault(error: unknown): string {
  const { name, cause } = error as Error;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? name;
}

async function readText(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > MAX_BYTES) throw new EnvironmentError(`The OpenID provider answered more than 256 KiB at ${url}.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
