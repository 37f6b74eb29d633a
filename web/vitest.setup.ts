import { cleanup } from "@testing-library/react";
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

afterEach(cleanup);
