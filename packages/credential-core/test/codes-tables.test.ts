import { describe, expect, test } from 'vitest';
import {
  ASSISTANCE_CLASSES,
  BUSINESS_TYPES,
  type BusinessType,
  CARE_TYPES,
  type CodeTable,
  DOCUMENT_TYPES,
  ENROLMENTS,
  GENDERS,
  INSTITUTION_TYPES,
  labelCode,
  OPERATOR_TYPES,
  PERSON_CLASSES,
  PROVINCES,
  RELATIONS,
  SCHEMES,
  VISIT_DOCUMENTS,
} from '../src/codes.ts';

/** Typed from the published tables, not from the source. */
const OFFICIAL: readonly (readonly [string, CodeTable, string])[] = [
  [
    'businessType',
    BUSINESS_TYPES,
    `01101 挂号 · 01102 住院建档 · 01103 入院登记 · 01104 缴纳预缴金 · 01201 问诊 · 01202 预约检查 · 01203 检查 · 01204 治疗 ·
     01301 结算 · 01302 取药 · 01303 取报告 · 01304 打印票据和清单 · 01305 病历材料复印 · 02121 药店购药 · 02122 下载外购处方 ·
     03131 医疗类APP线上身份认证 · 03132 医疗类APP线上结算 · 05101 线下修改密码`,
  ],
  [
    'insutype',
    SCHEMES,
    `310 职工基本医疗保险 · 320 公务员医疗补助 · 330 大额医疗费用补助 · 340 离休人员医疗保障 · 350 一至六级残废军人医疗补助 ·
     360 老红军医疗保障 · 370 企业补充医疗保险 · 380 新型农村合作医疗 · 390 城乡居民基本医疗保险 · 391 城镇居民基本医疗保险 ·
     392 城乡居民大病医疗保险 · 399 其他特殊人员医疗保障 · 410 长期照护保险 · 510 生育保险`,
  ],
  ['psn_insu_stas', ENROLMENTS, '0 未参保 · 1 正常参保 · 2 暂停参保 · 3 无效参保 · 4 终止参保'],
  [
    'psn_cert_type',
    DOCUMENT_TYPES,
    `01 居民身份证（户口簿） · 02 解放军军官证 · 03 武警警官证 · 04 港澳居民来往内地通行证（香港） · 05 港澳居民来往内地通行证（澳门） ·
     06 台湾居民来往大陆通行证 · 07 外国人永久居留证 · 08 外国人护照 · 09 残疾人证 · 10 军烈属证明 · 11 外国人就业证 · 12 外国专家证 ·
     13 外国人常驻记者证 · 14 台港澳人员就业证 · 15 回国（来华）定居专家证 · 16 中国护照 · 17 港澳台居民居住证 · 90 社会保障卡 · 99 其他 ·
     990201 医学出生证明`,
  ],
  ['gend', GENDERS, '0 未知 · 1 男 · 2 女 · 9 未说明'],
  ['mdtrt_cert_type', VISIT_DOCUMENTS, '01 医保电子凭证 · 02 居民身份证 · 03 社会保障卡'],
  ['opter_type', OPERATOR_TYPES, '1 经办人 · 2 自助终端 · 3 移动终端'],
  ['fixmedins_type', INSTITUTION_TYPES, '1 医疗机构 · 2 零售药店 · 3 工伤康复 · 4 辅助器具 · 5 计划生育'],
  [
    'agnter_rlts',
    RELATIONS,
    '1 配偶 · 2 子女 · 4 孙子女/外孙子女 · 5 父母 · 6 祖父母/外祖父母 · 7 兄弟姐妹 · 8 其他亲属 · 9 非亲属 · 901 单位经办人',
  ],
  [
    'psn_type',
    PERSON_CLASSES,
    `11 在职 · 12 退休 · 13 离休 · 1401 新生儿 · 1402 学龄前儿童 · 1403 中小学生 · 1404 大学生 · 1405 未成年（未入学） ·
     15 居民（成年） · 16 居民（老年） · 99 其他`,
  ],
  ['psn_idet_type', ASSISTANCE_CLASSES, '2302 建档立卡 · 2303 低保 · 2304 特困 · 2305 低收入 · 2308 残疾'],
  [
    'med_type',
    CARE_TYPES,
    '11 普通门诊 · 13 急诊 · 14 门诊慢特病 · 28 日间手术 · 41 药店购药 · 51 生育门诊 · 52 生育住院',
  ],
  [
    'GB/T 2260',
    PROVINCES,
    `11 北京市 · 12 天津市 · 13 河北省 · 14 山西省 · 15 内蒙古自治区 · 21 辽宁省 · 22 吉林省 · 23 黑龙江省 · 31 上海市 · 32 江苏省 ·
     33 浙江省 · 34 安徽省 · 35 福建省 · 36 江西省 · 37 山东省 · 41 河南省 · 42 湖北省 · 43 湖南省 · 44 广东省 · 45 广西壮族自治区 ·
     46 海南省 · 50 重庆市 · 51 四川省 · 52 贵州省 · 53 云南省 · 54 西藏自治区 · 61 陕西省 · 62 甘肃省 · 63 青海省 ·
     64 宁夏回族自治区 · 65 新疆维吾尔自治区 · 71 台湾省 · 81 香港特别行政区 · 82 澳门特别行政区`,
  ],
];

