import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { DownloadsMenu, sizeOf } from "./downloads-menu";

const files = ["song.wav", "stems/bass.flac", "stems/drums.flac", "chords.cho", "cover.svg", "project/project.xml"].map((name) => ({ name, bytes: 1_000_000 }));
const take = { id: "t1", compositionId: "c1", number: 2, seconds: 20, seed: 1, streamUrl: "", stems: [], files, peaks: [], favorite: false };

describe("DownloadsMenu", () => {
  it("offers what there is of a take, and nothing else", async () => {
    render(<DownloadsMenu take={take} />);
    await userEvent.click(screen.getByRole("button", { name: "Download" }));
    const offered = screen.getAllByRole("menuitem").map((item) => item.textContent?.trim());
    expect(offered).toEqual(["WAV1.0 MB", "Stems (ZIP)2.0 MB", "DAW project3.0 MB", "Chord sheet (ChordPro)1.0 MB", "Cover (SVG)1.0 MB"]);
    const project = screen.getByRole("menuitem", { name: /DAW project/ });
    expect(project.getAttribute("href")).toBe("/api/v2/compositions/c1/files/project.dawproject?take=2");
  });

  it("knows no project of a take that has only stems", () => {
    expect(sizeOf({ files: files.slice(0, 3) }, "project.dawproject")).toBeNull();
    expect(sizeOf({ files: [] }, "stems.zip")).toBeNull();
  });
});
