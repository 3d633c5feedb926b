import { z } from 'zod';
import {
  addApiKey,
  addLinkedOperator,
  addOperator,
  addOrganisation,
  linkSubject,
  setOperatorDisabled,
  setOrganisationDisabled,
  unlinkSubject,
  withdrawApiKeys,
} from '../actions/organisations.ts';
import {
  accessChange,
  addedOperator,
  apiKey,
  listedOperator,
  newOperator,
  newOrganisation,
  operator,
  operatorId,
  organisation,
  organisationId,
  subjectLink,
} from '../schemas/access.ts';
import { parseAs } from '../schemas/parse.ts';
import { type Route, readJson, requireCaller, requireOperator } from './route.ts';

/** Who may do what: an administrator's, in their own organisation and below. Auditors read whose names the audit has. */
export const accessRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/operator',
    summary: { en: 'Whose API key this is', zh: '当前 API 密钥的操作员' },
    role: ['issuer', 'verifier', 'auditor'],
    responses: { 200: { description: 'As they are at this moment', schema: operator } },
    problems: [],
    async handle(context) {
      context.set('Cache-Control', 'no-store');
      context.body = requireOperator(context);
    },
  },
  {
    method: 'get',
    path: '/v1/organisations',
    summary: { en: 'Your organisation and all below it', zh: '本机构及下级机构' },
    role: ['auditor', 'administrator'],
    responses: {
      200: {
        description: 'In the order of their codes',
        schema: z.strictObject({ organisations: z.array(organisation) }),
      },
    },
    problems: [],
    async handle(context, deps) {
      const organisations = await deps.store.organisationsWithin(requireCaller(context).organisation);
      context.body = { organisations };
    },
  },
  {
    method: 'post',
    path: '/v1/organisations',
    summary: { en: 'Add an organisation below one of yours', zh: '新增下级机构' },
    role: 'administrator',
    body: { json: newOrganisation },
    responses: { 201: { description: 'Added', schema: organisation } },
    problems: ['organisation_not_found', 'organisation_exists'],
    async handle(context, deps) {
      const given = parseAs(newOrganisation, readJson(context));
      context.status = 201;
      context.body = await addOrganisation(given, requireCaller(context), deps);
    },
  },
  {
    method: 'post',
    path: '/v1/organisations/:id/access',
    summary: { en: 'Shut an organisation out with all below it, or let it in again', zh: '停用或启用机构（含下级）' },
    role: 'administrator',
    parameters: { id: organisationId },
    body: { json: accessChange },
    responses: { 200: { description: 'As it is now', schema: organisation } },
    problems: ['organisation_not_found', 'own_access', 'out_of_scope'],
    async handle(context, deps) {
      const { disabled } = parseAs(accessChange, readJson(context));
      const id = parseAs(organisationId, context.params['id']);
      context.body = await setOrganisationDisabled(id, disabled, requireCaller(context), deps);
    },
  },
  {
    method: 'get',
    path: '/v1/operators',
    summary: { en: 'The operators of your organisation and of all below it', zh: '本机构及下级机构的操作员' },
    role: ['auditor', 'administrator'],
    responses: {
      200: {
        description: 'In the order of their names',
        schema: z.strictObject({ operators: z.array(listedOperator) }),
      },
    },
    problems: [],
    async handle(context, deps) {
      context.body = { operators: await deps.store.operatorsWithin(requireCaller(context).organisation) };
    },
  },
  {
    method: 'post',
    path: '/v1/operators',
    summary: {
      en: 'Add an operator, with an API key or linked to a subject',
      zh: '新增操作员（API 密钥或关联登录主体）',
    },
    role: 'administrator',
    body: { json: newOperator },
    responses: { 201: { description: 'Added', schema: addedOperator } },
    problems: ['organisation_not_found', 'out_of_scope', 'subject_taken', 'openid_not_set_up'],
    async handle(context, deps) {
      const { subject, ...given } = parseAs(newOperator, readJson(context));
      const by = requireCaller(context);
      context.set('Cache-Control', 'no-store');
      context.status = 201;
      context.body = await (subject === undefined
        ? addOperator(given, by, deps)
        : addLinkedOperator({ ...given, subject }, by, deps));
    },
  },
  {
    method: 'post',
    path: '/v1/operators/:id/access',
    summary: { en: 'Shut an operator out, or let them in again', zh: '停用或启用操作员' },
    role: 'administrator',
    parameters: { id: operatorId },
    body: { json: accessChange },
    responses: { 200: { description: 'As they are now', schema: operator } },
    problems: ['operator_not_found', 'own_access', 'out_of_scope'],
    async handle(context, deps) {
      const { disabled } = parseAs(accessChange, readJson(context));
      const id = parseAs(operatorId, context.params['id']);
      context.body = await setOperatorDisabled(id, disabled, requireCaller(context), deps);
    },
  },
  {
    method: 'post',
    path: '/v1/operators/:id/keys',
    summary: { en: 'A further API key for an operator', zh: '为操作员新增 API 密钥' },
    role: 'administrator',
    parameters: { id: operatorId },
    responses: { 201: { description: 'In addition to those they have', schema: z.strictObject({ apiKey }) } },
    problems: ['operator_not_found', 'out_of_scope'],
    async handle(context, deps) {
      const id = parseAs(operatorId, context.params['id']);
      context.set('Cache-Control', 'no-store');
      context.status = 201;
      context.body = await addApiKey(id, requireCaller(context), deps);
    },
  },
  {
    method: 'post',
    path: '/v1/operators/:id/keys/withdrawal',
    summary: { en: 'End all API keys of an operator', zh: '作废操作员的全部 API 密钥' },
    role: 'administrator',
    parameters: { id: operatorId },
    responses: {
      200: { description: 'How many there were', schema: z.strictObject({ withdrawn: z.int() }) },
    },
    problems: ['operator_not_found'],
    async handle(context, deps) {
      const id = parseAs(operatorId, context.params['id']);
      context.body = await withdrawApiKeys(id, requireCaller(context), deps);
    },
  },
  {
    method: 'post',
    path: '/v1/operators/:id/subject',
    summary: {
      en: 'Link an operator to a subject of the OpenID provider, in place of the one before',
      zh: '关联操作员与 OpenID 登录主体（替换原关联）',
    },
    role: 'administrator',
    parameters: { id: operatorId },
    body: { json: subjectLink },
    responses: { 200: { description: 'Whom tokens of the subject let in from now on', schema: operator } },
    problems: ['operator_not_found', 'out_of_scope', 'subject_taken', 'openid_not_set_up'],
    async handle(context, deps) {
      const { subject } = parseAs(subjectLink, readJson(context));
      const id = parseAs(operatorId, context.params['id']);
      context.body = await linkSubject(id, subject, requireCaller(context), deps);
    },
  },
  {
    method: 'post',
    path: '/v1/operators/:id/subject/removal',
    summary: { en: 'End that link', zh: '取消关联' },
    role: 'administrator',
    parameters: { id: operatorId },
    responses: {
      200: { description: 'Whether there was one', schema: z.strictObject({ unlinked: z.boolean() }) },
    },
    problems: ['operator_not_found'],
    async handle(context, deps) {
      const id = parseAs(operatorId, context.params['id']);
      context.body = await unlinkSubject(id, requireCaller(context), deps);
    },
  },
];
