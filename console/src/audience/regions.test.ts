import { describe, expect, it } from "vitest";
import { regionOf, regions, shadeOf } from "./regions";

describe("regions", () => {
  it("have a square each", () => {
    expect(regions.length).toBe(34);
    expect(new Set(regions.map((region) => `${region.column} ${region.row}`)).size).toBe(34);
    expect(new Set(regions.map((region) => region.code)).size).toBe(34);
  });
  it("are known by both standards' words", () => {
    for (const word of ["cn-gd", "CN-GD", "44", "440000", "cn-44"]) expect(regionOf(word)?.en).toBe("Guangdong");
    expect(regionOf("820000")?.zh).toBe("澳门");
  });
  it("are not guessed", () => {
    for (const word of ["", "gd", "cn-", "cn-xx", "us-ca", "440100", "4400", "sim-region-44", "99"])
      expect(regionOf(word)).toBeUndefined();
  });
  it("are as dark as their part of the greatest share", () => {
    expect([0, 0.001, 0.1, 0.11, 0.49, 0.5].map((share) => shadeOf(share, 0.5))).toEqual([0, 1, 1, 2, 5, 5]);
    expect(shadeOf(0, 0)).toBe(0);
  });
});
