import {
  type DeviceKey,
  exportPublicKey,
  generateDeviceKey,
  type PresentOptions,
  presentCredential,
} from '@zhengma/credential-core/present';
import { PERSON } from './people.ts';
import { post } from './service.ts';

/** A device with a credential of its own. */
export interface Holder {
  /** A presentation; each `audience` makes another code, also within one second. */
  show(options?: Partial<PresentOptions>): Promise<string>;
  readonly id: string;
  /** The credential itself, which nobody shows. */
  readonly text: string;
}

/** Issues a credential to a new device. */
export async function issueToDevice(url: string, issuerKey: string, change: object = {}): Promise<Holder> {
  const device: DeviceKey = await generateDeviceKey();
  const holderKey = Buffer.from(exportPublicKey(device)).toString('base64url');
  const answer = await post(`${url}/v1/credentials`, issuerKey, { claims: PERSON, holderKey, ...change });
  if (answer.status !== 201) throw new Error(answer.body.code);
  return {
    id: answer.body.id,
    text: answer.body.text,
    show: async (options) =>
      (await presentCredential(answer.body.text, device, { currentDate: new Date(), ...options })).text,
  };
}
