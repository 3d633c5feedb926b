import { z } from 'zod';
import { addOfflineKey, listOfflineKeys, withdrawOfflineKey } from '../actions/offline-keys.ts';
import { recordOfflineReceipts } from '../actions/offline-receipts.ts';
import {
  newOfflineKey,
  offlineKey,
  offlineKeyId,
  offlineKeyQuery,
  offlineReceiptResults,
  offlineReceipts,
} from '../schemas/offline.ts';
import { parseAs } from '../schemas/parse.ts';
import type { OfflineKey } from '../stores/offline.ts';
import { type Route, readJson, requireCaller } from './route.ts';

/** What was verified without the network: devices that sign receipts of it, and the receipts, uploaded later. */
export const offlineRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/offline-keys',
    summary: { en: 'The devices of an operator that sign receipts offline', zh: '操作员的离线签名设备' },
    role: 'verifier',
    query: offlineKeyQuery.shape,
    responses: { 200: { description: 'Oldest first', schema: z.strictObject({ keys: z.array(offlineKey) }) } },
    problems: ['invalid_request', 'operator_not_found'],
    async handle(context, deps) {
      const { operator } = parseAs(offlineKeyQuery, { ...context.query });
      context.body = { keys: (await listOfflineKeys(operator, requireCaller(context), deps)).map(describeKey) };
    },
  },
  {
    method: 'post',
    path: '/v1/offline-keys',
    summary: { en: 'Register a device that signs receipts offline', zh: '登记离线签名设备' },
    role: 'verifier',
    body: { json: newOfflineKey },
    responses: { 200: { description: 'The caller’s from now on', schema: offlineKey } },
    problems: ['offline_key_taken', 'too_many_offline_keys'],
    async handle(context, deps) {
      const { publicKey } = parseAs(newOfflineKey, readJson(context));
      context.body = describeKey(await addOfflineKey(publicKey, requireCaller(context), deps));
    },
  },
  {
    method: 'post',
    path: '/v1/offline-keys/:id/withdrawal',
    summary: { en: 'Take no more receipts of a device', zh: '停用离线签名设备' },
    role: 'verifier',
    parameters: { id: offlineKeyId },
    responses: { 200: { description: 'As it is now', schema: offlineKey } },
    problems: ['invalid_request', 'offline_key_not_found'],
    async handle(context, deps) {
      const id = parseAs(offlineKeyId, context.params['id']);
      context.body = describeKey(await withdrawOfflineKey(id, requireCaller(context), deps));
    },
  },
  {
    method: 'post',
    path: '/v1/receipts',
    summary: { en: 'Upload receipts that were signed offline', zh: '上传离线回执并核对' },
    role: 'verifier',
    body: { json: offlineReceipts },
    responses: {
      200: { description: 'What became of each; repeat what was not answered', schema: offlineReceiptResults },
    },
    problems: ['operator_not_found'],
    async handle(context, deps) {
      const given = parseAs(offlineReceipts, readJson(context));
      context.set('Cache-Control', 'no-store');
      context.body = { results: await recordOfflineReceipts(given, requireCaller(context), deps) };
    },
  },
];

function describeKey({ publicKey: _, ...key }: OfflineKey): object {
  return key;
}
