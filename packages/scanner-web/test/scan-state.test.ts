import { describe, expect, test } from 'vitest';
import { advance, leftOfVerdict, openScan, type ScanEvent, type ScanState } from '../src/app/scan-state.ts';
import { countRevealed } from '../src/app/work.ts';
import { NO_ABILITIES } from '../src/input/camera-track.ts';
import type { Verdict } from '../src/verdict/verdict.ts';
import { DEFAULT_WORKPLACE } from '../src/workplace/workplace.ts';

const opened = openScan({
  language: 'en',
  currentDate: new Date('2026-06-01T08:00:00Z'),
  online: true,
  workplace: DEFAULT_WORKPLACE,
});
const verdict: Verdict = {
  tone: 'refused',
  code: 'revoked',
  checkedAt: new Date('2026-06-01T08:00:05Z'),
  bearer: false,
  repeated: false,
  statusUnchecked: false,
};

function play(...events: ScanEvent[]): ScanState {
  return events.reduce(advance, opened);
}

test('a page opens looking, with the camera, the engine and the lists on their way', () => {
  expect(opened).toMatchObject({
    engine: 'starting',
    camera: { kind: 'opening' },
    work: { kind: 'looking' },
    lists: { refreshing: true },
  });
});

test('the engine is ready or has failed', () => {
  expect(play({ kind: 'engine_ready' })).toMatchObject({ engine: 'ready', readsSlowly: false });
  expect(play({ kind: 'engine_ready', isSlow: true })).toMatchObject({ engine: 'ready', readsSlowly: true });
  expect(play({ kind: 'engine_failed' }).engine).toBe('failed');
});

test('a code goes from the frame to the verdict and back to the next person', () => {
  const read: ScanEvent = { kind: 'code_read', text: 'ZM1:A' };
  expect(play(read).work).toEqual({ kind: 'checking', text: 'ZM1:A' });
  expect(play(read, { kind: 'judged', verdict }).work).toEqual({
    kind: 'verdict',
    verdict,
    touchedAt: verdict.checkedAt,
  });
  expect(play(read, { kind: 'judged', verdict }, { kind: 'next_person' }).work).toEqual({ kind: 'looking' });
});

test('a verdict stays, whatever passes before the camera', () => {
  const held = play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict });
  for (const event of [
    { kind: 'code_read', text: 'ZM1:B' },
    { kind: 'several_codes' },
    { kind: 'view_cleared' },
    { kind: 'judged', verdict: { ...verdict, tone: 'valid', code: 'valid' } },
    { kind: 'page_hidden' },
    { kind: 'page_shown' },
    { kind: 'lists_refreshing' },
    { kind: 'lists_changed', lists: {} },
  ] as const) {
    expect(advance(held, event).work, event.kind).toBe(held.work);
  }
});

test('a verdict about a person is cleared when nobody has touched the page for two minutes', () => {
  const seconds = (count: number) => new Date(verdict.checkedAt.getTime() + count * 1000);
  const person = { region: '370202', issuerName: '示例', expiresAt: seconds(9_000) };
  const judged = play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict: { ...verdict, person } });
  const tick = (state: ScanState, at: number) => advance(state, { kind: 'clock_ticked', currentDate: seconds(at) });
  expect(tick(judged, 119).work.kind).toBe('verdict');
  expect(tick(judged, 120).work).toEqual({ kind: 'looking' });
  const touched = advance(judged, { kind: 'operator_active', currentDate: seconds(60) });
  expect(tick(touched, 179).work.kind).toBe('verdict');
  expect(tick(touched, 180).work).toEqual({ kind: 'looking' });
  const impersonal = play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict });
  expect(tick(impersonal, 9_000).work.kind).toBe('verdict');
});

