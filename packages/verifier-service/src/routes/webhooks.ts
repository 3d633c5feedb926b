import { z } from 'zod';
import { addWebhook, listDeliveries, removeWebhook } from '../actions/webhooks.ts';
import { parseAs } from '../schemas/parse.ts';
import { addedWebhook, delivery, deliveryQuery, newWebhook, webhook, webhookId } from '../schemas/webhook.ts';
import { type Route, readJson, requireCaller } from './route.ts';

/** Who is told what was done: an administrator's, in their own organisation and below. */
export const webhookRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/webhooks',
    summary: { en: 'The endpoints of your organisation and of all below it', zh: '本机构及下级机构的回调地址' },
    role: 'administrator',
    responses: { 200: { description: 'Oldest first', schema: z.strictObject({ webhooks: z.array(webhook) }) } },
    problems: [],
    async handle(context, deps) {
      context.body = { webhooks: await deps.store.webhooksWithin(requireCaller(context).organisation) };
    },
  },
  {
    method: 'post',
    path: '/v1/webhooks',
    summary: { en: 'Register an endpoint that is told what was done', zh: '登记回调地址' },
    role: 'administrator',
    body: { json: newWebhook },
    responses: { 201: { description: 'Told of everything from now on', schema: addedWebhook } },
    problems: ['organisation_not_found', 'too_many_webhooks'],
    async handle(context, deps) {
      const given = parseAs(newWebhook, readJson(context));
      context.set('Cache-Control', 'no-store');
      context.status = 201;
      context.body = await addWebhook(given, requireCaller(context), deps);
    },
  },
  {
    method: 'post',
    path: '/v1/webhooks/:id/removal',
    summary: { en: 'Remove an endpoint, with all messages to it', zh: '删除回调地址及其消息' },
    role: 'administrator',
    parameters: { id: webhookId },
    responses: { 200: { description: 'As it was', schema: webhook } },
    problems: ['invalid_request', 'webhook_not_found'],
    async handle(context, deps) {
      const id = parseAs(webhookId, context.params['id']);
      context.body = await removeWebhook(id, requireCaller(context), deps);
    },
  },
  {
    method: 'get',
    path: '/v1/webhooks/:id/deliveries',
    summary: { en: 'The messages to an endpoint', zh: '回调消息的投递情况' },
    role: 'administrator',
    parameters: { id: webhookId },
    query: deliveryQuery.shape,
    responses: {
      200: { description: 'Newest first', schema: z.strictObject({ deliveries: z.array(delivery) }) },
    },
    problems: ['invalid_request', 'webhook_not_found'],
    async handle(context, deps) {
      const search = parseAs(deliveryQuery, { ...context.query });
      const id = parseAs(webhookId, context.params['id']);
      context.set('Cache-Control', 'no-store');
      context.body = { deliveries: await listDeliveries(id, search, requireCaller(context), deps) };
    },
  },
];
