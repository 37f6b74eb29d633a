import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// Radix measures and captures; jsdom has neither.
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= Observer;
Element.prototype.hasPointerCapture ??= () => false;
Element.prototype.scrollIntoView ??= () => undefined;

// What is waited for appears at once or never; a busy machine may take its time.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
