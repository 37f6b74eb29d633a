import { describe, expect, it } from "vitest";

import { errorsFrom, EVERYTHING, HARMONY, isEdit, kept, NO_EDIT, toEdit, validate } from "./model";

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
    for (const bpm of ["", "90.5", "90,5"]) expect(validate({ ...NO_EDIT, bpm })).toEqual({});
    for (const bpm of ["5", "900", "fast"]) expect(validate({ ...NO_EDIT, bpm }).bpm?.message).toContain("30 to 300");
  });

  it("reaches the players", () => {
    const band = { ...NO_EDIT, player: "lead", instrument: " flute ", added: "pad", silent: "drums", section: "verse.1", locks: ["bass"] };
    expect(toEdit(band, song)).toEqual({ remake: [], instruments: { lead: "flute" }, add: ["pad"], remove: ["verse.1/drums"], lock: ["bass"], take: 2, seed: 7 });
    expect(toEdit({ ...NO_EDIT, added: "pad", addedInstrument: "strings" }, song).add).toEqual(["pad=strings"]);
    expect(validate({ ...NO_EDIT, player: "lead" }).instrument?.message).toContain("Name the instrument");
  });

  it("reaches energy, mood and length", () => {
    expect(toEdit({ ...NO_EDIT, energy: "0.3" }, song)).toMatchObject({ energy: [0.3] });
    expect(toEdit({ ...NO_EDIT, energy: "1", section: "chorus.1" }, song)).toMatchObject({ section_energy: { "chorus.1": 1 } });
    expect(toEdit({ ...NO_EDIT, moods: ["calm"], again: "chorus.1" }, song)).toMatchObject({ moods: ["calm"], extend: "chorus.1" });
    expect(toEdit({ ...NO_EDIT, duration: "90" }, song)).toMatchObject({ duration: 90 });
    expect(validate({ ...NO_EDIT, duration: "90", again: "chorus.1" }).duration?.message).toContain("not both");
    expect(validate({ ...NO_EDIT, duration: "4" }).duration?.message).toContain("5 to 600 seconds");
  });

  it("puts new words where they are to be sung", () => {
    expect(toEdit({ ...NO_EDIT, lyrics: "la la" }, song)).toMatchObject({ remake: [], lyrics: "la la" });
    expect(toEdit({ ...NO_EDIT, lyrics: "la la", section: "verse.1" }, song).remake).toEqual(["verse.1/lyrics"]);
  });

  it("has a place for every field that the server may refuse", () => {
    const fields = ["remake", "lyrics", "bpm", "key", "instruments", "energy", "section_energy", "moods", "extend", "duration", "remove", "add", "lock"];
    for (const field of fields) expect(Object.keys(errorsFrom([{ field, message: "No.", choices: [] }]))).toHaveLength(1);
    expect(errorsFrom([{ field: "composition_id", message: "No.", choices: [] }])).toEqual({});
  });

  it("says what stays", () => {
    expect(kept(NO_EDIT, stems)).toContain("Choose");
    expect(kept({ ...NO_EDIT, part: "bass" }, stems)).toBe("2 of 3 stems keep every byte.");
    expect(kept({ ...NO_EDIT, part: "bass", silent: "drums" }, stems)).toBe("1 of 3 stems keep every byte.");
    for (const change of [{ bpm: "90" }, { part: HARMONY }, { silent: EVERYTHING }, { part: "bass", moods: ["calm"] }]) {
      expect(kept({ ...NO_EDIT, ...change }, stems)).toContain("stays as it is");
    }
  });
});
