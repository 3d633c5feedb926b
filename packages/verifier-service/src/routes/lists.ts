import { z } from 'zod';
import { listRoots, listStatusListUris, publishStatusList, publishTrustList } from '../actions/publish-lists.ts';
import { ServiceError } from '../errors.ts';
import { namesEntity } from '../http/entity-tag.ts';
import type { SignedList } from '../lists/signed-list.ts';
import type { Route, RouteContext } from './route.ts';

const LIST_NUMBER = /^[1-9]\d{0,8}$/;

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
