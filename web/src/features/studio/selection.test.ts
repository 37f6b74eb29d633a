import { describe, expect, it } from "vitest";

import { addressOf, isForBrowser, selectionOf, VIEWS, viewOf } from "./selection";

describe("addresses", () => {
  it("lead back to their pages", () => {
    for (const view of VIEWS) {
      expect(viewOf(new URLSearchParams(addressOf(view).slice(1)).get("view"))).toBe(view);
    }
    expect(viewOf("nonsense")).toBe("generate");
  });

  it("name a song on the first page", () => {
    expect(addressOf("history", "a b")).toBe("/?song=a%20b");
  });

  it("name a take of it", () => {
    expect(selectionOf(new URLSearchParams(addressOf("generate", "a b", 2).slice(1)))).toEqual({ song: "a b", take: 2 });
    for (const take of ["0", "-1", "1.5", "x", ""]) expect(selectionOf(new URLSearchParams({ take }))).toEqual({ song: null, take: 1 });
  });

  it("are the browser's where it shall open a tab or a window", () => {
    const plain = { metaKey: false, ctrlKey: false, shiftKey: false, altKey: false };
    expect(isForBrowser(plain)).toBe(false);
    for (const key of Object.keys(plain)) expect(isForBrowser({ ...plain, [key]: true })).toBe(true);
  });
});
