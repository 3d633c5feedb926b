import { asMap, asText } from '../cbor/expect.ts';
import type { CborKey, CborMap, CborValue } from '../cbor/value.ts';
import { malformed } from '../result.ts';
import { readEach } from './read-each.ts';

/** Attributes that are text (MOSIP 169 QR Code Specification 1.2.0 §3.1). */
const TEXTS = {
  id: 1,
  version: 2,
  /** ISO 639-3 */
  language: 3,
  fullName: 4,
  firstName: 5,
  middleName: 6,
  lastName: 7,
  /** `YYYYMMDD`, though issuers write `YYYY-MM-DD` too. */
  dateOfBirth: 8,
  address: 10,
  email: 11,
  phone: 12,
  nationality: 13,
  guardian: 15,
  secondaryFullName: 19,
  secondaryLanguage: 20,
  locationCode: 21,
  legalStatus: 22,
  countryOfIssuance: 23,
} as const;

/** Attributes that are numbers from a table of the specification. */
const NUMBERS = {
  /** 1 male, 2 female, 3 others */
  gender: 9,
  /** 1 unmarried, 2 married, 3 divorced */
  maritalStatus: 14,
} as const;

const PHOTO = 16;
const PHOTO_FORMAT = 17;
const BEST_QUALITY_FINGERS = 18;

/** In the order of the attributes, from 50. */
const BIOMETRICS = [
  ...['rightThumb', 'rightPointerFinger', 'rightMiddleFinger', 'rightRingFinger', 'rightLittleFinger'],
  ...['leftThumb', 'leftPointerFinger', 'leftMiddleFinger', 'leftRingFinger', 'leftLittleFinger'],
  ...['rightIris', 'leftIris', 'face', 'rightPalm', 'leftPalm', 'voice'],
];
const FIRST_BIOMETRIC = 50;

const REGISTERED = new Set<CborKey>([
  ...Object.values(TEXTS),
  ...Object.values(NUMBERS),
  PHOTO,
  PHOTO_FORMAT,
  BEST_QUALITY_FINGERS,
  ...BIOMETRICS.map((_, index) => FIRST_BIOMETRIC + index),
]);

/** The attributes that are text, as their issuer wrote them. */
type Texts = { readonly [K in keyof typeof TEXTS]?: string };
/** The attributes that are numbers of a table in the specification. */
type Numbers = { readonly [K in keyof typeof NUMBERS]?: number };

/** That there is a photo or another image of the person: how long it is, not the image, which nothing here decodes. */
export interface ImagePresence {
  /** Bytes, or characters where it is text. */
  readonly size: number;
  /** The number in the specification's table of formats. */
  readonly format?: number;
}

/** That a biometric image is there, and of what: it is not decoded. */
export interface BiometricPresence extends ImagePresence {
  /** Such as `face` or `leftThumb`. */
  readonly kind: string;
  /** The number in the specification's table of formats of that kind. */
  readonly subFormat?: number;
}

/** The identity data of claim 169; every attribute is optional there. */
export interface Claim169Identity extends Texts, Numbers {
  /** Attributes 16 and 17. */
  readonly photo?: ImagePresence;
  /** Attribute 18: the fingers whose prints are best, by their numbers in the specification. */
  readonly bestQualityFingers?: readonly number[];
  /** Attributes 50 to 65; empty where there are none. */
  readonly biometrics: readonly BiometricPresence[];
  /** Attributes that the specification does not assign, by their keys. */
  readonly other: ReadonlyMap<CborKey, CborValue>;
}

/**
 * Reads the attributes.
 *
 * @throws Refusal `malformed` for a registered one of another type
 */
export function readIdentity(map: CborMap): Claim169Identity {
  const photo = map.get(PHOTO);
  const fingers = map.get(BEST_QUALITY_FINGERS);
  return {
    ...readEach(map, TEXTS, (value, name) => asText(value, `claim 169: ${name} is no text`)),
    ...readEach(map, NUMBERS, readNumber),
    ...(photo !== undefined && { photo: readPresence(photo, map.get(PHOTO_FORMAT)) }),
    ...(fingers !== undefined && { bestQualityFingers: readFingers(fingers) }),
    biometrics: BIOMETRICS.flatMap((kind, index) => readBiometrics(kind, map.get(FIRST_BIOMETRIC + index))),
    other: new Map([...map].filter(([key]) => !REGISTERED.has(key))),
  };
}

function readNumber(value: CborValue | undefined, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw malformed(`claim 169: ${name} is no number`);
  return value;
}

/** One byte for each finger, or an array of numbers. */
function readFingers(value: CborValue): readonly number[] {
  if (value instanceof Uint8Array) return [...value];
  if (!Array.isArray(value)) throw malformed('claim 169: the best fingers are no array');
  return value.map((finger: CborValue) => readNumber(finger, 'a finger'));
}

function readPresence(data: CborValue | undefined, format: CborValue | undefined): ImagePresence {
  if (!(data instanceof Uint8Array) && typeof data !== 'string') throw malformed('claim 169: an image without data');
  return { size: data.length, ...(format !== undefined && { format: readNumber(format, 'a format') }) };
}

/** An array of maps; issuers write a single one without its array too. */
function readBiometrics(kind: string, value: CborValue | undefined): readonly BiometricPresence[] {
  if (value === undefined) return [];
  const samples: readonly CborValue[] = Array.isArray(value) ? value : [value];
  return samples.map((sample) => {
    const map = asMap(sample, 'claim 169: biometric data is no map');
    const subFormat = map.get(2);
    return {
      kind,
      ...readPresence(map.get(0), map.get(1)),
      ...(subFormat !== undefined && { subFormat: readNumber(subFormat, 'a format') }),
    };
  });
}
