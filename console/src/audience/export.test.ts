import { describe, expect, it } from "vitest";
import { toCsv } from "./export";

describe("a table as CSV", () => {
  it("keeps numbers as the API gave them", () => {
    expect(toCsv(["tag", "share"], [{ tag: "a", share: 0.858357 }])).toBe("tag,share\r\na,0.858357\r\n");
  });
  it("quotes what needs it and lets no cell become a formula", () => {
    expect(
      toCsv(
        ["a", "b"],
        [
          { a: 'say "no", or', b: "=1+1" },
          { a: "two\nlines", b: -3 },
        ],
      ),
    ).toBe('a,b\r\n"say ""no"", or",\'=1+1\r\n"two\nlines",-3\r\n');
  });
});
