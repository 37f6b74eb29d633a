import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { HistoryView } from "./history-view";

const asked: (string | null)[] = [];

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(new URL(request.url).searchParams.get("q"));
    return new Response(JSON.stringify({ items: [], total: 0, limit: 30, offset: 0 }), { headers: { "content-type": "application/json" } });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <HistoryView onOpen={() => undefined} />
    </QueryClientProvider>,
  );
});
afterEach(() => vi.unstubAllGlobals());

it("asks once for what was typed, not for every letter of it", async () => {
  await userEvent.setup({ delay: null }).type(screen.getByRole("searchbox"), "paper boats");
  await screen.findByText("No song holds these words.");
  expect(asked).toEqual([null, "paper boats"]);
  await userEvent.click(screen.getByRole("button", { name: "Favourites" }));
  await screen.findByText("None of your favourites holds these words.");
});
