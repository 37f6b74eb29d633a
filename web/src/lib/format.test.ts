import { describe, expect, it } from "vitest";

import { accidentals, ago, clock, decibels, megabytes, spokenTime, timeLeft, title } from "./format";

describe("times", () => {
  it.each([
    [0, "0:00"],
    [65.9, "1:05"],
    [600, "10:00"],
    [Number.NaN, "0:00"],
  ])("writes %d as %s", (seconds, text) => expect(clock(seconds)).toBe(text));

  it("speaks times", () => {
    expect(spokenTime(61)).toBe("1 minute 1 second");
    expect(spokenTime(120)).toBe("2 minutes");
    expect(spokenTime(0)).toBe("0 seconds");
    expect(spokenTime(3600)).toBe("1 hour");
    expect(spokenTime(7325)).toBe("2 hours 2 minutes 5 seconds");
  });

  it("says coarsely what is left", () => {
    expect(timeLeft(null)).toBe("");
    expect(timeLeft(3)).toBe("a few seconds left");
    expect(timeLeft(42)).toBe("about 45 s left");
    expect(timeLeft(130)).toBe("about 2 min left");
  });

  it("says when", () => {
    const now = Date.parse("2026-03-10T12:00:00Z");
    expect(ago("2026-03-10T11:59:40Z", now)).toBe("just now");
    expect(ago("2026-03-10T11:55:00Z", now)).toBe("5 minutes ago");
    expect(ago("2026-03-09T11:00:00Z", now)).toBe("yesterday");
    expect(ago("2025-12-24T11:00:00Z", now)).toBe("24 Dec 2025");
    expect(ago("nonsense", now)).toBe("");
  });
});

describe("figures and names", () => {
  it("uses a true minus and no negative zero", () => {
    expect(decibels(-14)).toBe("−14.0");
    expect(decibels(-0.01)).toBe("0.0");
  });

  it.each([
    ["Bbm7b5/Ab", "B♭m7♭5/A♭"],
    ["F#7#9", "F♯7♯9"],
    ["bVI", "♭VI"],
    ["bb", "bb"],
  ])("writes %s as %s", (symbol, text) => expect(accidentals(symbol)).toBe(text));

  it("writes sizes", () => {
    expect(megabytes(11_300_000)).toBe("11.3 MB");
    expect(megabytes(200)).toBe("1 kB");
    expect(megabytes(2_540_000_000)).toBe("2.5 GB");
  });

  it("makes ids readable", () => {
    expect(title("fm_electric_piano")).toBe("FM electric piano");
    expect(title("verse.1")).toBe("Verse 1");
  });
});
