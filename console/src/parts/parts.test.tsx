import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../api/client";
import type { Schemas } from "../api/client";
import { SegmentForm } from "../audience/segment_form";
import { readSegment, writeSegment, type Segment } from "../audience/segment_text";
import { SettingsProvider } from "../theme/settings";
import { Count, plain, Share } from "./figures";
import { Trouble } from "./states";

vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));

const inLanguage = (language: "en" | "zh", children: ReactNode) => {
  localStorage.setItem("zan.settings", JSON.stringify({ language }));
  return render(<SettingsProvider>{children}</SettingsProvider>);
};
beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe("figures", () => {
  it("shorten for the eye and keep the exact number beside it", () => {
    const { container } = inLanguage("zh", <Count value={12345678} />);
    const data = container.querySelector("data")!;
    expect(data.getAttribute("value")).toBe("12345678");
    expect(data.title).toBe("12,345,678");
    expect(data.querySelector("[aria-hidden]")!.textContent).toBe("1,234万");
    expect(data.querySelector(".unseen")!.textContent).toBe("12,345,678");
  });
  it("leave short numbers as they are", () => {
    const { container } = inLanguage(
      "en",
      <>
        <Count value={99999} />
        <Share value={0.123456} />
      </>,
    );
    expect(container.querySelectorAll("data")[0]!.textContent).toBe("99,999");
    expect(container.querySelectorAll("data")[1]!.title).toBe("12.3456%");
  });
  it("show what a strange name would rather hide", () => {
    expect(plain("a\u202eb\u0007")).toBe("a\\u{202e}b\\u{7}");
  });
});

describe("states", () => {
  it("say what was refused, with the request's number, and try again", () => {
    const again = vi.fn();
    inLanguage(
      "en",
      <Trouble
        error={new ApiProblem(403, { title: "Not yours", detail: "only yours", instance: "urn:zhenzan:request:abc" })}
        again={again}
      />,
    );
    expect(screen.getByRole("alert").textContent).toContain("This is not yours to see");
    expect(screen.getByRole("alert").textContent).toContain("request abc");
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(again).toHaveBeenCalledOnce();
  });
  it("tell a silent server from a refusal", () => {
    inLanguage("zh", <Trouble error={new ApiProblem(0, {})} />);
    expect(screen.getByRole("alert").textContent).toContain("服务器没有应答");
  });
});

const flag: Schemas["Tag"] = {
  tag: "daily",
  type: "flag",
  en: "Every day",
  zh: "每天",
  source: "derived",
  sensitivity: "ordinary",
  purposes: ["reports"],
  owner: "audience",
  how: { en: "", zh: "" },
};

describe("a segment as a form", () => {
  const form = (text: string) => {
    const changed = vi.fn<(segment: Segment) => void>();
    inLanguage("en", <SegmentForm of={readSegment(text)} tags={[flag]} change={changed} />);
    return { changed, last: () => writeSegment(changed.mock.lastCall![0]) };
  };
  it("adds a condition to what is there", () => {
    const { last } = form("count(like, last 30d) >= 1");
    fireEvent.click(screen.getByRole("button", { name: "Condition" }));
    expect(last()).toBe("count(like, last 30d) >= 1 and daily");
  });
  it("turns a condition round, and removes it", () => {
    const { last } = form("daily and weekender");
    fireEvent.click(screen.getAllByText("is not")[0]!);
    expect(last()).toBe("not daily and weekender");
    fireEvent.click(screen.getAllByRole("button", { name: "Remove" })[1]!);
    expect(last()).toBe("daily");
  });
  it("joins by or what was joined by and", () => {
    const { last } = form("daily and weekender");
    fireEvent.click(screen.getByText("any of"));
    expect(last()).toBe("daily or weekender");
  });
});
