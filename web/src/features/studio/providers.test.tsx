import { useMutation } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Problem } from "@/lib/api/problem";

import { Providers } from "./providers";

class SilentSource extends EventTarget {
  close(): void {}
}

beforeEach(() => {
  vi.stubGlobal("EventSource", SilentSource);
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});
afterEach(() => vi.unstubAllGlobals());

function Press({ name, notice }: { name: string; notice: boolean }) {
  const change = useMutation({ mutationFn: () => Promise.reject(new Problem(`${name} failed.`, 500, "x")), meta: { notice } });
  return <button onClick={() => change.mutate()}>{name}</button>;
}

it("tells what failed without a place of its own, and puts it away", async () => {
  render(<Providers><Press name="loud" notice /><Press name="quiet" notice={false} /></Providers>);
  await userEvent.click(screen.getByRole("button", { name: "quiet" }));
  await userEvent.click(screen.getByRole("button", { name: "loud" }));
  expect(await screen.findByText("loud failed.")).toBeTruthy();
  expect(screen.queryByText("quiet failed.")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Put this message away" }));
  expect(screen.queryByText("loud failed.")).toBeNull();
});
