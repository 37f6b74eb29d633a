import { describe, expect, it } from "vitest";

import type { Job } from "./model";
import { jobOf, learn, underWay } from "./reducer";

const START = "2026-01-01T00:00:00Z";

function job(change: Partial<Job> = {}): Job {
  return { id: "j1", compositionId: "c1", status: "RENDERING", progress: 40, stage: "mixing", etaSeconds: 3, error: null, startedAt: START, ...change };
}

describe("learn", () => {
  it("adds a job it has not heard of", () => {
    expect(learn({}, job()).j1?.progress).toBe(40);
  });

  it("keeps what it has when it is told the same again", () => {
    const jobs = learn({}, job());
    expect(learn(jobs, job())).toBe(jobs);
    expect(learn(jobs, job({ etaSeconds: 2 }))).not.toBe(jobs);
  });

  it("is not put back in line by an answer from before the start", () => {
    const jobs = learn({}, job({ progress: 0 }));
    expect(learn(jobs, job({ status: "QUEUED", progress: 0, startedAt: null }))).toBe(jobs);
  });

  it("moves forward", () => {
    const jobs = learn(learn({}, job()), job({ progress: 55, stage: "mastering" }));
    expect(jobs.j1).toMatchObject({ progress: 55, stage: "mastering" });
  });

  it("ignores a late answer with less progress, returning the same state", () => {
    const jobs = learn({}, job());
    expect(learn(jobs, job({ progress: 12 }))).toBe(jobs);
  });

  it("never leaves an end", () => {
    const jobs = learn({}, job({ status: "CANCELLED" }));
    expect(learn(jobs, job({ progress: 90 }))).toBe(jobs);
  });

  it("takes an end from any point", () => {
    expect(learn(learn({}, job()), job({ status: "FAILED", progress: 3, error: "no" })).j1?.status).toBe("FAILED");
  });

  it("begins anew with a later attempt", () => {
    const again = job({ progress: 2, startedAt: "2026-01-01T00:01:00Z" });
    expect(learn(learn({}, job()), again).j1?.progress).toBe(2);
    expect(learn(learn({}, again), job({ progress: 99 })).j1?.progress).toBe(2);
  });

  it("goes from waiting to started although neither has progress", () => {
    const jobs = learn({}, job({ status: "QUEUED", progress: 0, startedAt: null }));
    expect(learn(jobs, job({ progress: 0 })).j1?.status).toBe("RENDERING");
  });
});

describe("underWay", () => {
  it("lists what is not over, the oldest first", () => {
    const jobs = [job({ id: "b" }), job({ id: "a", status: "QUEUED" }), job({ id: "c", status: "COMPLETE" })].reduce(learn, {});
    expect(underWay(jobs).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("jobOf", () => {
  it("finds the newest job of a song", () => {
    const jobs = [job({ id: "1" }), job({ id: "3" }), job({ id: "2" }), job({ id: "9", compositionId: "other" })].reduce(learn, {});
    expect(jobOf(jobs, "c1")?.id).toBe("3");
    expect(jobOf(jobs, "none")).toBeNull();
  });
});
