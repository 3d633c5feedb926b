import type { CodeOf, CodeTable } from './table.ts';

/**
 * Provinces by the first two digits of a region, an ID number or an organisation code's region: 省级行政区划 (GB/T 2260).
 * `labelCode(PROVINCES, '370202'.slice(0, 2), 'zh')` is `山东省`.
 */
export const PROVINCES = [
  { code: '11', label: { zh: '北京市', en: 'Beijing' } },
  { code: '12', label: { zh: '天津市', en: 'Tianjin' } },
  { code: '13', label: { zh: '河北省', en: 'Hebei' } },
  { code: '14', label: { zh: '山西省', en: 'Shanxi' } },
  { code: '15', label: { zh: '内蒙古自治区', en: 'Inner Mongolia' } },
  { code: '21', label: { zh: '辽宁省', en: 'Liaoning' } },
  { code: '22', label: { zh: '吉林省', en: 'Jilin' } },
  { code: '23', label: { zh: '黑龙江省', en: 'Heilongjiang' } },
  { code: '31', label: { zh: '上海市', en: 'Shanghai' } },
  { code: '32', label: { zh: '江苏省', en: 'Jiangsu' } },
  { code: '33', label: { zh: '浙江省', en: 'Zhejiang' } },
  { code: '34', label: { zh: '安徽省', en: 'Anhui' } },
  { code: '35', label: { zh: '福建省', en: 'Fujian' } },
  { code: '36', label: { zh: '江西省', en: 'Jiangxi' } },
  { code: '37', label: { zh: '山东省', en: 'Shandong' } },
  { code: '41', label: { zh: '河南省', en: 'Henan' } },
  { code: '42', label: { zh: '湖北省', en: 'Hubei' } },
  { code: '43', label: { zh: '湖南省', en: 'Hunan' } },
  { code: '44', label: { zh: '广东省', en: 'Guangdong' } },
  { code: '45', label: { zh: '广西壮族自治区', en: 'Guangxi' } },
  { code: '46', label: { zh: '海南省', en: 'Hainan' } },
  { code: '50', label: { zh: '重庆市', en: 'Chongqing' } },
  { code: '51', label: { zh: '四川省', en: 'Sichuan' } },
  { code: '52', label: { zh: '贵州省', en: 'Guizhou' } },
  { code: '53', label: { zh: '云南省', en: 'Yunnan' } },
  { code: '54', label: { zh: '西藏自治区', en: 'Tibet' } },
  { code: '61', label: { zh: '陕西省', en: 'Shaanxi' } },
  { code: '62', label: { zh: '甘肃省', en: 'Gansu' } },
  { code: '63', label: { zh: '青海省', en: 'Qinghai' } },
  { code: '64', label: { zh: '宁夏回族自治区', en: 'Ningxia' } },
  { code: '65', label: { zh: '新疆维吾尔自治区', en: 'Xinjiang' } },
  { code: '71', label: { zh: '台湾省', en: 'Taiwan' } },
  { code: '81', label: { zh: '香港特别行政区', en: 'Hong Kong' } },
  { code: '82', label: { zh: '澳门特别行政区', en: 'Macao' } },
] as const satisfies CodeTable;

/** A code of {@link PROVINCES}, two digits. */
export type Province = CodeOf<typeof PROVINCES>;

/** Whether region codes of a province begin with these two digits. */
export function isProvince(digits: string): boolean {
  return PROVINCES.some(({ code }) => code === digits);
}
