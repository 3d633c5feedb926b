import {
  ASSISTANCE_CLASSES,
  type CodeTable,
  ENROLMENTS,
  isValidIdNumber,
  PERSON_CLASSES,
  SCHEMES,
} from '@zhengma/credential-core/codes';
import type { IssueRequest, ServiceFailure } from '@zhengma/verifier-service/client';
import { element } from '../look/element.ts';
import { languageOfTables } from '../words/language.ts';
import { describeFailure } from './failure.ts';
import {
  createChoice,
  createField,
  createForm,
  createNotice,
  createSelect,
  createSubmit,
  createTextField,
  type Field,
  focusFault,
} from './field.ts';
import { renderIssued } from './issued-sheet.ts';
import type { Panel, Ways } from './panel.ts';
import type { Session } from './session.ts';
import { say } from './spoken.ts';
import { startOfDay } from './time.ts';

const REGION = /^\d{6}$/;
const HOLDER_KEY = /^[A-Za-z0-9_-]{43,128}$/;
const MAX_YEARS = 5;

/** Issues a credential and shows it once. */
export function createIssuePanel({ client, hear }: Session, ways: Ways): Panel {
  const name = createTextField({ id: 'name', label: ({ issue }) => issue.name, maxLength: 50 });
  const idNumber = createTextField({
    id: 'id-number',
    label: ({ issue }) => issue.idNumber,
    maxLength: 18,
    isCode: true,
  });
  const region = createTextField({
    id: 'region',
    label: ({ issue }) => issue.region,
    hint: ({ issue }) => issue.regionHint,
    maxLength: 6,
    isCode: true,
  });
  region.input.inputMode = 'numeric';
  const scheme = createCodeSelect('scheme', SCHEMES);
  const personClass = createCodeSelect('personClass', PERSON_CLASSES);
  const assistance = createCodeSelect('assistance', ASSISTANCE_CLASSES);
  const enrolment = createCodeSelect('enrolment', ENROLMENTS);
  const expiresAt = createField(element('input', { type: 'date' }), {
    id: 'expires-at',
    label: ({ issue }) => issue.expiresAt,
    hint: ({ issue }) => issue.expiresAtHint,
  });
  const holderKey = createTextField({
    id: 'holder-key',
    label: ({ issue }) => issue.holderKey,
    hint: ({ issue }) => issue.holderKeyHint,
    maxLength: 200,
    isCode: true,
  });
  const form = createChoice(
    { id: 'form', label: ({ issue }) => issue.form },
    [
      { value: 'paper', label: ({ issue }) => issue.paper },
      { value: 'phone', label: ({ issue }) => issue.phone },
    ],
    (chosen) => {
      holderKey.row.hidden = chosen !== 'phone';
    },
  );
  holderKey.row.hidden = true;
  const notice = createNotice();
  const submit = createSubmit(({ issue }) => issue.submit);
  const shown = element('div', {});
  /** Where the service says that a field is wrong, by its pointer. */
  const fields: Readonly<Record<string, Field>> = {
    '/claims/name': name,
    '/claims/idNumber': idNumber,
    '/claims/region': region,
    '/claims/scheme': scheme,
    '/claims/personClass': personClass,
    '/claims/assistance': assistance,
    '/claims/enrolment': enrolment,
    '/expiresAt': expiresAt,
    '/holderKey': holderKey,
  };

  const asked = createForm(
    { class: 'card issue', label: ({ section }) => section.issue },
    submit,
    issue,
    element(
      'fieldset',
      {},
      element(
        'legend',
        {},
        say((words) => words.issue.person),
      ),
      element(
        'div',
        { class: 'grid' },
        name.row,
        idNumber.row,
        region.row,
        scheme.row,
        personClass.row,
        assistance.row,
        enrolment.row,
      ),
    ),
    element(
      'fieldset',
      {},
      element(
        'legend',
        {},
        say((words) => words.issue.code),
      ),
      element('div', { class: 'grid' }, expiresAt.row, form.row, holderKey.row),
    ),
    notice.row,
    submit,
  );

  async function issue(): Promise<void> {
    notice.tell('bad');
    check();
    if (focusFault(asked)) return;
    const answer = await hear(client.issue(readRequest()));
    if (!answer.ok) {
      tellFailure(answer);
      return;
    }
    // The number is in the hands of the service's answer, masked: the page keeps nothing of the person.
    for (const field of [name, idNumber, holderKey]) field.input.value = '';
    if ('proposed' in answer.value) {
      notice.tell('good', ({ proposals }) => proposals.submitted);
      return;
    }
    asked.hidden = true;
    shown.replaceChildren(await renderIssued(answer.value.issued, { onNext, ...ways }));
    shown.querySelector('h2')?.focus();
  }

  function onNext(): void {
    shown.replaceChildren();
    asked.hidden = false;
    name.input.focus();
  }

  function check(): void {
    idNumber.input.value = idNumber.input.value.trim().toUpperCase();
    const until = expiresAt.input.valueAsDate;
    const now = new Date();
    const last = new Date(now.getFullYear() + MAX_YEARS, now.getMonth(), now.getDate());
    name.fail(name.input.value.trim() === '' ? ({ issue }) => issue.nameMissing : undefined);
    idNumber.fail(isValidIdNumber(idNumber.input.value) ? undefined : ({ issue }) => issue.idNumberWrong);
    region.fail(REGION.test(region.input.value.trim()) ? undefined : ({ issue }) => issue.regionWrong);
    expiresAt.fail(
      until && (endOf(expiresAt.input.value) <= startOfDay(now, -1) || endOf(expiresAt.input.value) > last)
        ? ({ issue }) => issue.expiresAtWrong
        : undefined,
    );
    const isBound = form.chosen() === 'phone';
    holderKey.fail(
      isBound && !HOLDER_KEY.test(holderKey.input.value.trim()) ? ({ issue }) => issue.holderKeyWrong : undefined,
    );
  }

  function readRequest(): IssueRequest {
    const isPaper = form.chosen() === 'paper';
    return {
      claims: {
        name: name.input.value.trim(),
        idNumber: idNumber.input.value,
        region: region.input.value.trim(),
        ...(scheme.input.value && { scheme: scheme.input.value }),
        ...(personClass.input.value && { personClass: personClass.input.value }),
        ...(assistance.input.value && { assistance: assistance.input.value }),
        ...(enrolment.input.value && { enrolment: enrolment.input.value }),
        ...(isPaper && { paper: true as const }),
      },
      ...(expiresAt.input.value && { expiresAt: endOf(expiresAt.input.value).toISOString() }),
      ...(!isPaper && { holderKey: holderKey.input.value.trim() }),
    };
  }

  function tellFailure(failure: ServiceFailure): void {
    for (const { pointer } of failure.faults) fields[pointer]?.fail(({ issue }) => issue.refusedField);
    focusFault(asked);
    const isUnknown = failure.code === 'timed_out' || failure.code === 'unreachable';
    const failed = describeFailure(failure);
    notice.tell('bad', (words, language) =>
      isUnknown ? `${failed(words, language)} ${words.issue.unknown}` : failed(words, language),
    );
  }

  return {
    content: element(
      'section',
      {},
      element(
        'h1',
        {},
        say((words) => words.section.issue),
      ),
      asked,
      shown,
    ),
    show: () => asked.hidden || name.input.focus(),
  };
}

/** The last second of a day, in the time of this device: what a person means by "until". */
function endOf(day: string): Date {
  return new Date(`${day}T23:59:59`);
}

function createCodeSelect(
  id: 'scheme' | 'personClass' | 'assistance' | 'enrolment',
  table: CodeTable,
): Field<HTMLSelectElement> {
  return createSelect({ id, label: ({ issue }) => issue[id] }, [
    { value: '', label: ({ issue }) => issue.unsaid },
    ...table.map(({ code, label }) => ({
      value: code,
      label: (_: unknown, language: Parameters<typeof languageOfTables>[0]) =>
        `${code} ${label[languageOfTables(language)]}`,
    })),
  ]);
}
