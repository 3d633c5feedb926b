import { describe, expect, test } from 'vitest';
import { judgeLight } from '../src/engine/light.ts';
import { cropForZoom, placeInFrame } from '../src/input/digital-zoom.ts';
import { createAdviser, type Sight } from '../src/input/sight-advice.ts';

const FRAME = { width: 1280, height: 720 };

describe('the middle of the picture', () => {
  test.each([
    [1, { left: 0, top: 0, width: 1280, height: 720 }],
    [2, { left: 320, top: 180, width: 640, height: 360 }],
    [3, { left: 426, top: 240, width: 427, height: 240 }],
  ])('enlarged %i times', (factor, crop) => {
    expect(cropForZoom(FRAME, factor)).toEqual(crop);
  });
});

describe('where somebody touched', () => {
  const plain = { box: { width: 640, height: 360 }, frame: FRAME, digitalZoom: 1, isMirrored: false };

  test('a box of the form of the picture', () => {
    expect(placeInFrame({ x: 160, y: 90 }, plain)).toEqual({ x: 0.25, y: 0.25 });
  });

  test('in a mirror', () => {
    expect(placeInFrame({ x: 160, y: 90 }, { ...plain, isMirrored: true })).toEqual({ x: 0.75, y: 0.25 });
  });

  test('enlarged, the box shows the middle only', () => {
    expect(placeInFrame({ x: 0, y: 0 }, { ...plain, digitalZoom: 2 })).toEqual({ x: 0.25, y: 0.25 });
  });

  test('on a phone the sides of the picture are cut off', () => {
    const phone = { ...plain, box: { width: 360, height: 720 } };
    expect(placeInFrame({ x: 180, y: 360 }, phone)).toEqual({ x: 0.5, y: 0.5 });
    expect(placeInFrame({ x: 0, y: 720 }, phone)).toEqual({ x: 0.359375, y: 1 });
  });

  test('never beside the picture', () => {
    expect(placeInFrame({ x: -50, y: 999 }, plain)).toEqual({ x: 0, y: 1 });
  });
});

describe('the light', () => {
  test.each([
    ['black', [0, 0, 0]],
    ['black', [20, 25, 18]],
    ['dim', [40, 40, 40]],
    ['enough', [120, 120, 120]],
  ] as const)('%s', (light, [red, green, blue]) => {
    const data = Uint8ClampedArray.from({ length: FRAME.width * FRAME.height * 4 }, (_, at) =>
      at % 4 === 0 ? red : at % 4 === 1 ? green : at % 4 === 2 ? blue : 255,
    );
    expect(judgeLight({ data, ...FRAME })).toBe(light);
  });

  test('a phone that shines in the dark is enough', () => {
    const data = new Uint8ClampedArray(FRAME.width * FRAME.height * 4).fill(10);
    // As wide as a phone at arm's length, in the middle.
    for (let row = 300; row < 420; row++) data.fill(230, (row * FRAME.width + 600) * 4, (row * FRAME.width + 680) * 4);
    expect(judgeLight({ data, ...FRAME })).toBe('enough');
  });

  test('of a picture smaller than its grid', () => {
    expect(judgeLight({ data: new Uint8ClampedArray(4).fill(120), width: 1, height: 1 })).toBe('enough');
  });
});

describe('what would help', () => {
  const nothing: Sight = { size: FRAME, light: 'enough', hasCode: false, unread: [] };

  test('a code that is found and too small: closer, until it is read', () => {
    const adviser = createAdviser();
    expect(adviser.advise(find(640, 360, 1.6))).toBeUndefined();
    expect(adviser.advise(find(641, 360, 1.6))).toBe('closer');
    expect(adviser.advise(nothing), 'missed in one frame').toBe('closer');
    expect(adviser.advise({ ...nothing, hasCode: true })).toBeUndefined();
    expect(adviser.advise(nothing)).toBeUndefined();
  });

  test('it ends when the code is taken away', () => {
    const adviser = createAdviser();
    for (let frame = 0; frame < 5; frame++) adviser.advise(find(640, 360, 1.6));
    const said = Array.from({ length: 12 }, () => adviser.advise(nothing));
    expect([said[0], said.at(-1)]).toEqual(['closer', undefined]);
  });

  test('what hangs at the edge of the picture is not meant', () => {
    const adviser = createAdviser();
    for (let frame = 0; frame < 9; frame++) expect(adviser.advise(find(100, 100, 1.6))).toBeUndefined();
  });

  test('a code that is large enough and moves: still', () => {
    const adviser = createAdviser();
    const said = [600, 650, 700, 650].map((x) => adviser.advise(find(x, 360, 5)));
    expect(said).toEqual([undefined, undefined, 'still', 'still']);
    const calm = createAdviser();
    for (let frame = 0; frame < 9; frame++) expect(calm.advise(find(640 + frame, 360, 5))).toBeUndefined();
  });

  test('too little light, where nothing better is known', () => {
    const adviser = createAdviser();
    expect(adviser.advise({ ...nothing, light: 'dim' })).toBe('dim');
    expect(adviser.advise({ ...nothing, light: 'black' })).toBe('black');
    expect(adviser.advise({ ...nothing, light: 'dim', hasCode: true })).toBeUndefined();
    expect(adviser.advise(nothing)).toBeUndefined();
  });

  /** @returns a frame with a code of 41 modules that could not be read */
  function find(x: number, y: number, modulePixels: number): Sight {
    const half = (41 * modulePixels) / 2;
    const corners = [
      { x: x - half, y: y - half },
      { x: x + half, y: y - half },
      { x: x + half, y: y + half },
      { x: x - half, y: y + half },
    ];
    return { ...nothing, unread: [{ corners, modulePixels }] };
  }
});
