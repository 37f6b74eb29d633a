import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Player } from "./player";
import { usePlaybackTime, useSpanAt } from "./time";

class FakePlayer {
  time = 0;
  playing = false;
  readonly listeners = new Set<() => void>();
  readonly snapshot = () => ({ playing: this.playing });
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(playing: boolean, time = this.time): void {
    Object.assign(this, { playing, time });
    for (const listener of this.listeners) listener();
  }
}

describe("the position", () => {
  let player: FakePlayer;
  let shown: number[];

  beforeEach(() => {
    vi.useFakeTimers();
    player = new FakePlayer();
    shown = [];
  });
  afterEach(() => vi.useRealTimers());

  function show() {
    const Shown = () => {
      shown.push(usePlaybackTime(player as unknown as Player, 1));
      return null;
    };
    return render(<Shown />);
  }

  function pass(seconds: number): void {
    for (let passed = 0; passed < seconds; passed += 0.1) {
      player.time += 0.1;
      act(() => vi.advanceTimersByTime(100));
    }
  }

  it("renders once a step while it plays, and costs nothing at rest", () => {
    show();
    expect(vi.getTimerCount()).toBe(0);
    act(() => player.set(true));
    pass(3.05);
    expect(shown).toEqual([0, 1, 2, 3]);
    act(() => player.set(false));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("follows a jump at rest", () => {
    show();
    act(() => player.set(false, 42.7));
    expect(shown).toEqual([0, 42]);
  });

  it("is not looked at while nobody sees the page", () => {
    show();
    act(() => player.set(true));
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    pass(3);
    expect(shown).toEqual([0]);
  });

  it("lets go of the player", () => {
    const { unmount } = show();
    act(() => player.set(true));
    unmount();
    expect(player.listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("lies in the last span that began", () => {
    const spans = [{ start: 0, end: 2 }, { start: 1, end: 3 }];
    const found: number[] = [];
    const Shown = () => {
      found.push(useSpanAt(player as unknown as Player, spans));
      return null;
    };
    render(<Shown />);
    for (const time of [1.5, 2.5, 3]) act(() => player.set(false, time));
    expect(found).toEqual([0, 1, -1]);
  });
});
