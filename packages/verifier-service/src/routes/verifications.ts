import { Readable } from 'node:stream';
import { z } from 'zod';
import { runInOrder } from '../actions/in-order.ts';
import { type RecordedResult, verifyOnce } from '../actions/verify-once.ts';
import { ServiceError } from '../errors.ts';
import { parseJson } from '../http/json-bytes.ts';
import { toProblem } from '../problem.ts';
import { parseAs } from '../schemas/parse.ts';
import { imageVerificationQuery, verificationRequest, verificationResult } from '../schemas/verification.ts';
import type { Caller } from '../stores/access.ts';
import { describeReceipt } from './describe-receipt.ts';
import { type Route, type RouteDeps, requireCaller } from './route.ts';

/** Lines of one batch that are worked on at once: as many are committed together, and others are served between. */
const LINES_AT_ONCE = 64;
const MAX_LINE_BYTES = 8 * 1024;

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
      'made_before_restore',
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
      const { text, ...expectation } = parseAs(verificationRequest, body?.kind === 'json' ? body.value : undefined);
      context.body = describeResult(await verifyOnce(text, expectation, by, deps));
    },
  },
  {
    method: 'post',
    path: '/v1/verifications/batch',
    summary: { en: 'Verify up to 1 000 codes, one JSON text a line', zh: '批量核验（每行一条，至多 1000 条）' },
    role: 'verifier',
    body: { json: verificationRequest, lines: true },
    responses: {
      200: {
        description: 'Streamed in the order of the lines: of each the verdict, or the problem that it alone has',
        schema: verificationResult,
        lines: true,
      },
    },
    problems: [],
    async handle(context, deps) {
      const { body, requestId } = context.state;
      parseAs(noQuery, { ...context.query });
      const by = requireCaller(context);
      const lines = body?.kind === 'lines' ? body.lines : [];
      context.set('Cache-Control', 'no-store');
      context.type = 'application/x-ndjson';
      context.body = Readable.from(
        runInOrder(lines, LINES_AT_ONCE, async (line) => {
          const answer = await verifyLine(line, by, deps).catch((error: unknown) => {
            const problem = toProblem(error);
            if (problem.status >= 500) deps.reportFault(requestId, error);
            return problem;
          });
          return `${JSON.stringify(answer)}\n`;
        }),
      );
    },
  },
];

async function verifyLine(line: Uint8Array, by: Caller, deps: RouteDeps): Promise<object> {
  if (line.length > MAX_LINE_BYTES) {
    throw new ServiceError('body_too_large', `The line is larger than ${MAX_LINE_BYTES} bytes.`);
  }
  const { text, ...expectation } = parseAs(verificationRequest, parseJson(line, 'line'));
  return describeResult(await verifyOnce(text, expectation, by, deps));
}

function describeResult(result: RecordedResult): object {
  return result.ok ? { ...result, receipt: describeReceipt(result.receipt) } : result;
}