const TABLES: readonly (readonly [string, CodeTable])[] = OFFICIAL.map(([name, table]) => [name, table]);

describe('code tables', () => {
  test.each(OFFICIAL)('%s holds the official rows', (name, table, rows) => {
    const official = table.filter(({ code }) => name !== 'businessType' || !code.startsWith('9'));
    expect(official.map(({ code, label }) => `${code} ${label.zh}`)).toEqual(
      rows.split('·').map((row) => row.trim().replaceAll(/\s+/g, ' ')),
    );
  });

  test.each(TABLES)('%s: each code stands once and reads in both languages', (_, table) => {
    expect(new Set(table.map(({ code }) => code)).size).toBe(table.length);
    for (const language of ['zh', 'en'] as const) {
      expect(new Set(table.map(({ label }) => label[language])).size).toBe(table.length);
    }
    for (const { code, label } of table) {
      expect(label.zh, code).toMatch(/^[\p{Script=Han}A-Z（）/]+$/u);
      expect(label.en, code).toMatch(/^[A-Z][A-Za-z0-9 ,'-]+$/);
    }
  });

  test('counter business has five digits in the private range', () => {
    const counter = BUSINESS_TYPES.filter(({ code }) => code.startsWith('9'));
    expect(counter.map(({ label }) => label.zh)).toEqual(
      expect.arrayContaining(['参保登记', '异地备案', '生育津贴', '关系转移', '缴费']),
    );
    for (const { code } of counter) expect(code).toMatch(/^9\d{4}$/);
  });
});

describe('labelCode', () => {
  test('labels a known code in either language', () => {
    expect(labelCode(SCHEMES, '310', 'zh')).toBe('职工基本医疗保险');
    expect(labelCode(PROVINCES, '370202'.slice(0, 2), 'zh')).toBe('山东省');
    expect(labelCode(PROVINCES, '370202'.slice(0, 2), 'en')).toBe('Shandong');
    const settlement: BusinessType = '01301';
    expect(labelCode(BUSINESS_TYPES, settlement, 'en')).toBe('Settlement');
  });

  test.each(['3101', '1', '', 'toString', '__proto__', '０1'])(
    'gives a code that it does not know back: %j',
    (code) => {
      const regional: BusinessType = code;
      expect(labelCode(BUSINESS_TYPES, regional, 'zh')).toBe(code);
      expect(labelCode(BUSINESS_TYPES, regional, 'en')).toBe(code);
    },
  );

  test.each([undefined, null, {}, '310'])('%j is no table: a TypeError', (table) => {
    expect(() => labelCode(table as never, '310', 'zh')).toThrow(new TypeError('table must be a code table'));
  });
});
