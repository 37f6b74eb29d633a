import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { LyricsView } from "./lyrics-view";

describe("LyricsView", () => {
  it("says what is not sung above what is", () => {
    const note = "1 of 3 lines fits this song; the others are not sung.";
    render(<LyricsView lines={[{ text: "Sunlight", start: 1, end: 2 }]} notes={[note]} player={null} />);
    const told = screen.getByText(note);
    const line = screen.getByRole("button", { name: "0:01 Sunlight" });
    expect(told.compareDocumentPosition(line)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });
});
