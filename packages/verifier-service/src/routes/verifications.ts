import { verifyImage, verifyText } from '../actions/verify.ts';
import { parseAs } from '../schemas/parse.ts';
import { verificationRequest, verificationResult } from '../schemas/verification.ts';
import type { Route } from './route.ts';

export const verificationRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/verifications',
    summary: { en: 'Verify a code, as text or as a picture of it', zh: '核验二维码（文本或图片）' },
    role: 'verifier',
    body: { json: verificationRequest, image: true },
    responses: {
      200: { description: 'The verdict; a code that is not valid is `ok: false`', schema: verificationResult },
    },
    problems: [
      'image_too_large',
      'unreadable_image',
      'no_code_found',
      'several_codes',
      'image_too_slow',
      'too_many_images',
      'image_queue_full',
      'clock_behind',
    ],
    async handle(context, deps) {
      const { body, operator = '' } = context.state;
      context.body =
        body?.kind === 'image'
          ? await verifyImage(body.bytes, operator, deps)
          : await verifyText(parseAs(verificationRequest, body?.value).text, deps);
    },
  },
];
