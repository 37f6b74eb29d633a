import { beforeEach, describe, expect, it, vi } from "vitest";

import { Listening } from "./listening";

class FakePlayer {
  time = 0;
  playing = false;
  private listener: () => void = () => undefined;

  readonly snapshot = () => ({ playing: this.playing, duration: 60 }) as ReturnType<ConstructorParameters<typeof Listening>[0]["snapshot"]>;

  readonly subscribe = (listener: () => void) => {
    this.listener = listener;
    return () => (this.listener = () => undefined);
  };

  set(playing: boolean, time = this.time): void {
    this.playing = playing;
    this.time = time;
    this.listener();
  }
}

describe("Listening", () => {
  const report = vi.fn<(seconds: number) => void>();
  let player: FakePlayer;
  let clock: number;
  let listening: Listening;

  beforeEach(() => {
    report.mockReset();
    player = new FakePlayer();
    clock = 100;
    listening = new Listening(player, report, () => clock);
  });

  function play(seconds: number, until = player.time): void {
    player.set(true);
    clock += seconds;
    player.set(false, until);
  }

  it("adds up over pauses and reports when the listener leaves", () => {
    play(2);
    clock += 500;
    play(2.5);
    expect(report).not.toHaveBeenCalled();
    listening.close();
    expect(report.mock.calls).toEqual([[4.5]]);
  });

  it("reports at the end of the song, and again after it was played once more", () => {
    play(60, 60);
    play(30, 60);
    listening.close();
    expect(report.mock.calls).toEqual([[60], [30]]);
  });

  it("counts what is playing while the listener leaves", () => {
    player.set(true);
    clock += 7;
    listening.close();
    expect(report.mock.calls).toEqual([[7]]);
  });

  it("goes on counting after a report in the middle", () => {
    player.set(true);
    clock += 5;
    listening.finish();
    clock += 4;
    listening.close();
    expect(report.mock.calls).toEqual([[5], [4]]);
  });

  it("does not report a moment", () => {
    play(2.9);
    listening.close();
    expect(report).not.toHaveBeenCalled();
  });
});
