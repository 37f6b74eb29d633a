import { describe, expect, it } from "vitest";

import { flatMixer, gains, isTouched, mix } from "./mixer";

const FLAT = flatMixer(["bass", "drums", "lead"]);

describe("gains", () => {
  it("plays all as mixed", () => {
    expect(gains(FLAT)).toEqual({ bass: 1, drums: 1, lead: 1 });
  });

  it("silences a muted stem", () => {
    expect(gains(mix(FLAT, { type: "mute", stem: "bass" }))).toEqual({ bass: 0, drums: 1, lead: 1 });
  });

  it("plays only soloed stems, and of these not a muted one", () => {
    const soloed = mix(mix(FLAT, { type: "solo", stem: "bass" }), { type: "solo", stem: "lead" });
    expect(gains(soloed)).toEqual({ bass: 1, drums: 0, lead: 1 });
    expect(gains(mix(soloed, { type: "mute", stem: "lead" }))).toEqual({ bass: 1, drums: 0, lead: 0 });
  });

  it("turns decibels into amplitude, the bottom into silence, and keeps within the fader", () => {
    expect(gains(mix(FLAT, { type: "gain", stem: "bass", gainDb: -6 })).bass).toBeCloseTo(0.501, 3);
    expect(gains(mix(FLAT, { type: "gain", stem: "bass", gainDb: -30 })).bass).toBe(0);
    expect(mix(FLAT, { type: "gain", stem: "bass", gainDb: 40 }).bass?.gainDb).toBe(6);
  });
});

describe("mix", () => {
  it("undoes a second press, and resets", () => {
    const muted = mix(FLAT, { type: "mute", stem: "bass" });
    expect(isTouched(muted)).toBe(true);
    expect(mix(muted, { type: "mute", stem: "bass" })).toEqual(FLAT);
    expect(mix(muted, { type: "reset" })).toEqual(FLAT);
    expect(isTouched(FLAT)).toBe(false);
  });

  it("knows no other stems", () => {
    expect(mix(FLAT, { type: "mute", stem: "kazoo" })).toBe(FLAT);
  });
});