test('at a kiosk every verdict goes after twenty seconds without a touch, and what is left is told', () => {
  const seconds = (count: number) => new Date(verdict.checkedAt.getTime() + count * 1000);
  const tick = (state: ScanState, at: number) => advance(state, { kind: 'clock_ticked', currentDate: seconds(at) });
  const kiosk: ScanEvent = { kind: 'workplace_changed', workplace: { ...DEFAULT_WORKPLACE, mode: 'kiosk' } };
  const judged = play(kiosk, { kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict });
  expect(leftOfVerdict(judged)).toBe(1);
  expect(leftOfVerdict(tick(judged, 5))).toBe(0.75);
  expect(tick(judged, 19).work.kind).toBe('verdict');
  expect(tick(judged, 20).work).toEqual({ kind: 'looking' });
  const touched = advance(judged, { kind: 'operator_active', currentDate: seconds(15) });
  expect(tick(touched, 34).work.kind).toBe('verdict');
  expect(tick(touched, 35).work).toEqual({ kind: 'looking' });
  expect(leftOfVerdict(tick(touched, 35))).toBeUndefined();
  expect(
    leftOfVerdict(play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict })),
    'a counter',
  ).toBeUndefined();
});

test('elder mode leaves a verdict for five minutes', () => {
  const workplace = { ...opened.workplace, elder: true };
  const person = { region: '370202', issuerName: '示例', expiresAt: new Date('2027-01-01T00:00:00Z') };
  const judged = play(
    { kind: 'workplace_changed', workplace },
    { kind: 'code_read', text: 'ZM1:A' },
    { kind: 'judged', verdict: { ...verdict, person } },
  );
  const tick = (seconds: number) =>
    advance(judged, { kind: 'clock_ticked', currentDate: new Date(verdict.checkedAt.getTime() + seconds * 1000) }).work
      .kind;
  expect([tick(299), tick(300)]).toEqual(['verdict', 'looking']);
});

describe('what a code carries in full', () => {
  const judged = play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict });
  const at = (seconds: number) => new Date(verdict.checkedAt.getTime() + seconds * 1000);
  const revealed = advance(judged, { kind: 'person_revealed', currentDate: at(1) });
  const left = ({ work, currentDate }: ScanState) => countRevealed(work, currentDate);

  test('is masked until somebody asks, and again after fifteen seconds', () => {
    expect(left(judged)).toBeUndefined();
    expect(left(revealed)).toBe(15);
    const later = advance(revealed, { kind: 'clock_ticked', currentDate: at(15.2) });
    expect(left(later)).toBe(1);
    const over = advance(later, { kind: 'clock_ticked', currentDate: at(16) });
    expect(left(over)).toBeUndefined();
    expect(over.work).toEqual(judged.work);
  });

  test('is masked by the operator, and when the page is hidden or another person comes', () => {
    for (const event of [{ kind: 'person_masked' }, { kind: 'page_hidden' }, { kind: 'next_person' }] as const) {
      expect(left(advance(revealed, event)), event.kind).toBeUndefined();
    }
    expect(advance(judged, { kind: 'person_masked' })).toBe(judged);
    expect(advance(opened, { kind: 'person_revealed', currentDate: at(1) }).work).toEqual({ kind: 'looking' });
  });

  test('is masked at once by a clock that was set back', () => {
    expect(left(advance(revealed, { kind: 'clock_ticked', currentDate: at(-60) }))).toBeUndefined();
  });
});

test('several codes are said until the view is clear, and the page is not drawn anew for it', () => {
  const several = play({ kind: 'several_codes' });
  expect(several.work).toEqual({ kind: 'looking', notice: 'several_codes' });
  expect(advance(several, { kind: 'several_codes' })).toBe(several);
  expect(advance(several, { kind: 'view_cleared' }).work).toEqual({ kind: 'looking' });
});

test('without a reader the camera is let go and not opened again', () => {
  const failed = play({ kind: 'camera_live' }, { kind: 'engine_failed' });
  expect(failed.camera).toEqual({ kind: 'paused' });
  expect(advance(failed, { kind: 'page_shown' })).toBe(failed);
});

test('the text of a code is gone as soon as it is judged', () => {
  expect(JSON.stringify(play({ kind: 'code_read', text: 'ZM1:SECRET' }, { kind: 'judged', verdict }))).not.toContain(
    'SECRET',
  );
});

test('a second code does not disturb the one being checked', () => {
  expect(play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'code_read', text: 'ZM1:B' }).work).toEqual({
    kind: 'checking',
    text: 'ZM1:A',
  });
});

test('an answer that nobody waits for changes nothing', () => {
  expect(play({ kind: 'judged', verdict }).work).toEqual({ kind: 'looking' });
  expect(play({ kind: 'next_person' }).work).toEqual({ kind: 'looking' });
});

