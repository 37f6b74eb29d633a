import { describe, expect, it } from "vitest";

import { ceiling, columns, dayName, type Day } from "./model";

function days(count: number, change: (index: number) => Partial<Day> = () => ({})): Day[] {
  return Array.from({ length: count }, (_, index) => ({
    date: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    successful: 1,
    failed: 0,
    generationSeconds: null,
    realtimeFactor: null,
    plays: index,
    downloads: 0,
    cpu: null,
    memory: null,
    gpu: null,
    ...change(index),
  }));
}

describe("columns", () => {
  it("draws one column a day while they fit", () => {
    const drawn = columns(days(30), [(day) => day.successful, (day) => day.failed], "sum");
    expect(drawn).toHaveLength(30);
    expect(drawn[1]).toEqual({ label: "2 Jan", values: [1, 0] });
  });

  it("gathers a year without losing a day", () => {
    const drawn = columns(days(365), [(day) => day.successful], "sum");
    expect(drawn.length).toBeLessThanOrEqual(60);
    expect(drawn.reduce((sum, column) => sum + column.values[0]!, 0)).toBe(365);
    expect(drawn[0]!.label).toBe("1 Jan – 7 Jan");
  });

  it("averages levels over the days that have one", () => {
    const drawn = columns(days(120, (index) => ({ cpu: index % 2 ? null : 40 })), [(day) => day.cpu], "mean");
    expect(new Set(drawn.map((column) => column.values[0]))).toEqual(new Set([40]));
    expect(columns(days(3), [(day) => day.cpu], "mean")[0]!.values).toEqual([null]);
  });
});

describe("ceiling", () => {
  it.each([[0, 1], [1, 1], [1.2, 2], [3, 5], [7, 10], [10, 10], [120, 200], [0.3, 0.5]])("of %d is %d", (value, top) => {
    expect(ceiling(value)).toBeCloseTo(top);
  });
});

it("names days in UTC", () => {
  expect(dayName("2026-03-01")).toBe("1 Mar");
});
