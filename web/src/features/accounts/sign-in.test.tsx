import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Gate } from "./gate";

const ME = { id: "u1", email: "ada@example.org", name: "", plan: "FREE", is_admin: false, is_verified: false, created_at: "2026-11-25T00:00:00Z", mode: "server", scopes: ["read", "write"] };

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function problem(status: number, slug: string, detail: string): Response {
  return answer(status, { type: `https://text2song.dev/problems/${slug}`, title: "x", status, detail, errors: [] });
}

describe("Gate", () => {
  const fetch = vi.fn<(request: Request) => Promise<Response>>();

  beforeEach(() => {
    const ways = { password: true, registration: true, oidc: "Example ID" };
    vi.stubGlobal("fetch", (request: Request) => (request.url.endsWith("/ways") ? Promise.resolve(answer(200, ways)) : fetch(request)));
    fetch.mockReset();
  });

  afterEach(() => vi.unstubAllGlobals());

  function open() {
    render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <Gate>
          <p>the studio</p>
        </Gate>
      </QueryClientProvider>,
    );
  }

  it("lets the owner of a local studio in without a word", async () => {
    fetch.mockResolvedValue(answer(200, { ...ME, mode: "local" }));
    open();
    expect(await screen.findByText("the studio")).toBeTruthy();
  });

  it("asks a stranger to sign in, says what was wrong, and lets them in", async () => {
    fetch.mockResolvedValueOnce(problem(401, "unauthenticated", "sign in, or send an API key"));
    open();
    const button = await screen.findByRole("button", { name: "Sign in" });
    expect(document.title).toBe("Sign in · Text2Song Studio");
    expect(screen.queryByText("the studio")).toBeNull();
    expect((await screen.findByText("Sign in with Example ID")).getAttribute("href")).toBe("/api/v2/auth/oidc/login");
    await userEvent.type(screen.getByLabelText("E-mail"), "ada@example.org");
    await userEvent.type(screen.getByLabelText("Password"), "not her password");
    fetch.mockResolvedValueOnce(problem(401, "wrong-login", "the e-mail address or the password is wrong"));
    await userEvent.click(button);
    expect((await screen.findByRole("alert")).textContent).toBe("The e-mail address or the password is wrong.");
    fetch.mockResolvedValueOnce(answer(200, ME));
    await userEvent.click(button);
    expect(await screen.findByText("the studio")).toBeTruthy();
    const request = fetch.mock.calls[1]?.[0];
    expect(request?.url).toContain("/auth/login");
    expect(request?.headers.get("x-requested-with")).toBeTruthy();
  });

  it("asks again whoever lost the session", async () => {
    fetch.mockResolvedValueOnce(answer(200, ME));
    open();
    await screen.findByText("the studio");
    fetch.mockImplementation(() => Promise.resolve(problem(401, "unauthenticated", "sign in, or send an API key")));
    window.dispatchEvent(new Event("signed-out"));
    expect(await screen.findByRole("button", { name: "Sign in" })).toBeTruthy();
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("lets nothing stay of the one before, when another signed in in another tab", async () => {
    fetch.mockResolvedValueOnce(answer(200, ME));
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    sessionStorage.setItem("draft", "{}");
    const Studio = () => <input aria-label="words" defaultValue="" />;
    render(<QueryClientProvider client={client}><Gate><Studio /></Gate></QueryClientProvider>);
    await vi.waitFor(() => expect(client.getQueryData(["me"])).toBeTruthy());
    await userEvent.type(screen.getByLabelText("words"), "a secret");
    client.setQueryData(["songs", "recent"], ["a song"]);
    client.setQueryData(["me", "keys"], ["a key"]);
    fetch.mockResolvedValueOnce(answer(200, ME));
    await client.refetchQueries({ queryKey: ["me"], exact: true });
    expect(screen.getByLabelText<HTMLInputElement>("words").value).toBe("a secret");
    fetch.mockResolvedValueOnce(answer(200, { ...ME, id: "u2" }));
    await client.refetchQueries({ queryKey: ["me"], exact: true });
    await vi.waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("words").value).toBe(""));
    expect(client.getQueryData(["songs", "recent"])).toBeUndefined();
    expect(client.getQueryData(["me", "keys"])).toBeUndefined();
    expect(sessionStorage.getItem("draft")).toBeNull();
  });

  it("shows a studio that does not answer as it is", async () => {
    fetch.mockRejectedValue(new TypeError("no network"));
    open();
    expect(await screen.findByText("the studio")).toBeTruthy();
  });
});
