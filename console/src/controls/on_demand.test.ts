import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { onDemand, whenIdleOrWished } from "./on_demand";

const soon = () => new Promise((done) => setTimeout(done));

describe("a part on demand", () => {
  it("is loaded at the first wish, once, and tells of it", async () => {
    const load = vi.fn(async () => "part");
    const part = onDemand(load);
    const told = vi.fn();
    part.subscribe(told);
    expect(part.now()).toEqual({ part: null, failed: false });
    expect(load).not.toHaveBeenCalled();
    part.want();
    part.want();
    await soon();
    part.want();
    expect(part.now()).toEqual({ part: "part", failed: false });
    expect(load).toHaveBeenCalledTimes(1);
    expect(told).toHaveBeenCalledTimes(1);
  });
  it("that does not come says so, and comes when it is asked for again", async () => {
    const load = vi.fn(async () => "part");
    load.mockRejectedValueOnce(new Error("offline"));
    const part = onDemand(load);
    part.want();
    await soon();
    expect(part.now()).toEqual({ part: null, failed: true });
    part.want();
    expect(part.now().failed).toBe(false);
    await soon();
    expect(part.now()).toEqual({ part: "part", failed: false });
  });
  it("tells nobody who has gone", async () => {
    const part = onDemand(async () => "part");
    const told = vi.fn();
    part.subscribe(told)();
    part.want();
    await soon();
    expect(told).not.toHaveBeenCalled();
  });
});

describe("ahead of need", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    document.body.innerHTML = "";
  });
  it("waits for a quiet page", () => {
    const want = vi.fn();
    whenIdleOrWished(want);
    vi.advanceTimersByTime(1_500);
    expect(want).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(want).toHaveBeenCalled();
  });
  it("is sooner when somebody comes to a button, and only then", () => {
    document.body.innerHTML = "<p>text</p><button><i>open</i></button>";
    const want = vi.fn();
    whenIdleOrWished(want);
    document.querySelector("p")!.dispatchEvent(new Event("pointerover", { bubbles: true }));
    expect(want).not.toHaveBeenCalled();
    document.querySelector("i")!.dispatchEvent(new Event("pointerover", { bubbles: true }));
    document.querySelector("button")!.focus();
    expect(want).toHaveBeenCalledTimes(1);
  });
});
