import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SettingsProvider } from "../theme/settings";
import { Button, InputNumber, Modal, Pick, PickMany, Popover, Segmented } from "./controls";

vi.stubGlobal("matchMedia", () => ({
  matches: true, // no motion
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
// Styles are nothing to jsdom, which does not know layers of css.
Object.assign(document, { adoptedStyleSheets: [] });
vi.stubGlobal("CSSStyleSheet", class { replaceSync = () => undefined; });
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  },
);

beforeEach(() => localStorage.setItem("zan.settings", JSON.stringify({ language: "en" })));
afterEach(cleanup);

const shown = (control: JSX.Element) => render(<SettingsProvider>{control}</SettingsProvider>);

describe("a button", () => {
  it("does nothing while the answer is on its way, and submits nothing", () => {
    const pressed = vi.fn();
    shown(
      <Button loading htmlType="submit" onClick={pressed}>
        Save
      </Button>,
    );
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Save" });
    fireEvent.click(button);
    expect(pressed).not.toHaveBeenCalled();
    expect(button.type).toBe("button");
    expect(button.disabled).toBe(false);
  });
});

describe("a number", () => {
  function Held({ told }: { told: (value: number | null) => void }) {
    const [value, setValue] = useState<number | null>(3);
    const take = (next: number | null) => {
      told(next);
      setValue(next);
    };
    return <InputNumber value={value} min={1} max={10} whole aria-label="days" onChange={take} />;
  }
  const field = () => screen.getByRole<HTMLInputElement>("spinbutton", { name: "days" });
  it("is told when it is within its bounds, and brought within when the field is left", () => {
    const told = vi.fn();
    shown(<Held told={told} />);
    fireEvent.change(field(), { target: { value: "7" } });
    expect(told).toHaveBeenLastCalledWith(7);
    fireEvent.change(field(), { target: { value: "70" } });
    expect(told).toHaveBeenCalledTimes(1);
    fireEvent.blur(field());
    expect(told).toHaveBeenLastCalledWith(10);
    expect(field().value).toBe("10");
  });
  it("is nothing where nothing stands", () => {
    const told = vi.fn();
    shown(<Held told={told} />);
    fireEvent.change(field(), { target: { value: "" } });
    expect(told).toHaveBeenLastCalledWith(null);
  });
});

const choices = ["apple", "apricot", "plum"].map((value) => ({ value, label: value }));

// The first that needs the library also shows what stands until it is there; it stays for those after it.
const patience = { timeout: 20_000 };
const fruit = () => screen.getByRole<HTMLInputElement>("combobox", { name: "fruit" });
const theLibrary = () => waitFor(() => expect(document.querySelector(".ant-select")).not.toBeNull(), patience);
const found = () => [...document.querySelectorAll(".ant-select-item-option")].map((each) => each.textContent);

describe("one of many", () => {
  it("says what is chosen before the library is there, and keeps the focus and what is typed", async () => {
    shown(<Pick value="plum" choices={choices} onChange={vi.fn()} aria-label="fruit" />);
    expect(fruit().value).toBe("plum");
    expect(document.querySelector(".ant-select")).toBeNull();
    act(() => fruit().focus());
    fireEvent.change(fruit(), { target: { value: "AP" } });
    expect(fruit().value).toBe("AP");
    await theLibrary();
    await waitFor(() => expect(found()).toEqual(["apple", "apricot"]), patience);
    expect(fruit().value).toBe("AP");
    expect(document.activeElement).toBe(fruit());
  }, 30_000);
  it("is found by typing and taken by Enter", async () => {
    const taken = vi.fn();
    shown(<Pick value="plum" choices={choices} onChange={taken} aria-label="fruit" />);
    await theLibrary();
    fireEvent.mouseDown(fruit());
    fireEvent.change(fruit(), { target: { value: "apr" } });
    expect(found()).toEqual(["apricot"]);
    fireEvent.keyDown(fruit(), { key: "Enter", keyCode: 13 });
    expect(taken.mock.calls[0]![0]).toBe("apricot");
    expect(fruit().value).toBe("");
  });
  it("has headings where choices are in groups", async () => {
    const sorted = choices.map((each) => ({ ...each, group: each.value === "plum" ? "stones" : "a" }));
    shown(<Pick value="plum" choices={sorted} onChange={vi.fn()} aria-label="fruit" />);
    await theLibrary();
    fireEvent.mouseDown(fruit());
    const headings = [...document.querySelectorAll(".ant-select-item-group")].map((each) => each.textContent);
    expect(headings).toEqual(["a", "stones"]);
  });
});

describe("several of many", () => {
  it("are added, and left out by Backspace from the end", async () => {
    const taken = vi.fn();
    shown(<PickMany value={["apple", "plum"]} choices={choices} onChange={taken} aria-label="fruit" />);
    await theLibrary();
    fireEvent.keyDown(fruit(), { key: "Backspace", keyCode: 8 });
    expect(taken.mock.calls.at(-1)![0]).toEqual(["apple"]);
    fireEvent.mouseDown(fruit());
    fireEvent.change(fruit(), { target: { value: "apr" } });
    fireEvent.keyDown(fruit(), { key: "Enter", keyCode: 13 });
    expect(taken.mock.calls.at(-1)![0]).toEqual(["apple", "plum", "apricot"]);
    expect(fruit().value).toBe("");
  });
});

describe("a dialog", () => {
  const asked = (open: boolean, cancel: () => void) => (
    <SettingsProvider>
      <Modal open={open} title="Really?" okText="Yes" cancelText="No" onCancel={cancel}>
        <input aria-label="why" />
      </Modal>
    </SettingsProvider>
  );
  it("is not drawn before it is opened, and gone when it is closed", async () => {
    const cancelled = vi.fn();
    const { rerender } = render(asked(false, cancelled));
    expect(document.querySelector(".ant-modal-root")).toBeNull();
    rerender(asked(true, cancelled));
    await screen.findByRole("dialog", { name: "Really?" }, patience);
    fireEvent.click(screen.getByRole("button", { name: "No" }));
    expect(cancelled).toHaveBeenCalledTimes(1);
    rerender(asked(false, cancelled));
    await waitFor(() => expect(screen.queryByLabelText("why")).toBeNull());
  });
});

describe("what a button opens", () => {
  it("is closed by Escape, which gives the button the focus back", async () => {
    shown(
      <Popover label="Settings" icon={null}>
        <input aria-label="zone" />
      </Popover>,
    );
    const button = screen.getByRole("button", { name: "Settings" });
    fireEvent.click(button);
    fireEvent.keyDown(await screen.findByLabelText("zone", {}, patience), { key: "Escape" });
    expect(button.getAttribute("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(button);
  });
});

describe("a few side by side", () => {
  it("are radio buttons of one group", () => {
    const taken = vi.fn();
    shown(<Segmented value="plum" options={choices} onChange={taken} aria-label="fruit" />);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "plum" }).checked).toBe(true);
    fireEvent.click(screen.getByText("apple"));
    expect(taken).toHaveBeenCalledWith("apple");
  });
});
