import { describe, expect, it } from "vitest";

import { readingsOf, type Understanding } from "./understanding";

const UNDERSTOOD: Understanding = {
  genres: [
    { name: "synthwave", parents: ["electronic"], weight: 0.7 },
    { name: "lo-fi", parents: [], weight: 0.3 },
  ],
  moods: ["dreamy"],
  bpm: 100,
  tempo_word: "moderate",
  key: "A minor",
  time_signature: "4/4",
  duration_seconds: 60,
  instruments: [],
  without: ["drums"],
  vocals: "sung",
  voice: "female",
  language: "en",
  structure: [],
  sources: { bpm: { source: "words", words: "100 bpm" }, key: { source: "user", words: "" }, time_signature: { source: "style", words: "" } },
  not_understood: [],
};

describe("readingsOf", () => {
  const readings = Object.fromEntries(readingsOf(UNDERSTOOD).map((reading) => [reading.name, reading]));

  it("writes values as musicians do", () => {
    expect(readings.Genre?.value).toBe("synthwave 70 % + lo-fi 30 %");
    expect(readings.Tempo?.value).toBe("100 BPM, moderate");
    expect(readings.Vocals?.value).toBe("sung, female");
    expect(readings.Language?.value).toBe("English");
  });

  it("says who decided, and by which words", () => {
    expect(readings.Tempo).toMatchObject({ source: "From your words", words: "100 bpm" });
    expect(readings.Key?.source).toBe("You set this");
    expect(readings.Metre?.source).toBe("The style’s own");
  });

  it("leaves out what was not decided", () => {
    expect(readings.Instruments).toBeUndefined();
    expect(readings.Without?.value).toBe("drums");
  });
});
