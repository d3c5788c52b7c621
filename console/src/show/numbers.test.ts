import { describe, expect, it } from "vitest";
import { bytes, duration, exact, exactPercent, isShortened, percent, short } from "./numbers";

describe("numbers", () => {
  it("stay whole as long as they are short", () => {
    expect(short(99_999, "en")).toBe("99,999");
    expect(short(9_999, "zh")).toBe("9,999");
    expect(isShortened(99_999, "en")).toBe(false);
    expect(isShortened(10_000, "zh")).toBe(true);
  });
  it("count in 万 and 亿 in Chinese, in K, M and B in English", () => {
    expect(short(10_000, "zh")).toBe("1万");
    expect(short(12_345, "zh")).toBe("1.23万");
    expect(short(1_234_567, "zh")).toBe("123万");
    expect(short(123_456_789, "zh")).toBe("1.23亿");
    expect(short(123_456, "en")).toBe("123K");
    expect(short(1_234_567, "en")).toBe("1.23M");
    expect(short(12_345_678_901, "en")).toBe("12.3B");
  });
  it("are cut and never rounded up", () => {
    expect(short(19_999, "zh")).toBe("1.99万");
    expect(short(99_999_999, "zh")).toBe("9,999万");
    expect(short(999_999, "en")).toBe("999K");
    expect(percent(0.99999, "en")).toBe("99.9%");
    expect(percent(0.07, "en", 2)).toBe("7%");
  });
  it("keep every digit where they are exact", () => {
    expect(exact(1_234_567_890, "en")).toBe("1,234,567,890");
    expect(exact(0.000001, "en")).toBe("0.000001");
    expect(exactPercent(0.858357, "en")).toBe("85.8357%");
  });
  it("say how long and how much", () => {
    expect(duration(25_933, "en")).toBe("25 s");
    expect(duration(25_022_000, "en")).toBe("6 h 57 min");
    expect(duration(0, "zh")).toBe("0 秒");
    expect(duration(90_000, "zh")).toBe("1分30秒");
    expect(bytes(13_574_170, "en")).toBe("13.5 MB");
  });
});
