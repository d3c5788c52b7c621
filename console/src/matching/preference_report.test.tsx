import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SettingsProvider } from "../theme/settings";
import { signals, type Preferences } from "./experiment";
import { PreferenceView } from "./preference_report";

vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
beforeEach(() => localStorage.setItem("zan.settings", JSON.stringify({ language: "en", zone: "UTC" })));
afterEach(cleanup);

const none = { in_service: 0, tried: 0, preference: 0, interval: { low: -1, high: 1 }, decided_at: null };
const told = (people_settled: number, requests_turned_away = 0): Preferences => ({
  people: 120,
  people_settled,
  requests: 480,
  requests_turned_away,
  places_in_service: 4801,
  places_tried: 4799,
  signals: {
    ...(Object.fromEntries(signals.map((name) => [name, none])) as Preferences["signals"]),
    like: { in_service: 40, tried: 90, preference: 0.31, interval: { low: 0.12, high: 0.5 }, decided_at: "2026-05-01T10:00:00Z" },
    leave: { in_service: 9, tried: 30, preference: 0.2, interval: { low: 0.1, high: 0.3 }, decided_at: "2026-05-01T10:00:00Z" },
  },
});
const worth = { click: 1, long_view: 1, like: 1, follow: 1, comment: 1, dislike: -1, leave: -1 };
const show = (of: Preferences) =>
  render(
    <SettingsProvider>
      <PreferenceView of={of} worth={worth} />
    </SettingsProvider>,
  );
const row = (name: string) => within(screen.getByRole("row", { name: new RegExp(`^${name}`) }));

describe("what is preferred", () => {
  it("is not told before anybody's day is over", () => {
    show(told(0));
    expect(screen.queryByRole("table")).toBeNull();
    expect(screen.getByText(/120 people, of them 0 counted; 480 feeds/)).toBeTruthy();
  });
  it("is told with its deeds, its interval and since when", () => {
    show(told(100));
    const like = row("Likes it");
    expect(like.getByText("40")).toBeTruthy();
    expect(like.getByText("90")).toBeTruthy();
    expect(like.getByText("Better")).toBeTruthy();
    expect(row("Opens it").getByText("not yet")).toBeTruthy();
  });
  it("is worse where more is left", () => {
    show(told(100));
    expect(row("Leaves at once").getByText("Worse")).toBeTruthy();
  });
  it("says what was not counted", () => {
    show(told(100, 7));
    expect(screen.getByText(/7 feeds beyond the most people/)).toBeTruthy();
  });
});
