import { describe, expect, it } from "vitest";

import { commandFor } from "./keyboard";

function press(key: string, html = "<div></div>", modifiers: Partial<KeyboardEvent> = {}): boolean {
  document.body.innerHTML = html;
  return commandFor({ key, target: document.body.firstElementChild, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false, ...modifiers }) !== null;
}

describe("commandFor", () => {
  it.each([" ", "k", "ArrowLeft", "ArrowRight", "Home"])("acts on %j anywhere", (key) => expect(press(key)).toBe(true));

  it.each(["<textarea></textarea>", "<input>", '<span role="slider"></span>', '<button role="tab"></button>'])("leaves the keys to %s", (html) => {
    expect(press("ArrowRight", html)).toBe(false);
    expect(press(" ", html)).toBe(false);
  });

  it("leaves the space bar to a button, but not the arrows", () => {
    expect(press(" ", "<button></button>")).toBe(false);
    expect(press("ArrowLeft", "<button></button>")).toBe(true);
  });

  it("does not stutter while a key is held, but goes on moving", () => {
    expect(press(" ", undefined, { repeat: true })).toBe(false);
    expect(press("ArrowRight", undefined, { repeat: true })).toBe(true);
  });

  it("leaves shortcuts of the browser alone", () => {
    expect(press("ArrowLeft", undefined, { altKey: true })).toBe(false);
    expect(press("ArrowLeft", undefined, { shiftKey: true })).toBe(false);
    expect(press("a")).toBe(false);
  });
});
