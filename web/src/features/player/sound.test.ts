import { describe, expect, it } from "vitest";

import { rootMeanSquare } from "./loudness";
import { peaksOf } from "./peaks";
import { sampleRateFor, StemsUnavailableError } from "./stem-engine";

describe("peaksOf", () => {
  it("takes the largest magnitude of each stretch", () => {
    expect([...peaksOf(Float32Array.from([0.1, -0.5, 0.25, 0]), 2)]).toEqual([0.5, 0.25]);
  });

  it("draws nothing of nothing", () => {
    expect([...peaksOf(new Float32Array(0), 3)]).toEqual([0, 0, 0]);
  });
});

describe("rootMeanSquare", () => {
  it("is the level of the sum: two equal signals are twice as loud, opposite ones silent", () => {
    const signal = new Float32Array(6400).fill(0.25);
    expect(rootMeanSquare([signal])).toBeCloseTo(0.25);
    expect(rootMeanSquare([signal, signal])).toBeCloseTo(0.5);
    expect(rootMeanSquare([signal, signal.map((sample) => -sample)])).toBe(0);
    expect(rootMeanSquare([])).toBe(0);
  });
});

describe("sampleRateFor", () => {
  it("keeps the full rate for a usual song, halves it for a long one, and refuses what cannot fit", () => {
    expect(sampleRateFor(8, 60)).toBe(44_100);
    expect(sampleRateFor(8, 400)).toBe(22_050);
    expect(() => sampleRateFor(12, 600)).toThrow(StemsUnavailableError);
  });
});
