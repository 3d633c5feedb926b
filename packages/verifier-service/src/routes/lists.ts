import { z } from 'zod';
import { listRoots, listStatusListUris, publishStatusList, publishTrustList } from '../actions/publish-lists.ts';
import { publishSnapshot, publishSnapshotDelta } from '../actions/publish-snapshots.ts';
import { ServiceError } from '../errors.ts';
import { namesEntity } from '../http/entity-tag.ts';
import type { SignedList } from '../lists/signed-list.ts';
import type { Route, RouteContext } from './route.ts';

const LIST_NUMBER = /^[1-9]\d{0,8}$/;
const SEQUENCE = /^[1-9]\d{0,14}$/;
const SNAPSHOT_TYPE = 'application/zhengma-revocation-snapshot+cwt';

const statusListUris = z
  .strictObject({ status_lists: z.array(z.url()) })
  .meta({ id: 'StatusListAggregation', description: 'Token Status List, aggregation' });

const roots = z
  .strictObject({ roots: z.array(z.string().meta({ description: 'COSE_Key, base64url' })) })
  .meta({ id: 'Roots' });

const listNumber = z
  .string()
  .regex(LIST_NUMBER)
  .meta({ description: 'The number of the list', examples: ['1'] });

const sequence = z
  .string()
  .regex(SEQUENCE)
  .meta({ description: 'The sequence of the snapshot that the caller has', examples: ['1'] });

/** What scanners live on: public, signed, the same for everybody. */
export const listRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/roots',
    summary: { en: 'The root keys to pin', zh: '根公钥' },
    crossOrigin: true,
    responses: { 200: { description: 'The keys that sign the trust list', schema: roots } },
    problems: [],
    async handle(context, deps) {
      const keys = await listRoots(deps);
      context.set('Cache-Control', 'no-cache');
      context.body = { roots: keys.map((key) => Buffer.from(key).toString('base64url')) };
    },
  },
  {
    method: 'get',
    path: '/v1/trust-list',
    summary: { en: 'The signed trust list', zh: '签名的信任名单' },
    crossOrigin: true,
    responses: {
      200: { description: 'COSE_Sign1 by a root key', mediaType: 'application/cose' },
      304: { description: 'Still the list of this ETag' },
    },
    problems: [],
    async handle(context, deps) {
      sendList(context, await publishTrustList(deps), 'application/cose');
    },
  },
  {
    method: 'get',
    path: '/v1/status-lists',
    summary: { en: 'The addresses of all status lists', zh: '全部状态名单的地址' },
    crossOrigin: true,
    responses: { 200: { description: 'Every list', schema: statusListUris } },
    problems: [],
    async handle(context, deps) {
      context.set('Cache-Control', 'no-cache');
      context.body = { status_lists: await listStatusListUris(deps) };
    },
  },
  {
    method: 'get',
    path: '/v1/status-lists/:id',
    summary: { en: 'A signed status list, as of now', zh: '签名的状态名单（即时）' },
    crossOrigin: true,
    parameters: { id: listNumber },
    responses: {
      200: { description: 'Token Status List as a CWT', mediaType: 'application/statuslist+cwt' },
      304: { description: 'Still the list of this ETag' },
    },
    problems: ['status_list_not_found', 'clock_behind'],
    async handle(context, deps) {
      const id = context.params['id'] ?? '';
      if (!LIST_NUMBER.test(id)) {
        throw new ServiceError('status_list_not_found', 'There is no status list with this number.');
      }
      sendList(context, await publishStatusList(Number(id), deps), 'application/statuslist+cwt');
    },
  },
  {
    method: 'get',
    path: '/v1/revocation-snapshot',
    summary: { en: 'All status lists in one signed file', zh: '全部状态名单的签名快照' },
    crossOrigin: true,
    responses: {
      200: { description: 'As of its issue time; a delta has what changed since', mediaType: SNAPSHOT_TYPE },
      304: { description: 'Still the snapshot of this ETag' },
    },
    problems: ['clock_behind'],
    async handle(context, deps) {
      sendList(context, await publishSnapshot(deps), SNAPSHOT_TYPE);
    },
  },
  {
    method: 'get',
    path: '/v1/revocation-snapshot/deltas/:base',
    summary: { en: 'What changed since a snapshot, as of now', zh: '自某一快照以来的变更（即时）' },
    crossOrigin: true,
    parameters: { base: sequence },
    responses: {
      200: { description: 'A signed delta to that snapshot', mediaType: SNAPSHOT_TYPE },
      304: { description: 'Still the delta of this ETag' },
    },
    problems: ['snapshot_not_found', 'clock_behind'],
    async handle(context, deps) {
      const base = context.params['base'] ?? '';
      if (!SEQUENCE.test(base)) throw new ServiceError('snapshot_not_found', 'There is no snapshot of this sequence.');
      sendList(context, await publishSnapshotDelta(Number(base), deps), SNAPSHOT_TYPE);
    },
  },
];

function sendList(context: RouteContext, list: SignedList, mediaType: string): void {
  // `no-cache`: kept by everybody, used by nobody without asking. A revocation must not wait for somebody's cache.
  context.set('Cache-Control', 'no-cache');
  context.set('ETag', list.etag);
  context.set('Last-Modified', list.issuedAt.toUTCString());
  if (namesEntity(context.get('If-None-Match'), list.etag)) {
    context.status = 304;
    return;
  }
  context.type = mediaType;
  context.body = Buffer.from(list.bytes);
}
