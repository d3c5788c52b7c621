import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SettingsProvider } from "../theme/settings";
import { Button, InputNumber, Pick, PickMany, Segmented } from "./controls";

vi.stubGlobal("matchMedia", () => ({
  matches: false,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
Element.prototype.scrollIntoView = () => undefined;

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

describe("one of many", () => {
  it("is found by typing and taken by Enter", () => {
    const taken = vi.fn();
    shown(<Pick value="plum" choices={choices} onChange={taken} aria-label="fruit" />);
    const field = screen.getByRole<HTMLInputElement>("combobox", { name: "fruit" });
    expect(field.value).toBe("plum");
    fireEvent.change(field, { target: { value: "AP" } });
    const found = screen.getAllByRole("option", { hidden: true });
    expect(found.map((option) => option.textContent)).toEqual(["apple", "apricot"]);
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "Enter" });
    expect(taken).toHaveBeenCalledWith("apricot");
    expect(screen.queryByRole("listbox", { hidden: true })).toBeNull();
  });
  it("goes round at the end, and stays as it was by Escape", () => {
    const taken = vi.fn();
    shown(<Pick value="plum" choices={choices} onChange={taken} aria-label="fruit" />);
    const field = screen.getByRole("combobox", { name: "fruit" });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    const meant = document.getElementById(field.getAttribute("aria-activedescendant")!);
    expect(meant!.textContent).toBe("apple");
    fireEvent.keyDown(field, { key: "Escape" });
    expect(field.getAttribute("aria-expanded")).toBe("false");
    expect(taken).not.toHaveBeenCalled();
  });
});

describe("several of many", () => {
  it("are added, left out by their cross, and by Backspace from the end", () => {
    const taken = vi.fn();
    shown(<PickMany value={["apple", "plum"]} choices={choices} onChange={taken} aria-label="fruit" />);
    const field = screen.getByRole("combobox", { name: "fruit" });
    fireEvent.change(field, { target: { value: "apr" } });
    fireEvent.keyDown(field, { key: "Enter" });
    expect(taken).toHaveBeenLastCalledWith(["apple", "plum", "apricot"]);
    fireEvent.click(screen.getByRole("button", { name: "Leave out apple" }));
    expect(taken).toHaveBeenLastCalledWith(["plum"]);
    fireEvent.keyDown(field, { key: "Backspace" });
    expect(taken).toHaveBeenLastCalledWith(["apple"]);
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
