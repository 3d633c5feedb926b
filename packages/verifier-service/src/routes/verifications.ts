import { z } from 'zod';
import { verifyImage, verifyText } from '../actions/verify.ts';
import { parseAs } from '../schemas/parse.ts';
import { imageVerificationQuery, verificationRequest, verificationResult } from '../schemas/verification.ts';
import type { Route } from './route.ts';

const noQuery = z.strictObject({});

export const verificationRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/verifications',
    summary: { en: 'Verify a code, as text or as a picture of it', zh: '核验二维码（文本或图片）' },
    role: 'verifier',
    query: { ...imageVerificationQuery.shape },
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
      if (body?.kind === 'image') {
        const expectation = parseAs(imageVerificationQuery, { ...context.query });
        context.body = await verifyImage(body.bytes, expectation, operator, deps);
        return;
      }
      // What a caller expects must not be overlooked where it is not looked for.
      parseAs(noQuery, { ...context.query });
      const { text, ...expectation } = parseAs(verificationRequest, body?.value);
      context.body = await verifyText(text, expectation, deps);
    },
  },
];
