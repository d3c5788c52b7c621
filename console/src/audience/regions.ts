// The province-level regions of China, each a square whose neighbours are about its neighbours: a diagram and not a map, as
// it has no borders. An operator's words for them are ISO 3166-2 (cn-bj) or GB/T 2260 (11, 110000).

export interface Region {
  code: string; // of ISO 3166-2, without the country
  column: number;
  row: number;
  en: string;
  zh: string;
}

const table: readonly (readonly [code: string, number: string, column: number, row: number, en: string, zh: string])[] = [
  ["hl", "23", 8, 1, "Heilongjiang", "黑龙江"],
  ["xj", "65", 1, 2, "Xinjiang", "新疆"],
  ["nm", "15", 5, 2, "Inner Mongolia", "内蒙古"],
  ["ln", "21", 7, 2, "Liaoning", "辽宁"],
  ["jl", "22", 8, 2, "Jilin", "吉林"],
  ["qh", "63", 2, 3, "Qinghai", "青海"],
  ["gs", "62", 3, 3, "Gansu", "甘肃"],
  ["nx", "64", 4, 3, "Ningxia", "宁夏"],
  ["sx", "14", 5, 3, "Shanxi", "山西"],
  ["he", "13", 6, 3, "Hebei", "河北"],
  ["bj", "11", 7, 3, "Beijing", "北京"],
  ["tj", "12", 8, 3, "Tianjin", "天津"],
  ["xz", "54", 1, 4, "Tibet", "西藏"],
  ["sn", "61", 4, 4, "Shaanxi", "陕西"],
  ["ha", "41", 5, 4, "Henan", "河南"],
  ["sd", "37", 6, 4, "Shandong", "山东"],
  ["js", "32", 7, 4, "Jiangsu", "江苏"],
  ["sc", "51", 3, 5, "Sichuan", "四川"],
  ["cq", "50", 4, 5, "Chongqing", "重庆"],
  ["hb", "42", 5, 5, "Hubei", "湖北"],
  ["ah", "34", 6, 5, "Anhui", "安徽"],
  ["zj", "33", 7, 5, "Zhejiang", "浙江"],
  ["sh", "31", 8, 5, "Shanghai", "上海"],
  ["gz", "52", 4, 6, "Guizhou", "贵州"],
  ["hn", "43", 5, 6, "Hunan", "湖南"],
  ["jx", "36", 6, 6, "Jiangxi", "江西"],
  ["fj", "35", 7, 6, "Fujian", "福建"],
  ["tw", "71", 8, 6, "Taiwan", "台湾"],
  ["yn", "53", 3, 7, "Yunnan", "云南"],
  ["gx", "45", 4, 7, "Guangxi", "广西"],
  ["gd", "44", 5, 7, "Guangdong", "广东"],
  ["hk", "81", 6, 7, "Hong Kong", "香港"],
  ["hi", "46", 4, 8, "Hainan", "海南"],
  ["mo", "82", 5, 8, "Macao", "澳门"],
];

export const regions: readonly Region[] = table.map(([code, , column, row, en, zh]) => ({ code, column, row, en, zh }));

const byWord = new Map(table.flatMap(([code, number], i) => [code, number].map((word) => [word, regions[i]!] as const)));

// Undefined: none of these, or of another way to name them.
export function regionOf(word: string): Region | undefined {
  const iso = /^cn-([a-z]{2})$/i.exec(word)?.[1]?.toLowerCase();
  const national = /^(?:cn-)?(\d\d)(?:0000)?$/i.exec(word)?.[1];
  return byWord.get(iso ?? national ?? "");
}

// How dark a share is drawn, 0 to 5: fifths of the greatest, so that the least that is told is still seen.
export function shadeOf(share: number, greatest: number): number {
  return share <= 0 || greatest <= 0 ? 0 : Math.max(1, Math.ceil((share / greatest) * 5));
}
