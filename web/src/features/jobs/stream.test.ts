import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { listen, type StreamStatus } from "./stream";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }

  send(name: string, data: string): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

function hide(hidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

describe("listen", () => {
  let events: unknown[];
  let statuses: StreamStatus[];
  let stop: () => void;
  const refused = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("EventSource", FakeSource);
    FakeSource.made = [];
    refused.mockReset();
    events = [];
    statuses = [];
    stop = listen("/events", ["job"], { onEvent: (event) => events.push(event), onStatus: (status) => statuses.push(status), onRefused: refused });
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("passes on named events and drops what is no JSON", () => {
    FakeSource.made[0]?.send("job", '{"progress":5}');
    FakeSource.made[0]?.send("job", "{broken");
    FakeSource.made[0]?.send("other", "{}");
    expect(events).toEqual([{ progress: 5 }]);
  });

  it("says when it is connected and when it is lost", () => {
    FakeSource.made[0]?.onopen?.();
    FakeSource.made[0]?.onerror?.();
    expect(statuses).toEqual(["connecting", "open", "lost"]);
  });

  it("opens again by itself when the browser has given up, and not before", () => {
    const [source] = FakeSource.made;
    source?.onerror?.();
    vi.advanceTimersByTime(10_000);
    expect(FakeSource.made).toHaveLength(1);
    expect(refused).not.toHaveBeenCalled();
    source?.close();
    source?.onerror?.();
    expect(refused).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(10_000);
    expect(FakeSource.made).toHaveLength(2);
  });

  it("holds no connection while the page is hidden", () => {
    hide(true);
    expect(FakeSource.made[0]?.readyState).toBe(FakeSource.CLOSED);
    hide(false);
    expect(FakeSource.made).toHaveLength(2);
  });
});
