import type { z } from 'zod';
import { type FieldFault, ServiceError } from '../errors.ts';

const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_]{0,31}$/;

/**
 * `value` in the shape of `schema`. Throws `ServiceError` `invalid_request` with the pointer and the kind of every
 * fault. The library's own messages are not used: some quote what was sent.
 */
export function parseAs<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ServiceError('invalid_request', 'The request does not have the documented shape.', {
    faults: result.error.issues.flatMap(describeFault),
  });
}

function describeFault(issue: z.core.$ZodIssue): FieldFault[] {
  const pointer = toPointer(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        // A name that was sent is a value too, unless it looks like a name.
        pointer: PLAIN_NAME.test(key) ? `${pointer}/${key}` : pointer,
        reason: 'unknown field',
      }));
    case 'invalid_type':
      return [{ pointer, reason: `missing or not of type ${issue.expected}` }];
    case 'invalid_format':
      return [{ pointer, reason: 'wrong format' }];
    case 'too_small':
    case 'too_big':
      return [{ pointer, reason: 'too short, too long or out of range' }];
    default:
      return [{ pointer, reason: 'not an allowed value' }];
  }
}

/** JSON Pointer, RFC 6901. Every segment is a name of the schema or an array index. */
function toPointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment)}`).join('');
}
