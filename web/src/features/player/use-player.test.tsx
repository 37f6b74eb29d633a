import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Player } from "./player";
import { useTakePlayer } from "./use-player";
import { keptVolume } from "./volume";

beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(() => undefined);
  localStorage.clear();
});
afterEach(() => vi.restoreAllMocks());

let player: Player | null;

function Take({ id }: { id: string }) {
  const made = useTakePlayer({ id, compositionId: "c1", number: 1, seconds: 20, seed: 1, streamUrl: "", stems: [], files: [], peaks: [], favorite: false });
  player = made.player;
  return <audio ref={made.audio} />;
}

it("keeps the volume from one take to the next", () => {
  const { rerender, container } = render(<Take id="t1" />);
  expect(player?.snapshot().volume).toBe(1);
  act(() => player?.setVolume(0.25));
  rerender(<Take id="t2" />);
  expect(player?.snapshot().volume).toBe(0.25);
  expect(container.querySelector("audio")?.volume).toBe(0.25);
});

it.each(["", "loud", "-1", "7"])("starts at full volume where %j was kept", (kept) => {
  localStorage.setItem("volume", kept);
  expect(keptVolume()).toBe(1);
});
