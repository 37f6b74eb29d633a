import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FavoriteButton } from "./favorite-button";

describe("FavoriteButton", () => {
  const fetch = vi.fn<(request: Request) => Promise<Response>>();

  beforeEach(() => {
    fetch.mockReset();
    vi.stubGlobal("fetch", fetch);
  });
  afterEach(() => vi.unstubAllGlobals());

  function show(marked: boolean) {
    render(
      <QueryClientProvider client={new QueryClient()}>
        <FavoriteButton takeId="t1" name="Night Drive" marked={marked} />
      </QueryClientProvider>,
    );
    return screen.getByRole("button", { name: "Favourite Night Drive" });
  }

  it("says what it is", () => {
    expect(show(true).getAttribute("aria-pressed")).toBe("true");
  });

  it("asks for the other state by name and shows it at once", async () => {
    let answer: (response: Response) => void = () => undefined;
    fetch.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const button = show(false);
    await userEvent.click(button);
    expect(button.getAttribute("aria-pressed")).toBe("true");
    const request = fetch.mock.calls[0]![0];
    expect(await request.clone().json()).toEqual({ generation_id: "t1", is_favorited: true });
    answer(new Response("{}", { status: 500 }));
    // Refused: the mark is as the lists say again.
    await vi.waitFor(() => expect(button.getAttribute("aria-pressed")).toBe("false"));
  });

  it("does not flicker between the answer and the lists that follow it", async () => {
    fetch.mockImplementation(async () => new Response("{}", { status: 200, headers: { "content-type": "application/json" } }));
    let list: (marked: boolean) => void = () => undefined;
    const lists = vi.fn(() => new Promise<boolean>((resolve) => (list = resolve)));
    const shown: (string | null)[] = [];
    const Row = () => {
      const { data } = useQuery({ queryKey: ["songs"], queryFn: lists, initialData: false, staleTime: Infinity });
      return <FavoriteButton takeId="t1" name="Night Drive" marked={data} />;
    };
    render(<QueryClientProvider client={new QueryClient()}><Row /></QueryClientProvider>);
    const button = screen.getByRole("button", { name: "Favourite Night Drive" });
    new MutationObserver(() => shown.push(button.getAttribute("aria-pressed"))).observe(button, { attributeFilter: ["aria-pressed"] });
    await userEvent.click(button);
    await vi.waitFor(() => expect(lists).toHaveBeenCalled());
    await act(async () => list(true));
    expect(button.getAttribute("aria-pressed")).toBe("true");
    expect(shown).toEqual(["true"]);
  });
});
