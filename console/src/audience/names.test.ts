import { describe, expect, it } from "vitest";
import { namesOf, partsOf, uploadNumber } from "./names";

describe("names of people", () => {
  it("are one a line, each once, without blanks around", () => {
    expect(namesOf("\ufeffli\r\n\n  wang \nli\r42")).toEqual(["li", "wang", "42"]);
  });
  it("are the first column, also in quotes", () => {
    expect(namesOf('li,7\n"a, b";x\n"say ""hi"""\t1\n')).toEqual(["li", "a, b", 'say "hi"']);
  });
  it("may be none", () => {
    expect(namesOf("\n , \n")).toEqual([]);
    expect(partsOf([])).toEqual([]);
  });
  it("are cut by number and by bytes, and none is lost", () => {
    const names = Array.from({ length: 25 }, (_, i) => `u${i}`);
    expect(partsOf(names, 10).map((part) => part.length)).toEqual([10, 10, 5]);
    expect(partsOf(names, 10).flat()).toEqual(names);
    // 李 is three bytes, two quotes and a comma: six a name.
    expect(partsOf(["李", "王", "张"], 10, 12).map((part) => part.length)).toEqual([2, 1]);
  });
  it("have an upload that is a safe whole number above 0", () => {
    for (let i = 0; i < 100; ++i) {
      const number = uploadNumber();
      expect(Number.isSafeInteger(number) && number > 0).toBe(true);
    }
  });
});
