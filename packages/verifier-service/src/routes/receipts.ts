import { z } from 'zod';
import { createChallenge } from '../actions/challenges.ts';
import { listReceiptKeys } from '../actions/receipt-keys.ts';
import { findReceipt } from '../actions/verify-once.ts';
import { parseAs } from '../schemas/parse.ts';
import { givenChallenge, receiptId, receiptKeys, signedReceipt } from '../schemas/receipt.ts';
import { describeReceipt } from './describe-receipt.ts';
import { type Route, requireOperator } from './route.ts';

const noQuery = z.strictObject({});

export const receiptRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/challenges',
    summary: { en: 'A challenge for a holder’s device to answer', zh: '获取挑战值，由持有人设备应答' },
    role: 'verifier',
    responses: { 200: { description: 'For this organisation, for 300 seconds', schema: givenChallenge } },
    problems: [],
    async handle(context, deps) {
      const { challenge, expiresAt } = await createChallenge(requireOperator(context).organisation, deps);
      context.set('Cache-Control', 'no-store');
      context.body = { challenge: Buffer.from(challenge).toString('base64url'), expiresAt };
    },
  },
  {
    method: 'get',
    path: '/v1/receipts/:id',
    summary: { en: 'A receipt of your organisation', zh: '本机构的回执' },
    role: 'verifier',
    parameters: { id: receiptId },
    responses: { 200: { description: 'As it was answered with the verification', schema: signedReceipt } },
    problems: ['invalid_request', 'receipt_not_found'],
    async handle(context, deps) {
      parseAs(noQuery, { ...context.query });
      const id = parseAs(receiptId, context.params['id']);
      context.set('Cache-Control', 'no-store');
      context.body = describeReceipt(await findReceipt(id, requireOperator(context), deps));
    },
  },
  {
    method: 'get',
    path: '/v1/receipt-keys',
    summary: { en: 'The keys that sign receipts', zh: '回执签名公钥' },
    crossOrigin: true,
    responses: { 200: { description: 'Every key that ever signed one, oldest first', schema: receiptKeys } },
    problems: [],
    async handle(context, deps) {
      const keys = await listReceiptKeys(deps);
      context.set('Cache-Control', 'no-cache');
      context.body = { keys: keys.map((key) => Buffer.from(key).toString('base64url')) };
    },
  },
];
