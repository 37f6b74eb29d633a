import { describe, expect, it } from "vitest";

import { addressOf, VIEWS, viewOf } from "./selection";

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
});
