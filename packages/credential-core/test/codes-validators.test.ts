import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkInstitutionCode,
  checkOrganisationCode,
  isValidIdNumber,
  isValidOrganisationCode,
  maskIdNumber,
  maskName,
} from '../src/codes.ts';
import { isValidIdNumber as fromIssue } from '../src/issue.ts';

/** Each character in turn replaced by each other one of the alphabet. */
function* changeOneCharacter(code: string, alphabet: string): Generator<string> {
  for (let at = 0; at < code.length; at++) {
    for (const character of alphabet) {
      if (character !== code.charAt(at)) yield code.slice(0, at) + character + code.slice(at + 1);
    }
  }
}

describe('GB 11643', () => {
  // The examples of the standard's appendices, and numbers of nobody.
  const VALID = ['11010519491231002X', '440524188001010014', '34052419800101001X', '110105200002290013'];

  test.each(VALID)('%s', (idNumber) => expect(isValidIdNumber(idNumber)).toBe(true));

  test.each(VALID)('%s: a change of one character is noticed', (idNumber) => {
    for (const changed of changeOneCharacter(idNumber, '0123456789X')) {
      expect(isValidIdNumber(changed), changed).toBe(false);
    }
  });

  test.each([
    ['a check character in lowercase', '11010519491231002x'],
    ['fifteen digits of the first generation', '110105491231002'],
    ['a month that does not exist', '110105194913310021'],
    ['a day that the year does not have', '110105190002290017'],
    ['a day zero', '110105194912000021'],
    ['a month zero', '110105194900150022'],
    ['the last day of a longer month', '110105194906310023'],
    ['a year of no living memory', '110105094912310021'],
    ['full-width digits', '１１０１０５１９４９１２３１００２Ｘ'],
    ['a line end', '11010519491231002X\n'],
    ['a space before', ' 11010519491231002X'],
    ['nothing', ''],
  ])('%s is not valid', (_, idNumber) => expect(isValidIdNumber(idNumber)).toBe(false));

  test('is one implementation for issuers too', () => expect(fromIssue).toBe(isValidIdNumber));
});

test('what is no string is told by no validator to be a code, and none throws', () => {
  for (const wrong of [['11010519491231002X'], ['91350100M000100Y43'], ['H37020200001'], Symbol('code'), null, 5]) {
    expect(isValidIdNumber(wrong as never)).toBe(false);
    expect(isValidOrganisationCode(wrong as never)).toBe(false);
    expect(checkOrganisationCode(wrong as never)).toEqual(['unusual_form']);
    expect(checkInstitutionCode(wrong as never)).toEqual(['unusual_form']);
  }
});

