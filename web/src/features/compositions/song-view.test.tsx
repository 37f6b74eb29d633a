import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { JobsProvider } from "@/features/jobs/jobs-provider";

import { SongView } from "./song-view";

vi.mock("@/features/takes/take-panel", () => ({
  TakePanel: ({ take, editable }: { take: { number: number }; editable: boolean }) => (
    <p>
      plays take {take.number} {editable && <button>Edit</button>}
    </p>
  ),
}));

class SilentSource extends EventTarget {
  close(): void {}
}

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

const problem = (status: number, detail: string) => answer(status, { type: "x/y", status, detail, errors: [] });

function take(number: number) {
  return { id: `t${number}`, composition_id: "c1", number, duration_seconds: 20, seed: 1, stems: [], files: [], peaks: [], is_favorited: false };
}

function song(change: object = {}, state = "COMPLETE") {
  const job = { job_id: "j1", composition_id: "c1", status: state, progress: 0, stage: "", eta_seconds: null, error: "no", error_slug: null, created_at: "", started_at: null, finished_at: null };
  return { id: "c1", user_id: "u1", public: false, prompt_id: "p1", title: "Paper Lanterns", prompt: "calm", summary: { key: "F major" }, request: { prompt: "calm" }, options: {}, parent_id: null, edits: [], created_at: "2026-01-01T00:00:00Z", job, takes: [take(1), take(2)], ...change };
}

describe("SongView", () => {
  const client = () => new QueryClient({ defaultOptions: { queries: { retry: false } } });
  let songs: () => Promise<Response>;
  let me: object;
  const posted = vi.fn<(request: Request) => Promise<Response>>();

  beforeEach(() => {
    vi.stubGlobal("EventSource", SilentSource);
    posted.mockReset();
    me = { id: "u1", mode: "server" };
    vi.stubGlobal("fetch", (request: Request) => {
      if (request.method !== "GET") return posted(request);
      if (request.url.includes("/compositions/c1")) return songs();
      if (request.url.endsWith("/me")) return Promise.resolve(answer(200, me));
      if (request.url.includes("/audio/t2")) return Promise.resolve(answer(200, { outline: { sections: [], chords: [], lyrics: [] }, report: { asked: { key: "Eb major", tempo: 111 } } }));
      return new Promise(() => undefined);
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  function open(queries = client(), number = 1) {
    const nothing = () => undefined;
    render(
      <QueryClientProvider client={queries}>
        <JobsProvider>
          <SongView id="c1" take={number} onTake={nothing} autoPlay={false} onAutoPlayed={nothing} onReuse={nothing} onMade={nothing} onClose={nothing} />
        </JobsProvider>
      </QueryClientProvider>,
    );
    return queries;
  }

  it("stays open while the studio is away for a moment, and closes when the song is gone", async () => {
    songs = () => Promise.resolve(answer(200, song()));
    const queries = open();
    await screen.findByText("plays take 1");
    songs = () => Promise.reject(new TypeError("Failed to fetch"));
    await act(() => queries.refetchQueries({ queryKey: ["songs"] }));
    expect(screen.getByText("plays take 1")).toBeTruthy();
    songs = () => Promise.resolve(problem(404, "there is no such song"));
    await act(() => queries.refetchQueries({ queryKey: ["songs"] }));
    expect((await screen.findByRole("alert")).textContent).toContain("There is no such song.");
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("can be tried again when the studio did not answer", async () => {
    songs = () => Promise.reject(new TypeError("Failed to fetch"));
    open();
    const again = await screen.findByRole("button", { name: "Try again" });
    songs = () => Promise.resolve(answer(200, song()));
    await userEvent.click(again);
    expect(await screen.findByText("plays take 1")).toBeTruthy();
  });

  it("opens the take that is asked for, with that take's facts", async () => {
    songs = () => Promise.resolve(answer(200, song()));
    open(client(), 2);
    await screen.findByText("plays take 2");
    await screen.findByText("E♭ major");
    expect(screen.getByRole("list", { name: "Facts" }).textContent).toContain("111 BPM");
    expect(screen.queryByText("F major")).toBeNull();
  });

  it("leaves another's song as it is, and lets everyone hear one's own", async () => {
    songs = () => Promise.resolve(answer(200, song()));
    me = { ...me, id: "u2" };
    const queries = open();
    await vi.waitFor(() => expect(screen.getByText(/plays take 1/).textContent).not.toContain("Edit"));
    expect(screen.queryByRole("button", { name: "Rename this song" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Private" })).toBeNull();
    act(() => void queries.setQueryData(["me"], { ...me, id: "u1" }));
    posted.mockImplementation(async () => {
      songs = () => Promise.resolve(answer(200, song({ public: true })));
      return songs();
    });
    await userEvent.click(await screen.findByRole("button", { name: "Private" }));
    expect(await screen.findByRole("button", { name: "Public", pressed: true })).toBeTruthy();
    expect(await posted.mock.calls[0]?.[0].json()).toEqual({ public: true });
    expect(screen.getByRole("button", { name: "Rename this song" })).toBeTruthy();
  });

  it("asks once for another try, and never makes another song of a failed edit", async () => {
    posted.mockReturnValue(new Promise(() => undefined));
    songs = () => Promise.resolve(answer(200, song({ takes: [] }, "FAILED")));
    const queries = open();
    const again = await screen.findByRole("button", { name: "Try again" });
    await userEvent.dblClick(again);
    expect(posted).toHaveBeenCalledOnce();
    songs = () => Promise.resolve(answer(200, song({ takes: [], edits: [{ bpm: 90 }] }, "FAILED")));
    await act(() => queries.refetchQueries({ queryKey: ["songs"] }));
    await vi.waitFor(() => expect(screen.queryByRole("button", { name: "Try again" })).toBeNull());
    expect(screen.getByText("No.")).toBeTruthy();
  });
});
