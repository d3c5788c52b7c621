import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SettingsProvider } from "../theme/settings";
import { signals, type Arm, type Rate, type Report } from "./experiment";
import { ReportView } from "./experiment_report";

vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
beforeEach(() => localStorage.setItem("zan.settings", JSON.stringify({ language: "en", zone: "UTC" })));
afterEach(cleanup);

const own: Rate = { of_showings: 0.1, by_person: 0.12, interval: { low: 0.1, high: 0.14 } };
const beside = (decided_at: string | null): Rate => ({
  ...own,
  difference: 0.02,
  difference_interval: { low: 0.01, high: 0.03 },
  decided_at,
});
const arm = (name: string, people_settled: number, rate: Rate): Arm => ({
  name,
  people: 100,
  people_settled,
  showings: 1000,
  explored_share: 0.1,
  works_gini: 0.5,
  creators_gini: 0.4,
  rates: Object.fromEntries(signals.map((signal) => [signal, rate])) as Arm["rates"],
});
const report = (settled: number, decided: string | null, broken = false): Report => ({
  proportions_broken: broken,
  showings_turned_away: 0,
  arms: [arm("control", settled, own), arm("B", settled, beside(decided))],
});
const worth = { click: 1, long_view: 1, like: 1, follow: 1, comment: 1, dislike: -1, leave: -1 };
const show = (of: Report) =>
  render(
    <SettingsProvider>
      <ReportView of={of} worth={worth} />
    </SettingsProvider>,
  );

describe("a report", () => {
  it("of broken proportions shows no number", () => {
    show(report(90, null, true));
    expect(screen.getByRole("alert").textContent).toContain("Read no further");
    expect(screen.queryByRole("table")).toBeNull();
  });
  it("in which nobody's day is over shows no rate", () => {
    show(report(0, null));
    expect(screen.getByText(/Nobody's first day in it is over yet/)).toBeTruthy();
    expect(screen.queryByText("Difference")).toBeNull();
  });
  it("says better and worse by what the policy wants, and not yet", () => {
    const { container } = show(report(90, "2026-01-02T00:00:00Z"));
    expect(screen.getAllByText("Better").length).toBe(5);
    expect(screen.getAllByText("Worse").length).toBe(2);
    expect(container.querySelector(".beside")!.getAttribute("aria-label")).toBe("2% (between 1% and 3%)");
    cleanup();
    show(report(90, null));
    expect(screen.getAllByText("not yet").length).toBe(7);
  });
});
