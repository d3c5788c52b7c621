// @vitest-environment node
import { describe, expect, it } from "vitest";
import { parseVkey, utf8, verifyReceipt } from "zan-verify";
import receipt from "./sample.json?raw";

// sample.json is a receipt of a throw-away log; this is that log's public key.
const vkey = "zhenzan.invalid/fa889e799a66b028+976b987b+AfJGpEOhPTzSBTNHuIici1pktkfRVW8n2IfMJW6ZWo3l";

const check = async (text: string) => verifyReceipt(utf8(text), [await parseVkey(vkey)]);

describe("a receipt in the page", () => {
  it("is proven as the server gave it", async () => {
    const report = await check(receipt);
    expect(report.state).toBe("proven");
    expect(report.receipt?.identity?.user).toBe("me");
    expect(report.done).toEqual(["form", "person", "signature", "inclusion"]);
  });
  it.each([
    ["the work", '"subject": "2303"', '"subject": "2304"', "inclusion"],
    ["the person", '"user": "me"', '"user": "you"', "person"],
    ["the size", "\\n61037\\n", "\\n99999\\n", "signature"],
    ["the place", '"index": 61035', '"index": 7', "inclusion"],
  ])("is refused when %s is changed", async (_what, from, to, step) => {
    const changed = receipt.replace(from, to);
    expect(changed).not.toBe(receipt);
    const report = await check(changed);
    expect(report.state).toBe("refused");
    expect(report.failed).toBe(step);
  });
});
