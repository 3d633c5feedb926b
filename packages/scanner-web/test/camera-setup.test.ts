import { describe, expect, test } from 'vitest';
import { findCamera, parseCamera, pickCameras } from '../src/input/camera-choice.ts';
import { advanceSetup, findZoomStep, NO_SETUP, type SetupEvent } from '../src/input/camera-setup.ts';
import { chooseDigitalZoom, readAbilities, zoomSettings } from '../src/input/camera-track.ts';

const built = { id: 'a', label: 'Integrated Camera' };
const desk = { id: 'b', label: '高拍仪' };

describe('which camera', () => {
  test('of all devices the cameras, with names of a sane length', () => {
    const listed = pickCameras([
      { kind: 'audioinput', deviceId: 'm', label: 'Microphone' },
      { kind: 'videoinput', deviceId: 'a', label: ' USB ' },
      { kind: 'videoinput', deviceId: '', label: 'x'.repeat(1_000) },
    ]);
    expect(listed).toEqual([
      { id: 'a', label: 'USB' },
      { id: '', label: 'x'.repeat(256) },
    ]);
    const many = Array.from({ length: 999 }, () => ({ kind: 'videoinput', deviceId: 'a', label: '' }));
    expect(pickCameras(many)).toHaveLength(32);
  });

  test('the one with the id, or the only one with the name, or none', () => {
    expect(findCamera([built, desk], desk)).toBe(desk);
    expect(findCamera([built, { ...desk, id: 'new' }], desk)).toEqual({ ...desk, id: 'new' });
    expect(findCamera([built], desk)).toBeUndefined();
    const twins = [
      { id: 'x', label: desk.label },
      { id: 'y', label: desk.label },
    ];
    expect(findCamera(twins, desk), 'two of one name').toBeUndefined();
    expect(findCamera([{ id: '', label: '' }], { id: '', label: '' }), 'before the permission').toBeUndefined();
  });

  test.each([
    null,
    '',
    '{',
    '"a"',
    'null',
    '[]',
    '{"id":1,"label":""}',
    '{"id":"a"}',
    `{"id":"${'a'.repeat(300)}","label":""}`,
  ])('what lies in the place of a choice is not one: %s', (text) => expect(parseCamera(text)).toBeUndefined());

  test('a choice comes back as it was remembered', () => {
    expect(parseCamera(JSON.stringify(desk))).toEqual(desk);
  });
});

describe('what it can do', () => {
  test('nothing is offered that it does not list', () => {
    expect(readAbilities({}, true)).toEqual({ torch: false, mostZoom: 3, focusesItself: false });
  });

  test('torch, lens and focus where it lists them', () => {
    const abilities = readAbilities(
      { torch: true, zoom: { min: 100, max: 400 }, focusMode: ['continuous', 'single-shot'] },
      true,
    );
    expect(abilities).toEqual({
      torch: true,
      mostZoom: 4,
      opticalZoom: { min: 100, max: 400 },
      focus: 'place',
      focusesItself: true,
    });
    expect(zoomSettings(abilities, 1.5)).toEqual({ zoom: 150 });
    expect(chooseDigitalZoom(abilities, 1.5)).toBe(1);
    expect(readAbilities({ focusMode: ['single-shot'] }, false).focus).toBe('once');
  });

  test('a range without a breadth is no zoom', () => {
    const abilities = readAbilities({ zoom: { min: 1, max: 1 } }, false);
    expect([abilities.opticalZoom, chooseDigitalZoom(abilities, 2), zoomSettings(abilities, 2)]).toEqual([
      undefined,
      2,
      undefined,
    ]);
  });
});

describe('how it is set', () => {
  const abilities = readAbilities({ torch: true }, false);
  const found: SetupEvent = { kind: 'camera_found', used: desk, isSubstitute: false, isMirrored: true, abilities };
  const start = advanceSetup(NO_SETUP, found);

  test('the cameras that can be chosen have an id', () => {
    const devices = [{ id: '', label: '' }, desk];
    expect(advanceSetup(NO_SETUP, { kind: 'cameras_listed', devices }).devices).toEqual([desk]);
  });

  test('the zoom of a camera outlasts a pause; its torch does not', () => {
    const set = [
      { kind: 'zoom_chosen', zoom: 2 },
      { kind: 'torch_switched', isOn: true },
    ].reduce((setup, event) => advanceSetup(setup, event as SetupEvent), start);
    expect(set).toMatchObject({ zoom: 2, isTorchOn: true });
    expect(advanceSetup(set, found)).toMatchObject({ zoom: 2, isTorchOn: false });
    expect(advanceSetup(set, { ...found, used: built }).zoom).toBe(1);
    expect(advanceSetup(set, { kind: 'camera_chosen', camera: built })).toMatchObject({ chosen: built, zoom: 1 });
  });

  test('what the camera has not cannot be set', () => {
    const plain = advanceSetup(NO_SETUP, { ...found, abilities: readAbilities({}, false) });
    expect(advanceSetup(plain, { kind: 'torch_switched', isOn: true })).toBe(plain);
    expect(advanceSetup(plain, { kind: 'zoom_chosen', zoom: 99 }).zoom).toBe(3);
    expect(advanceSetup(plain, { kind: 'zoom_chosen', zoom: 0 }).zoom).toBe(1);
  });

  test('the buttons go in steps, and end', () => {
    expect([findZoomStep(start, 'out'), findZoomStep(start, 'in')]).toEqual([undefined, 1.5]);
    expect([findZoomStep({ ...start, zoom: 3 }, 'out'), findZoomStep({ ...start, zoom: 3 }, 'in')]).toEqual([
      2,
      undefined,
    ]);
  });

  test('an advice is news once', () => {
    const advised = advanceSetup(start, { kind: 'sight_changed', advice: 'closer' });
    expect(advised.advice).toBe('closer');
    expect(advanceSetup(advised, { kind: 'sight_changed', advice: 'closer' })).toBe(advised);
    expect(advanceSetup(advised, found).advice).toBeUndefined();
  });
});
