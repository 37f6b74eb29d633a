import { expect, it, vi } from "vitest";

import { MediaEngine } from "./engine";

it("asks for a sound again that broke off, and goes on where it was", async () => {
  const element = document.createElement("audio");
  let error: { code: number } | null = { code: 2 };
  Object.defineProperty(element, "error", { get: () => error });
  const load = vi.spyOn(element, "load").mockImplementation(() => {
    error = null;
    element.currentTime = 0;
  });
  const play = vi.spyOn(element, "play").mockResolvedValue();
  const engine = new MediaEngine(element);
  element.currentTime = 31;
  expect(engine.failed).toBe(true);
  await engine.play();
  expect(load).toHaveBeenCalledOnce();
  expect(element.currentTime).toBe(31);
  await engine.play();
  expect(load).toHaveBeenCalledOnce();
  expect(play).toHaveBeenCalledTimes(2);
});
