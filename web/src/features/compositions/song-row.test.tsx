import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { JobsProvider } from "@/features/jobs/jobs-provider";

import type { Song } from "./model";
import { SongRow } from "./song-row";

class SilentSource extends EventTarget {
  close(): void {}
}

const job = { id: "j1", compositionId: "c1", status: "COMPLETE", progress: 100, stage: "", etaSeconds: null, error: null, startedAt: null } as const;
const take = (number: number, favorite: boolean) => ({ id: `t${number}`, compositionId: "c1", number, seconds: 20, seed: 1, streamUrl: "", stems: [], files: [], peaks: [], favorite });
const song: Song = { id: "c1", promptId: "p1", title: " ", prompt: "calm", style: "", facts: [], key: null, parentId: null, isEdit: false, ownerId: "u1", isPublic: false, createdAt: "2026-01-01T00:00:00Z", job, wanted: 2, takes: [take(1, false), take(2, true)], request: {} };

const fetch = vi.fn<(request: Request) => Promise<Response>>();
const gone = vi.fn();

/** The list that a deleted song is gone from. */
function Row() {
  const [songs, setSongs] = useState([song, { ...song, id: "c2", title: "Next" }]);
  const leave = (id: string) => (gone(id), setSongs(songs.filter((one) => one.id !== id)));
  return songs.map((one) => <SongRow key={one.id} song={one} selected={false} onSelect={() => undefined} onGone={leave} />);
}

beforeEach(() => {
  vi.stubGlobal("EventSource", SilentSource);
  vi.stubGlobal("fetch", fetch);
  fetch.mockReset();
  gone.mockReset();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <JobsProvider>
        <ul>
          <Row />
        </ul>
      </JobsProvider>
    </QueryClientProvider>,
  );
});
afterEach(() => vi.unstubAllGlobals());

it("gives the focus back, and from a song that is gone to the one beside it", async () => {
  const opener = screen.getByRole("button", { name: "More for Untitled" });
  for (const answer of ["Keep", "Delete"]) {
    await userEvent.click(opener);
    await userEvent.click(screen.getByRole("menuitem", { name: "Delete…" }));
    fetch.mockResolvedValue(new Response(null, { status: 204 }));
    await userEvent.click(screen.getByRole("button", { name: answer }));
    const next = answer === "Keep" ? opener : screen.getByRole("button", { name: "More for Next", hidden: true });
    await vi.waitFor(() => expect(document.activeElement).toBe(next));
  }
});

it("says why a song was not deleted, and lets it be tried again", async () => {
  await userEvent.click(screen.getByRole("button", { name: "More for Untitled" }));
  await userEvent.click(screen.getByRole("menuitem", { name: "Delete…" }));
  fetch.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await userEvent.click(screen.getByRole("button", { name: "Delete" }));
  expect((await screen.findByRole("alert")).textContent).toContain("does not answer");
  expect(gone).not.toHaveBeenCalled();
  fetch.mockResolvedValue(new Response(null, { status: 204 }));
  await userEvent.click(screen.getByRole("button", { name: "Delete" }));
  await vi.waitFor(() => expect(gone).toHaveBeenCalledWith("c1"));
  await vi.waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});

it("wears the heart of the take that is marked, and has a name without a title", () => {
  expect(screen.getByRole("button", { name: "Favourite Untitled" }).getAttribute("aria-pressed")).toBe("true");
  expect(screen.getByRole("button", { name: "Play Untitled" })).toBeTruthy();
});
