import { advance, type ListsState, openScan, type ScanEvent, type ScanState } from '../src/app/scan-state.ts';
import type { CameraProblem } from '../src/input/camera-problem.ts';
import type { SightAdvice } from '../src/input/sight-advice.ts';
import type { ListsProblem } from '../src/lists/lists-problem.ts';
import type { Verdict } from '../src/verdict/verdict.ts';
import { CAMERA_CHINESE } from '../src/words/camera-words.ts';
import { DEFAULT_WORKPLACE } from '../src/workplace/workplace.ts';
import { CHECKED_AT, judge, PERSON, VERDICTS } from './verdicts.ts';

const ELDER: ScanEvent = { kind: 'workplace_changed', workplace: { ...DEFAULT_WORKPLACE, elder: true } };
const OPENED = openScan({
  language: 'zh-CN',
  currentDate: CHECKED_AT,
  online: true,
  workplace: DEFAULT_WORKPLACE,
});
const READY: readonly ScanEvent[] = [
  { kind: 'engine_ready' },
  { kind: 'camera_live' },
  lists({ issuedAt: minutesAgo(3), checkedAt: minutesAgo(1) }),
];
const OFFLINE: ScanEvent = { kind: 'network_changed', online: false };
const READ: ScanEvent = { kind: 'code_read', text: 'ZM1:' };

const CAMERAS = [
  { id: 'a', label: 'USB 2.0 Camera' },
  { id: 'b', label: '高拍仪' },
];
/** Two cameras, of which the one that is not remembered gives the picture, with all that a camera can do. */
const FOUND: readonly ScanEvent[] = [
  { kind: 'cameras_listed', devices: CAMERAS },
  {
    kind: 'camera_found',
    used: { id: 'b', label: '高拍仪' },
    isSubstitute: true,
    isMirrored: false,
    abilities: { torch: true, mostZoom: 3, focus: 'place', focusesItself: true },
  },
  { kind: 'torch_switched', isOn: true },
  { kind: 'zoom_chosen', zoom: 2 },
];
const ADVICES: readonly SightAdvice[] = ['black', 'dim', 'closer', 'still'];
const KIOSK: ScanEvent = { kind: 'workplace_changed', workplace: { ...DEFAULT_WORKPLACE, mode: 'kiosk' } };

const CAMERA_PROBLEMS = Object.keys(CAMERA_CHINESE.problem) as CameraProblem[];

/** Every state of the scanner's page, by its name: each is played from the events that lead to it. */
export const STORIES: ReadonlyMap<string, ScanState> = new Map<string, ScanState>([
  ['opening', OPENED],
  ['looking', play()],
  ['looking: slowly', play({ kind: 'engine_ready', isSlow: true })],
  ['looking: for older people', play(ELDER)],
  ...ADVICES.map((advice) => [`looking: ${advice}`, play({ kind: 'sight_changed', advice })] as const),
  ['looking: another camera than the remembered one, lit and enlarged', play(...FOUND)],
  ['looking: the page was hidden', play({ kind: 'page_hidden' })],
  ['checking', play(READ)],
  ['notice: no code in the image', play({ kind: 'image_not_read', notice: 'no_code_in_image' })],
  ['notice: image too large', play({ kind: 'image_not_read', notice: 'image_too_large' })],
  ['notice: check failed', play(READ, { kind: 'check_failed' })],
  ['notice: several codes', play({ kind: 'several_codes' })],
  ['no reader', play({ kind: 'engine_failed' })],
  ...CAMERA_PROBLEMS.map((problem) => [`camera: ${problem}`, play({ kind: 'camera_failed', problem })] as const),
  ['camera: denied, for older people', play(ELDER, { kind: 'camera_failed', problem: 'denied' })],
  ['lists: being fetched', play(lists({ issuedAt: minutesAgo(60) }), { kind: 'lists_refreshing' })],
  ['lists: none', play(lists({}))],
  ['lists: days old, without a network', play(lists({ issuedAt: minutesAgo(7_000) }), OFFLINE)],
  ...(
    [
      'unreachable',
      'no_storage',
      'roots_changed',
      'malformed',
      'bad_signature',
      'unknown_root',
      'rollback',
      'wrong_list',
      'issued_in_future',
    ] as const
  ).map((problem) => [`lists: ${problem}`, play(withProblem(problem))] as const),
  ['lists: nothing is kept', play(lists({ problem: 'no_storage' }))],
  ...Object.entries(VERDICTS).map(([name, verdict]) => [`verdict: ${name}`, show(verdict)] as const),
  [
    'verdict: priority, at a kiosk',
    play(KIOSK, READ, {
      kind: 'judged',
      verdict: judge('valid', { person: { ...PERSON, assistance: '2304', priority: true } }),
    }),
  ],
  ['verdict: valid, without a network', show(judge('valid'), OFFLINE)],
  ['verdict: lists_refused, beside the refusal', show(judge('lists_refused'), withProblem('rollback'))],
  ['verdict: valid, in full', show(judge('valid'), { kind: 'person_revealed', currentDate: CHECKED_AT })],
  [
    'verdict: priority, in full, for older people',
    show(judge('valid', { bearer: true, person: { ...PERSON, assistance: '2308', priority: true } }), ELDER, {
      kind: 'person_revealed',
      currentDate: CHECKED_AT,
    }),
  ],
  [
    'verdict: valid, for older people',
    show(judge('valid', { bearer: true, person: { ...PERSON, paper: true } }), ELDER),
  ],
  ['verdict: not_presented, for older people', show(judge('not_presented'), ELDER)],
  ['verdict: bad_signature, for older people', show(judge('bad_signature'), ELDER)],
  ['verdict: status_list_stale, for older people', show(judge('status_list_stale'), ELDER)],
]);

function play(...events: readonly ScanEvent[]): ScanState {
  return [...READY, ...events].reduce(advance, OPENED);
}

function show(verdict: Verdict, ...events: readonly ScanEvent[]): ScanState {
  return play(READ, { kind: 'judged', verdict }, ...events);
}

function lists(known: Omit<ListsState, 'refreshing'>): ScanEvent {
  return { kind: 'lists_changed', lists: known };
}

function withProblem(problem: ListsProblem): ScanEvent {
  return lists({ issuedAt: minutesAgo(200), checkedAt: minutesAgo(90), problem });
}

function minutesAgo(minutes: number): Date {
  return new Date(CHECKED_AT.getTime() - minutes * 60_000);
}