describe('GB 32100', () => {
  // The worked example of the standard; the others belong to no organisation.
  const VALID = ['91350100M000100Y43', '12370200TET000001C', '5337020200000000XK'];

  test.each(VALID)('%s', (code) => expect(isValidOrganisationCode(code)).toBe(true));

  test.each(VALID)('%s: a change of one character is noticed', (code) => {
    for (const changed of changeOneCharacter(code, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')) {
      expect(isValidOrganisationCode(changed), changed).toBe(false);
    }
  });

  test.each([
    ['lowercase', '91350100m000100y43'],
    ['the wrong check character of the example', '91350100M000100Y4Z'],
    ['seventeen characters', '91350100M000100Y4'],
    ['a line end', '91350100M000100Y43\n'],
    ['nothing', ''],
  ])('%s is not valid', (_, code) => expect(isValidOrganisationCode(code)).toBe(false));
});

describe('GB 11714, alone and inside GB 32100', () => {
  const digits = fc.constantFrom(...'0123456789');
  const capitals = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');

  /** By division, character after character: with its check as the last, the weighted sum is a multiple of 11. */
  function isMultipleOfEleven(code: string): boolean {
    const weights = [3, 7, 9, 10, 5, 8, 4, 2, 1];
    let rest = 0;
    for (const [at, character] of [...code].entries()) {
      // A check of X is ten; before it, X is a letter like the others.
      const value = at === 8 && character === 'X' ? 10 : '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(character);
      for (let times = 0; times < (weights[at] as number); times++) rest = (rest + value) % 11;
    }
    return rest === 0;
  }

  // The worked example of the standard; the organisation of the worked example of GB 32100; ones of nobody.
  test.each(['D2143569X', 'M000100Y4', '000000000', 'ZZZZZZZZ3'])('%s is usual', (code) => {
    expect(isMultipleOfEleven(code)).toBe(true);
    expect(checkOrganisationCode(code)).toEqual([]);
  });

  test('of eleven check characters, one is right', () => {
    fc.assert(
      fc.property(fc.string({ unit: capitals, minLength: 8, maxLength: 8 }), (body) => {
        const codes = [...'0123456789X'].map((check) => body + check);
        const right = codes.filter((code) => checkOrganisationCode(code).length === 0);
        expect(right).toEqual(codes.filter(isMultipleOfEleven));
        expect(right).toHaveLength(1);
        for (const code of codes) if (code !== right[0]) expect(checkOrganisationCode(code)).toEqual(['wrong_check']);
      }),
    );
  });

  test('a digit in place of another is noticed', () => {
    fc.assert(
      fc.property(fc.string({ unit: digits, minLength: 8, maxLength: 8 }), (body) => {
        const code = [...'0123456789X'].map((check) => body + check).find(isMultipleOfEleven) as string;
        for (const changed of changeOneCharacter(code, '0123456789')) {
          expect(checkOrganisationCode(changed), changed).toEqual(['wrong_check']);
        }
      }),
    );
  });

  test.each([
    ['the hyphen of print', 'D2143569-X'],
    ['lowercase', 'd2143569X'],
    ['a letter as the check', 'D2143569A'],
    ['eight characters', 'D2143569'],
    ['a line end', 'D2143569X\n'],
    ['full-width digits', '００００００００0'],
    ['a capital that GB 32100 does not have', '91350100I000100Y43'],
    ['nothing', ''],
  ])('%s is unusual', (_, code) => expect(checkOrganisationCode(code)).toEqual(['unusual_form']));

  test('of a unified social credit code, both checks are looked at, and only its own makes it valid', () => {
    for (const [code, warnings] of [
      ['91350100M000100Y43', []],
      ['91350100M000100Y44', ['wrong_check']],
      ['12370200TET000001C', ['wrong_inner_check']],
      ['12370200TET000001D', ['wrong_check', 'wrong_inner_check']],
      // A check that no organisation code can have.
      ['91350100M000100YAN', ['wrong_check', 'wrong_inner_check']],
    ] as const) {
      expect(checkOrganisationCode(code), code).toEqual(warnings);
      expect(isValidOrganisationCode(code), code).toBe(!(warnings as readonly string[]).includes('wrong_check'));
    }
  });
});

describe('institution codes', () => {
  test.each(['H43010000001', 'P37020200001'])('%s is usual', (code) => expect(checkInstitutionCode(code)).toEqual([]));

  test.each([
    ['H99010000001', ['unknown_province']],
    ['P00000000000', ['unknown_province']],
    ['h43010000001', ['unusual_form']],
    ['X43010000001', ['unusual_form']],
    ['H4301000001', ['unusual_form']],
    ['H430100000011', ['unusual_form']],
    ['', ['unusual_form']],
  ])('%s warns', (code, warnings) => expect(checkInstitutionCode(code)).toEqual(warnings));
});

test('no text makes a validator throw', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789XHP'), maxLength: 20 });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), digits), (text) => {
      expect(isValidIdNumber(text)).toBeTypeOf('boolean');
      expect(isValidOrganisationCode(text)).toBeTypeOf('boolean');
      expect(Array.isArray(checkOrganisationCode(text))).toBe(true);
      expect(Array.isArray(checkInstitutionCode(text))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('the masks are offered here too', () => {
  expect(maskName('欧阳明月')).toBe('欧***');
  expect(maskIdNumber('11010519491231002X', '0+4')).toBe('*002X');
  // A capital of two characters shows no more than the mask says.
  expect(maskIdNumber('ßßßßßßßßßß', '0+4')).toBe('*SSSS');
  expect(() => maskIdNumber('123', '0+4')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONTENT' }));
});
