import { z } from 'zod';
import { type RecordedResult, verifyOnce } from '../actions/verify-once.ts';
import { parseAs } from '../schemas/parse.ts';
import { imageVerificationQuery, verificationRequest, verificationResult } from '../schemas/verification.ts';
import { describeReceipt } from './describe-receipt.ts';
import { type Route, requireCaller } from './route.ts';

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
      'challenge_expired',
      'challenge_not_ours',
      'image_too_large',
      'unreadable_image',
      'no_code_found',
      'several_codes',
      'image_too_slow',
      'too_many_images',
      'image_queue_full',
      'clock_behind',
      'lists_unusable',
    ],
    async handle(context, deps) {
      const { body } = context.state;
      const by = requireCaller(context);
      if (body?.kind === 'image') {
        const expectation = parseAs(imageVerificationQuery, { ...context.query });
        context.body = describeResult(await verifyOnce(body.bytes, expectation, by, deps));
        return;
      }
      // What a caller expects must not be overlooked where it is not looked for.
      parseAs(noQuery, { ...context.query });
      const { text, ...expectation } = parseAs(verificationRequest, body?.value);
      context.body = describeResult(await verifyOnce(text, expectation, by, deps));
    },
  },
];

function describeResult(result: RecordedResult): object {
  return result.ok ? { ...result, receipt: describeReceipt(result.receipt) } : result;
}
