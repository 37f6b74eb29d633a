import { beforeEach, describe, expect, it, vi } from "vitest";

import { Player, type Faders } from "./player";

class FakeEngine implements Faders {
  time = 0;
  duration = 60;
  playing = false;
  failed = false;
  volume = 1;
  gains: Readonly<Record<string, number>> = {};
  closed = false;
  private listeners = new Set<() => void>();

  async play(): Promise<void> {
    this.playing = true;
    this.tell();
  }

  pause(): void {
    this.playing = false;
    this.tell();
  }

  seek(time: number): void {
    this.time = time;
  }

  setVolume(volume: number): void {
    this.volume = volume;
  }

  setGains(gains: Readonly<Record<string, number>>): void {
    this.gains = gains;
  }

  close(): void {
    this.closed = true;
    this.playing = false;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }
}

describe("Player", () => {
  let song: FakeEngine;
  let stems: FakeEngine;
  let player: Player;

  beforeEach(() => {
    song = new FakeEngine();
    stems = new FakeEngine();
    player = new Player(song, ["bass", "drums"], async (onReady) => {
      onReady(2);
      return stems;
    });
  });

  it("follows its engine", async () => {
    const heard = vi.fn();
    player.subscribe(heard);
    await player.play();
    expect(player.snapshot().playing).toBe(true);
    player.toggle();
    expect(player.snapshot().playing).toBe(false);
    expect(heard).toHaveBeenCalled();
  });

  it("keeps seeking within the song", () => {
    player.seek(-3);
    expect(song.time).toBe(0);
    player.skip(500);
    expect(song.time).toBe(60);
  });

  it("starts again from the end", async () => {
    song.time = 60;
    await player.play();
    expect(song.time).toBe(0);
  });

  it("hands over to the stems in mid-song, with volume and the move that called for them", async () => {
    player.setVolume(0.5);
    await player.play();
    song.time = 12;
    player.move({ type: "mute", stem: "bass" });
    await vi.waitFor(() => expect(player.snapshot().stems).toBe("on"));
    await vi.waitFor(() => expect(stems.playing).toBe(true));
    expect(song.playing).toBe(false);
    expect(stems).toMatchObject({ time: 12, volume: 0.5, gains: { bass: 0, drums: 1 } });
    expect(player.time).toBe(12);
  });

  it("stays paused when the stems take over a paused song", async () => {
    await player.useStems();
    expect(stems.playing).toBe(false);
  });

  it("goes back to the finished mix with the faders as they were", async () => {
    player.move({ type: "solo", stem: "drums" });
    await vi.waitFor(() => expect(player.snapshot().stems).toBe("on"));
    stems.time = 33;
    player.useSong();
    expect(song.time).toBe(33);
    expect(stems.closed).toBe(true);
    expect(player.snapshot()).toMatchObject({ stems: "off", mixer: { drums: { solo: false } } });
  });

  it("says why stems cannot be had, and tries again at the next move", async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error("Too long.")).mockResolvedValueOnce(stems);
    player = new Player(song, ["bass"], load);
    await player.useStems();
    expect(player.snapshot()).toMatchObject({ stems: "failed", stemsError: "Too long.", error: null });
    player.move({ type: "mute", stem: "bass" });
    await vi.waitFor(() => expect(player.snapshot().stems).toBe("on"));
  });

  it("says when the browser will not play, but not that a pause came first", async () => {
    vi.spyOn(song, "play").mockRejectedValueOnce(new DOMException("", "AbortError"));
    await player.play();
    expect(player.snapshot().error).toBeNull();
    vi.spyOn(song, "play").mockRejectedValueOnce(new DOMException("", "NotSupportedError"));
    await player.play();
    expect(player.snapshot().error).toContain("could not be loaded or played");
  });

  it("does not complain of a browser that waits for a press", async () => {
    vi.spyOn(song, "play").mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
    await player.play();
    expect(player.snapshot()).toMatchObject({ playing: false, error: null });
  });

  it("says when the sound is lost on the way, and forgets it once it plays again", async () => {
    await player.play();
    Object.assign(song, { failed: true, playing: false });
    song.tell();
    expect(player.snapshot()).toMatchObject({ playing: false, error: expect.stringContaining("try again") });
    song.failed = false;
    await player.play();
    expect(player.snapshot()).toMatchObject({ playing: true, error: null });
  });

  it("closes stems that arrive after it is closed", async () => {
    const loading = player.useStems();
    player.close();
    await loading;
    expect(stems.closed).toBe(true);
    expect(song.playing).toBe(false);
  });
});
