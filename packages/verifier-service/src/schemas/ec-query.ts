import { z } from 'zod';
import { organisationId } from './access.ts';
import { scannedText } from './scanned-text.ts';

/** Regions extend the interface: members that are not known pass, and are not looked at. */
const envelope = { orgId: organisationId, extra: z.unknown().optional() };

/** Some send it here too, some leave the field empty. */
const organisationInData = z.union([organisationId, z.literal('')]).nullish();

/** `POST /localcfc/api/hsecfc/localQrCodeQuery`, once `data` is an object. */
export const ecQueryRequest = z
  .looseObject({
    ...envelope,
    transType: z.literal('ec.query'),
    data: z
      .looseObject({
        orgId: organisationInData,
        businessType: z
          .union([z.string().regex(/^\d{5}$/), z.literal('')])
          .nullish()
          .meta({ description: '用码业务类型', examples: ['01301'] }),
        ecQrCode: scannedText.meta({ description: 'What the scanner read 扫到的全文' }),
      })
      .meta({ description: 'Or the same as a text of JSON' }),
  })
  .meta({ id: 'EcQueryRequest' });

/** `POST /localcfc/api/hsecfc/localEcTokenCheck`, once `data` is an object. */
export const ecTokenCheckRequest = z
  .looseObject({
    ...envelope,
    data: z
      .looseObject({
        orgId: organisationInData,
        ecToken: z.string().max(40),
        idType: z.string().max(3),
        idNo: z.string().max(30),
        userName: z.string().max(50),
      })
      .meta({ description: 'Or the same as a text of JSON' }),
  })
  .meta({ id: 'EcTokenCheckRequest' });

const text = (most: number) => z.string().max(most);

/** With the lengths of the interface. */
export const ecPerson = z.strictObject({
  userName: text(50),
  idNo: text(30).meta({
    description: 'In full for operators with `readIdNumbers`, where identities are kept; else masked',
  }),
  idType: text(3),
  ecToken: text(40),
  insuOrg: text(6),
  authNo: text(40).meta({ description: 'The id of the receipt' }),
  ecIndexNo: text(32).meta({ description: 'The id of the credential' }),
  gender: text(3).meta({ description: '男 or 女; empty unless the number is in full' }),
  birthday: text(10).meta({ examples: ['1990.03.07'] }),
  nationality: text(40),
  email: text(40),
  extra: z.strictObject({}),
});

const answer = {
  code: z
    .int()
    .meta({ description: '0 · 500159 wrong kind · -1 not checked · -50 over · -113 token expired · -215 not valid' }),
  message: z.string(),
  orgId: z.string(),
  extra: z.strictObject({
    zhengma: z
      .looseObject({ code: z.string().meta({ description: 'The verdict or the problem in our own code' }) })
      .meta({ description: '`simulation: true` in every answer of a simulation' }),
  }),
};

export const ecQueryAnswer = z
  .strictObject({ ...answer, data: z.union([ecPerson, z.strictObject({}), z.string()]) })
  .meta({ id: 'EcQueryAnswer' });

export const ecTokenCheckAnswer = z
  .strictObject({
    ...answer,
    data: z.union([z.strictObject({ flag: z.union([z.literal(0), z.literal(1)]) }), z.strictObject({}), z.string()]),
  })
  .meta({ id: 'EcTokenCheckAnswer' });
