import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import type { Route } from './route.ts';

const health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });

const freshness = z.strictObject({ issuedAt: z.iso.datetime(), expiresAt: z.iso.datetime() });

const readiness = z
  .strictObject({
    status: z.literal('ok'),
    trustList: freshness,
    statusList: freshness.optional(),
    snapshot: freshness,
  })
  .meta({ id: 'Readiness', description: 'The database answers, the keys work, the lists verify: how fresh they are' });

/** For whatever watches the service: no limit counts these, so that a load balancer never takes a busy node for a dead one. */
export const healthRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/healthz',
    summary: { en: 'Is the process alive', zh: '存活检查' },
    unlimited: true,
    responses: { 200: { description: 'It is', schema: health } },
    problems: [],
    async handle(context) {
      context.body = { status: 'ok' };
    },
  },
  {
    method: 'get',
    path: '/readyz',
    summary: { en: 'Should requests be sent here', zh: '就绪检查' },
    unlimited: true,
    responses: { 200: { description: 'They should', schema: readiness } },
    problems: ['draining', 'store_unavailable', 'clock_behind', 'signing_key_unavailable', 'lists_unusable'],
    async handle(context, deps) {
      context.set('Cache-Control', 'no-store');
      if (deps.isDraining()) throw new ServiceError('draining', 'The service is stopping.');
      context.body = { status: 'ok', ...(await deps.checkReadiness()) };
    },
  },
];
