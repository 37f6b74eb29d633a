import { describe, expect, it } from "vitest";

import { measurement, plain, reportRows, takeFacts, valueName } from "./report";

describe("plain", () => {
  it.each([
    [null, "–"],
    [[], "–"],
    [100, "100"],
    [100.02, "100.02"],
    [-14.0211, "−14.02"],
    [0.5, "0.5"],
    [true, "yes"],
    ["synth_bass", "synth bass"],
    ["4/4", "4/4"],
    [["a_b", "c"], "a b, c"],
    [{ name: "jazz", weight: 0.25 }, "name jazz, weight 0.25"],
  ])("writes %j as %s", (value, text) => expect(plain(value)).toBe(text));
});

describe("measurement", () => {
  it("tells the figure from its particulars", () => {
    expect(measurement({ bpm: 100, error: 0.002, witness: "audio" })).toEqual({ figure: "100", particulars: "error 0.002, witness audio" });
    expect(measurement("A minor")).toEqual({ figure: "A minor", particulars: "" });
    expect(measurement({ a: 1 })).toEqual({ figure: "a 1", particulars: "" });
  });
});

describe("reportRows", () => {
  it("pairs asked with measured and drops what is empty on both sides", () => {
    const report = { asked: { bpm: 100, voice: "" }, measured: { bpm: 100.1, key: "A minor", voice: null } };
    const rows = reportRows({ passed: true, reasons: [], seconds: {}, realtimeFactor: 1, loudnessLufs: -14, truePeakDbtp: -1, ...report });
    expect(rows).toEqual([
      { name: "bpm", asked: 100, measured: 100.1 },
      { name: "key", asked: null, measured: "A minor" },
    ]);
  });
});

describe("takeFacts", () => {
  it("says what a take was made in", () => {
    expect(takeFacts({ asked: { key: "Eb major", tempo: 110.96, time_signature: "4/4" } })).toEqual(["Eb major", "111 BPM", "4/4"]);
    expect(takeFacts({ asked: { key: null } })).toEqual([]);
  });
});

describe("valueName", () => {
  it("puts units in brackets", () => {
    expect(valueName("true_peak_dbtp")).toBe("True peak (dBTP)");
    expect(valueName("bpm")).toBe("Tempo (BPM)");
    expect(valueName("key")).toBe("Key");
  });
});
