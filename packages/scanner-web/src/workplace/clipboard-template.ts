/** What a template can name: each is the text of one place of what is handed over, empty where there is none. */
export const PLACEHOLDERS = [
  'receipt',
  'tone',
  'code',
  'checkedAt',
  'businessType',
  'operator',
  'window',
  'name',
  'idNumber',
  'text',
] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

/** The fields of one row, as a table or a program takes them. */
export const DEFAULT_TEMPLATE =
  '{receipt:csv},{tone:csv},{code:csv},{businessType:csv},{operator:csv},{name:csv},{idNumber:csv}';

const MAX_TEMPLATE = 1_000;

/** `{name}` plain, `{name:csv}` a quoted field, `{name:json}` a string with its quotes. */
const PLACE = /\{([A-Za-z]+)(?::([a-z]+))?\}/g;

const WRITE = {
  // What ends a line or jumps to the next field of a form is no part of a value.
  plain: (value: string) => value.replaceAll(/\p{C}+/gu, ' '),
  csv: writeCsvField,
  json: (value: string) => JSON.stringify(value),
} as const;

/** Whether a template can be filled: it names something, and nothing that there is not. */
export function isGoodTemplate(template: string): boolean {
  const places = [...template.matchAll(PLACE)];
  return (
    template.length <= MAX_TEMPLATE &&
    places.length > 0 &&
    places.every(([, name = '', form = 'plain']) => isPlaceholder(name) && Object.hasOwn(WRITE, form))
  );
}

/** @param template one that `isGoodTemplate` */
export function fillTemplate(template: string, values: Readonly<Record<Placeholder, string>>): string {
  return template.replaceAll(PLACE, (_, name: Placeholder, form: keyof typeof WRITE = 'plain') =>
    WRITE[form](values[name]),
  );
}

function isPlaceholder(name: string): name is Placeholder {
  return PLACEHOLDERS.some((known) => known === name);
}

/** A spreadsheet takes what begins so for a formula: an apostrophe in front keeps it a text. */
function writeCsvField(value: string): string {
  const text = WRITE.plain(value);
  return `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
