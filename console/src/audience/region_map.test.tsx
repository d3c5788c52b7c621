import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Schemas } from "../api/client";
import { SettingsProvider } from "../theme/settings";
import { RegionMap } from "./region_map";

vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
beforeEach(() => localStorage.setItem("zan.settings", JSON.stringify({ language: "en", zone: "UTC" })));
afterEach(cleanup);

const row = (tag: string, value: string, share: number): Schemas["Composition"]["rows"][number] => ({
  tag,
  value,
  en: value,
  zh: value,
  count: 10,
  share,
  low: share,
  high: share,
  base_share: 0.1,
  surprise: 1,
});
const show = (rows: ReturnType<typeof row>[]) =>
  render(
    <SettingsProvider>
      <RegionMap rows={rows} />
    </SettingsProvider>,
  );

describe("the diagram of regions", () => {
  it("is of what was declared, and else of what the last acts named", () => {
    show([row("seen_in", "cn-gd", 0.4)]);
    expect(screen.getByText(/As the last act of each named it/)).toBeTruthy();
    cleanup();
    show([row("seen_in", "cn-gd", 0.4), row("region", "cn-bj", 0.2)]);
    expect(screen.getByText(/As they declare it/)).toBeTruthy();
    expect(screen.getByLabelText("Guangdong: nobody, or too few to tell")).toBeTruthy();
  });
  it("says of each what is known of it", () => {
    show([row("region", "cn-gd", 0.4), row("region", "cn-bj", 0.08), row("city", "cn-sh", 0.3)]);
    expect(screen.getByLabelText("Guangdong: 40% here, 10% of everybody").className).toContain("region-5");
    expect(screen.getByLabelText("Beijing: 8% here, 10% of everybody").className).toContain("region-1");
    expect(screen.getByLabelText("Shanghai: nobody, or too few to tell").className).toContain("region-0");
    expect(screen.getAllByRole("listitem").length).toBe(34);
  });
  it("is not drawn of words that it does not know", () => {
    const { container } = show([row("region", "district-9", 0.4)]);
    expect(container.querySelector("figure")).toBeNull();
  });
});
