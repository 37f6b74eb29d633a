import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useRecentSongs, useSong } from "@/features/compositions/api";

import { JobsProvider, useJobOf } from "./jobs-provider";

/** The browser's event stream, in the test's hands. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static last: Stream;
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor() {
    super();
    Stream.last = this;
  }
  close() {}
  tell(job: object) {
    this.dispatchEvent(new MessageEvent("job", { data: JSON.stringify(job) }));
  }
}

function job(change: object = {}) {
  return { job_id: "j1", composition_id: "c1", status: "QUEUED", progress: 0, stage: "", eta_seconds: 4, error: null, error_slug: null, created_at: "2026-01-01T00:00:00Z", started_at: null, finished_at: null, ...change };
}

function song(state: object = {}, takes: object[] = []) {
  return { id: "c1", prompt_id: "p1", title: "Paper Lanterns", prompt: "calm", summary: {}, request: {}, options: {}, parent_id: null, edits: [], user_id: "u1", public: false, created_at: "2026-01-01T00:00:00Z", takes, job: job(state) };
}

const DONE = { status: "COMPLETE", progress: 100, started_at: "2026-01-01T00:00:01Z", finished_at: "2026-01-01T00:00:05Z" };

describe("JobsProvider", () => {
  const answers = new Map<string, () => Promise<object>>();
  const asked: string[] = [];
  let drawn = 0;

  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    vi.stubGlobal("EventSource", Stream);
    vi.stubGlobal("fetch", async (request: Request) => {
      const path = new URL(request.url).pathname.replace("/api/v2", "");
      asked.push(path);
      const answer = answers.get(path);
      return new Response(JSON.stringify(answer ? await answer() : { status: 404, detail: "gone" }), { status: answer ? 200 : 404, headers: { "content-type": "application/json" } });
    });
    drawn = 0;
    asked.length = 0;
    answers.set("/compositions", async () => ({ items: [song()], total: 1, limit: 50, offset: 0 }));
    answers.set("/compositions/c1", async () => song());
    answers.set("/jobs/j1", async () => job());
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function Page() {
    const list = useRecentSongs();
    const one = useSong("c1");
    const state = useJobOf("c1");
    drawn += 1;
    return <p>{`${list.data?.length ?? "no"} songs, ${state?.status ?? "unheard"}, fetched ${one.data?.job.status ?? "not yet"}`}</p>;
  }

  function open() {
    render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <JobsProvider>
          <Page />
        </JobsProvider>
      </QueryClientProvider>,
    );
    act(() => Stream.last.onopen?.());
  }

  it("draws nothing while nothing happens", async () => {
    open();
    await screen.findByText("1 songs, QUEUED, fetched QUEUED");
    await act(() => vi.advanceTimersByTimeAsync(500));
    const before = drawn;
    await act(() => vi.advanceTimersByTimeAsync(2000));
    expect(drawn).toBe(before);
  });

  it("asks again for a song whose first answer left before the end", async () => {
    let late: (value: object) => void = () => {};
    answers.set("/compositions/c1", () => new Promise((resolve) => (late = resolve)));
    open();
    await screen.findByText("1 songs, QUEUED, fetched not yet");
    answers.set("/compositions/c1", async () => song(DONE));
    act(() => Stream.last.tell(job(DONE)));
    await act(async () => late(song()));
    await screen.findByText("1 songs, COMPLETE, fetched COMPLETE");
  });

  it("asks again as long as the answer knows less than the news", async () => {
    open();
    await screen.findByText("1 songs, QUEUED, fetched QUEUED");
    act(() => Stream.last.tell(job(DONE)));
    await screen.findByText("1 songs, COMPLETE, fetched QUEUED");
    answers.set("/compositions/c1", async () => song(DONE));
    await act(() => vi.advanceTimersByTimeAsync(2500));
    await screen.findByText("1 songs, COMPLETE, fetched COMPLETE");
    const before = asked.length;
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    expect(asked).toHaveLength(before);
  });

  it("takes a job that is no more for ended, and asks for it no further", async () => {
    open();
    await screen.findByText("1 songs, QUEUED, fetched QUEUED");
    answers.delete("/jobs/j1");
    answers.set("/compositions", async () => ({ items: [], total: 0, limit: 50, offset: 0 }));
    await act(() => vi.advanceTimersByTimeAsync(16_000));
    await screen.findByText(/^0 songs, CANCELLED/);
    const before = asked.filter((path) => path === "/jobs/j1").length;
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(asked.filter((path) => path === "/jobs/j1")).toHaveLength(before);
  });

  it("finds out by itself when the last event was lost", async () => {
    open();
    await screen.findByText("1 songs, QUEUED, fetched QUEUED");
    answers.set("/jobs/j1", async () => job(DONE));
    answers.set("/compositions/c1", async () => song(DONE));
    expect(asked).not.toContain("/jobs/j1");
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    await screen.findByText("1 songs, COMPLETE, fetched COMPLETE");
  });
});
