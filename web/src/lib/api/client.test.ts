import { afterEach, describe, expect, it, vi } from "vitest";

import { answered, api } from "./client";

describe("api", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** A server that takes every request and answers none. */
  function silence() {
    const given = new AbortController();
    vi.spyOn(AbortSignal, "timeout").mockReturnValue(given.signal);
    const signals: (AbortSignal | undefined)[] = [];
    vi.stubGlobal("fetch", (_: Request, init?: { signal: AbortSignal }) => {
      signals.push(init?.signal);
      return new Promise((_, reject) => init?.signal.addEventListener("abort", () => reject(new DOMException("late", "TimeoutError"))));
    });
    return { signals, pass: () => given.abort() };
  }

  it("gives up an answer that never comes", async () => {
    const { pass } = silence();
    const asked = answered(api.GET("/api/v2/jobs/{job_id}", { params: { path: { job_id: "j1" } } }));
    pass();
    await expect(asked).rejects.toMatchObject({ slug: "unreachable", status: 0 });
  });

  it("never gives up a change half way", () => {
    const { signals } = silence();
    void api.POST("/api/v2/generate", { body: { prompt: "a song" } });
    expect(signals).toEqual([undefined]);
  });
});
