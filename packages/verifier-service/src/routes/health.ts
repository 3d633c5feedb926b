import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import type { Route } from './route.ts';

const health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });

export const healthRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/healthz',
    summary: { en: 'Is the process alive', zh: '存活检查' },
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
    responses: { 200: { description: 'They should', schema: health } },
    problems: ['draining', 'store_unavailable'],
    async handle(context, deps) {
      context.set('Cache-Control', 'no-store');
      if (deps.isDraining()) throw new ServiceError('draining', 'The service is stopping.');
      await deps.store.probe();
      context.body = { status: 'ok' };
    },
  },
];
