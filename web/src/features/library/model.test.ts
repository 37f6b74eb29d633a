import { describe, expect, it } from "vitest";

import type { Song } from "@/features/compositions/model";

import { EVERYTHING, searched, toQuery, unique } from "./model";

describe("toQuery", () => {
  it("leaves out what is not wished for", () => {
    expect(toQuery(EVERYTHING)).toEqual({ sort: "newest" });
    expect(toQuery({ words: "  ", sort: "relevance", favorites: false })).toEqual({ sort: "newest" });
  });

  it("asks for words, marks and order", () => {
    expect(toQuery({ words: " rain ", sort: "relevance", favorites: true })).toEqual({ q: "rain", sort: "relevance", favorite: true });
    expect(toQuery({ words: "rain", sort: "title", favorites: false })).toEqual({ q: "rain", sort: "title" });
  });
});

describe("searched", () => {
  it("puts the best match first once there are words, and the newest when they are gone", () => {
    const typed = searched(EVERYTHING, "r");
    expect(typed.sort).toBe("relevance");
    expect(searched(typed, "ra").sort).toBe("relevance");
    expect(searched(typed, "").sort).toBe("newest");
  });

  it("leaves an order alone that was chosen", () => {
    const chosen = { ...EVERYTHING, sort: "title" as const };
    expect(searched(chosen, "rain").sort).toBe("title");
    expect(searched({ ...chosen, words: "rain" }, "").sort).toBe("title");
  });
});

it("shows a song once that a newer one moved onto the next page", () => {
  const songs = ["a", "b", "b", "c"].map((id) => ({ id }) as Song);
  expect(unique(songs).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});
