import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { Chart } from "./chart";

const LAYERS = [
  { name: "Made", colour: "fill-accent", key: "bg-accent" },
  { name: "Failed", colour: "fill-danger", key: "bg-danger" },
];

describe("Chart", () => {
  it("stacks bars up to the axis and says each column's values", () => {
    const columns = [{ label: "1 Mar", values: [3, 1] }, { label: "2 Mar", values: [0, null] }];
    const { container } = render(<Chart title="Songs" columns={columns} layers={LAYERS} kind="bars" format={String} />);
    const bars = [...container.querySelectorAll("rect.fill-accent, rect.fill-danger")];
    // Of an axis that ends at five: three fifths, and one fifth above it.
    expect(bars.slice(0, 2).map((bar) => [Number(bar.getAttribute("y")), Number(bar.getAttribute("height"))])).toEqual([[60, 90], [30, 30]]);
    expect([...container.querySelectorAll("title")].map((said) => said.textContent)).toEqual(["1 Mar\nMade: 3\nFailed: 1", "2 Mar\nMade: 0\nFailed: –"]);
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("at most 4");
  });

  it("draws lines over days that have a value, and a dot for a single one", () => {
    const columns = [{ label: "a", values: [50] }, { label: "b", values: [null] }, { label: "c", values: [100] }];
    const layers = [{ name: "CPU", colour: "stroke-accent", key: "bg-accent" }];
    const { container, rerender } = render(<Chart title="Load" columns={columns} layers={layers} kind="lines" top={100} format={String} />);
    expect(container.querySelector("path.stroke-accent")!.getAttribute("d")).toBe("M100.0 75.0L500.0 0.0");
    rerender(<Chart title="Load" columns={columns.slice(0, 1)} layers={layers} kind="lines" top={100} format={String} />);
    expect(container.querySelector("path.stroke-accent")!.getAttribute("d")).toBe("M300.0 75.0h0.01");
  });
});
