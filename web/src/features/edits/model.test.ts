import { describe, expect, it } from "vitest";

import { EVERYTHING, HARMONY, isEdit, kept, NO_EDIT, tempoError, toEdit } from "./model";

const sections = ["verse.1", "chorus.1"].map((name, at) => ({ name, energy: 0.5, start: at, end: at + 1 }));
const song = { key: "C# minor", sections, take: 2, seed: 7 };
const stems = ["bass", "drums", "lead"].map((name) => ({ name, instrument: "piano", lufs: -20, url: "" }));

describe("an edit", () => {
  it("names a part, a section, or both", () => {
    expect(toEdit({ ...NO_EDIT, part: "bass" }, song)).toEqual({ remake: ["bass"], take: 2, seed: 7 });
    expect(toEdit({ ...NO_EDIT, part: "bass", section: "chorus.1" }, song).remake).toEqual(["chorus.1/bass"]);
    expect(toEdit({ ...NO_EDIT, part: EVERYTHING, section: "chorus.1" }, song).remake).toEqual(["chorus.1"]);
    expect(toEdit({ ...NO_EDIT, part: EVERYTHING }, song).remake).toEqual(["verse.1", "chorus.1"]);
    expect(toEdit({ ...NO_EDIT, part: HARMONY, section: "verse.1" }, song).remake).toEqual(["verse.1/harmony"]);
  });

  it("keeps the mode of the song in another key", () => {
    expect(toEdit({ ...NO_EDIT, tonic: "F#", bpm: "96" }, song)).toEqual({ remake: [], key: "F# minor", bpm: 96, take: 2, seed: 7 });
  });

  it("is none until something is chosen", () => {
    expect(isEdit(NO_EDIT)).toBe(false);
    expect(isEdit({ ...NO_EDIT, section: "verse.1" })).toBe(false);
    expect(isEdit({ ...NO_EDIT, bpm: "90" })).toBe(true);
  });

  it("has a tempo that can be played", () => {
    expect(tempoError({ ...NO_EDIT, bpm: "" })).toBeNull();
    expect(tempoError({ ...NO_EDIT, bpm: "90.5" })).toBeNull();
    for (const bpm of ["5", "900", "fast"]) expect(tempoError({ ...NO_EDIT, bpm })).toContain("30 to 300");
  });

  it("says what stays", () => {
    expect(kept(NO_EDIT, stems)).toContain("Choose");
    expect(kept({ ...NO_EDIT, part: "bass" }, stems)).toBe("2 of 3 stems keep every byte.");
    expect(kept({ ...NO_EDIT, bpm: "90" }, stems)).toContain("stays as it is");
  });
});