test('an image without a code is said, and forgotten with the next code', () => {
  const noticed = play({ kind: 'image_not_read', notice: 'no_code_in_image' });
  expect(noticed.work).toEqual({ kind: 'looking', notice: 'no_code_in_image' });
  expect(advance(noticed, { kind: 'code_read', text: 'ZM1:A' }).work.kind).toBe('checking');
  const held = play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict });
  expect(
    advance(held, { kind: 'image_not_read', notice: 'several_codes' }).work,
    'not to be taken for its verdict',
  ).toEqual({ kind: 'looking', notice: 'several_codes' });
});

test('a code that is handed over is the next person’s; while one is checked the newest waits', () => {
  const held = play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict });
  const next = advance(held, { kind: 'code_handed_over', text: 'ZM1:B' });
  expect(next.work).toEqual({ kind: 'checking', text: 'ZM1:B' });
  expect(advance(next, { kind: 'code_handed_over', text: 'ZM1:B' })).toBe(next);
  const waiting = ['ZM1:C', 'ZM1:D'].reduce((state, text) => advance(state, { kind: 'code_handed_over', text }), next);
  expect(waiting.work).toEqual({ kind: 'checking', text: 'ZM1:B', waiting: 'ZM1:D' });
  const judged = advance(waiting, { kind: 'judged', verdict });
  expect(judged.work).toEqual({ kind: 'checking', text: 'ZM1:D' });
  expect(advance(judged, { kind: 'judged', verdict }).work.kind).toBe('verdict');
});

test('the camera runs, is let go with the page and is opened again', () => {
  const live = play({ kind: 'camera_live' });
  expect(live.camera).toEqual({ kind: 'live' });
  const hidden = advance(live, { kind: 'page_hidden' });
  expect(hidden.camera).toEqual({ kind: 'paused' });
  expect(advance(hidden, { kind: 'camera_live' }).camera, 'opened too late').toEqual({ kind: 'paused' });
  expect(advance(hidden, { kind: 'camera_failed', problem: 'busy' }).camera).toEqual({ kind: 'paused' });
  expect(advance(hidden, { kind: 'page_shown' }).camera).toEqual({ kind: 'opening' });
  expect(advance(live, { kind: 'page_shown' }).camera).toEqual({ kind: 'live' });
});

test('what befalls the camera changes the picture and the set-up, each where it fits', () => {
  const used = { id: 'a', label: 'USB' };
  const found = play(
    { kind: 'cameras_listed', devices: [used] },
    { kind: 'camera_found', used, isSubstitute: false, isMirrored: false, abilities: NO_ABILITIES },
    { kind: 'camera_live' },
  );
  expect(found).toMatchObject({ camera: { kind: 'live' }, cameraSetup: { devices: [used], used } });
  expect(advance(found, { kind: 'camera_chosen', camera: used })).toMatchObject({
    camera: { kind: 'opening' },
    cameraSetup: { chosen: used },
  });
  expect(advance(found, { kind: 'sight_changed', advice: undefined }), 'said many times a second').toBe(found);
  expect(advance(found, { kind: 'camera_live' })).toBe(found);
});

test('lists: asked for, changed, refused; the older ones are not shown as refreshed', () => {
  const issuedAt = new Date('2026-06-01T07:00:00Z');
  const held = play({ kind: 'lists_changed', lists: { issuedAt, checkedAt: issuedAt } });
  expect(held.lists).toEqual({ issuedAt, checkedAt: issuedAt, refreshing: false });
  expect(advance(held, { kind: 'lists_refreshing' }).lists).toEqual({
    issuedAt,
    checkedAt: issuedAt,
    refreshing: true,
  });
  expect(advance(held, { kind: 'lists_changed', lists: { issuedAt, problem: 'roots_changed' } }).lists.problem).toBe(
    'roots_changed',
  );
});

test('the network, the language and the clock', () => {
  expect(play({ kind: 'network_changed', online: false }).online).toBe(false);
  expect(play({ kind: 'language_chosen', language: 'zh-CN' }).language).toBe('zh-CN');
  const currentDate = new Date('2026-06-01T09:00:00Z');
  expect(play({ kind: 'clock_ticked', currentDate }).currentDate).toBe(currentDate);
});

test('the age beside a verdict is counted from when it was given', () => {
  expect(play({ kind: 'code_read', text: 'ZM1:A' }, { kind: 'judged', verdict }).currentDate).toBe(verdict.checkedAt);
});
