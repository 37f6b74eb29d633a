import { describe, expect, it } from "vitest";

import { applyChoice, EMPTY_FORM, errorsFrom, fromRequest, optionsSet, parseGenre, toRequest, validate, type SongForm } from "./form";

function form(change: Partial<SongForm> = {}): SongForm {
  return { ...EMPTY_FORM, prompt: "a song", ...change };
}

describe("validate", () => {
  it("accepts a prompt alone", () => {
    expect(validate(form())).toEqual({});
  });

  it.each([
    ["prompt", { prompt: "  \n" }, "empty"],
    ["prompt", { prompt: "x".repeat(4001) }, "4,001 characters; at most 4,000"],
    ["duration", { duration: "0" }, "5–600 seconds"],
    ["duration", { duration: "abc" }, "5–600 seconds"],
    ["duration", { duration: "1e9" }, "5–600 seconds"],
    ["bpm", { bpm: "900" }, "30–300"],
    ["seed", { seed: "-1" }, "whole number"],
    ["seed", { seed: "1.5" }, "whole number"],
    ["lyrics", { lyrics: "la".repeat(25_001) }, "50,000"],
    ["genres", { genres: ["a", "b", "c", "d", "e"] }, "four"],
  ] as const)("refuses %s %j", (field, change, words) => {
    const errors = validate(form(change as Partial<SongForm>));
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]?.message).toContain(words);
  });

  it("counts characters as people do, not code units", () => {
    expect(validate(form({ prompt: "🎵".repeat(4000) }))).toEqual({});
  });

  it.each([{ duration: "5" }, { bpm: "97,5" }, { duration: "600" }, { bpm: "30" }, { bpm: "300" }, { seed: "0" }])("accepts the limit %j", (change) => {
    expect(validate(form(change))).toEqual({});
  });
});

describe("toRequest", () => {
  it("leaves out what is empty", () => {
    expect(JSON.parse(JSON.stringify(toRequest(form())))).toEqual({ prompt: "a song", num_samples: 1 });
  });

  it("sends every field under the server's name", () => {
    const request = toRequest(
      form({ duration: "60", bpm: "97,5", key: "A minor ", timeSignature: "3/4", genres: ["jazz:0.3"], moods: ["calm"], vocals: "sung", takes: 3, seed: "42" }),
    );
    expect(request).toMatchObject({
      duration: 60, bpm: 97.5, key: "A minor", time_signature: "3/4", genres: [{ name: "jazz", weight: 0.3 }], moods: ["calm"], vocals: "sung", num_samples: 3, seed: 42,
    });
  });
});

describe("parseGenre", () => {
  it.each([
    ["lo-fi", "lo-fi", 1],
    ["synthwave:0.7", "synthwave", 0.7],
    ["house : 30%", "house", 0.3],
    ["drum and bass", "drum and bass", 1],
  ])("reads %s", (tag, name, weight) => {
    expect(parseGenre(tag)).toEqual({ name, weight });
  });
});

describe("fromRequest", () => {
  it("puts a kept request back into the form, but for the seed", () => {
    const kept = { prompt: "a song", seed: 9, duration_seconds: 60, genres: [{ name: "jazz", weight: 0.3 }, { name: "pop", weight: 1 }], vocals: false, key: null };
    expect(fromRequest(kept, 2)).toEqual(form({ duration: "60", genres: ["jazz:0.3", "pop"], vocals: "instrumental", takes: 2 }));
  });

  it("makes a form of anything", () => {
    expect(fromRequest({}, 99)).toEqual({ ...EMPTY_FORM, takes: 4 });
  });
});

describe("errorsFrom", () => {
  it("finds the form's places for the server's names", () => {
    const errors = errorsFrom([
      { field: "time_signature", message: "No.", choices: ["4/4"] },
      { field: "num_samples", message: "Too many.", choices: [] },
      { field: "precision", message: "Unknown.", choices: [] },
    ]);
    expect(errors).toEqual({ timeSignature: { message: "No.", choices: ["4/4"] }, takes: { message: "Too many.", choices: [] } });
  });
});

describe("applyChoice", () => {
  it("replaces the entry that the message quotes", () => {
    const changed = applyChoice(form({ genres: ["Synthwav:0.6", "lo-fi"] }), "genres", "synthwave", "“synthwav” is not a genre");
    expect(changed.genres).toEqual(["synthwave", "lo-fi"]);
  });

  it("replaces the last entry where none is quoted, and adds to an empty list", () => {
    expect(applyChoice(form({ moods: ["a", "b"] }), "moods", "calm", "no").moods).toEqual(["a", "calm"]);
    expect(applyChoice(form(), "moods", "calm", "no").moods).toEqual(["calm"]);
  });

  it("sets a single value", () => {
    expect(applyChoice(form({ key: "H" }), "key", "B minor", "no").key).toBe("B minor");
  });
});

describe("optionsSet", () => {
  it("counts options and neither the prompt nor the takes", () => {
    expect(optionsSet(form({ takes: 3 }))).toBe(0);
    expect(optionsSet(form({ bpm: "100", moods: ["calm"], vocals: "sung" }))).toBe(3);
  });
});
