import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AccountPage } from "./account-page";

const ME = { id: "u1", email: "ada@example.org", name: "Ada", plan: "FREE", is_admin: false, is_verified: false, created_at: "2026-11-25T00:00:00Z", mode: "server", scopes: ["read", "write"] };
const KEY = { id: "k1", name: "laptop", prefix: "t2s_live_ab", scopes: ["read"], created_at: "2026-11-25T00:00:00Z", last_used_at: null, expires_at: null };

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

const busy = () => answer(503, { type: "x/busy", title: "Busy", status: 503, detail: "the database is away", errors: [] });

describe("AccountPage", () => {
  const change = vi.fn<(request: Request) => Promise<Response>>();
  let me: () => Response;
  let keys: () => Response;

  beforeEach(() => {
    me = () => answer(200, ME);
    keys = () => answer(200, [KEY]);
    change.mockReset();
    vi.stubGlobal("fetch", async (request: Request) => {
      if (request.method !== "GET") return change(request);
      return request.url.endsWith("/keys") ? keys() : me();
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  function open() {
    render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <AccountPage />
      </QueryClientProvider>,
    );
  }

  it("says when the account cannot be read, and tries again", async () => {
    me = busy;
    open();
    expect((await screen.findByRole("alert")).textContent).toContain("The database is away.");
    me = () => answer(200, ME);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("ada@example.org")).toBeTruthy();
  });

  it("says when a name, a password or a key could not be changed", async () => {
    open();
    change.mockImplementation(async () => busy());
    await userEvent.click(await screen.findByRole("button", { name: "Save" }));
    await vi.waitFor(() => expect(screen.getAllByRole("alert")).toHaveLength(1));
    await userEvent.type(screen.getByLabelText("Present password"), "correct horse");
    await userEvent.type(screen.getByLabelText("New password"), "battery staple");
    await userEvent.click(screen.getByRole("button", { name: "Change the password" }));
    await vi.waitFor(() => expect(screen.getAllByRole("alert")).toHaveLength(2));
    await userEvent.click(await screen.findByRole("button", { name: "Revoke laptop" }));
    await userEvent.click(screen.getByRole("button", { name: "Revoke" }));
    expect((await screen.findByRole("alert")).textContent).toBe("The database is away.");
    expect(screen.getByRole("alertdialog")).toBeTruthy();
  });

  it("says when the keys cannot be read", async () => {
    keys = busy;
    open();
    expect((await screen.findByRole("alert")).textContent).toBe("The database is away.");
  });

  it("marks a key to be copied by hand where the browser lets no page copy", async () => {
    change.mockResolvedValue(answer(201, { ...KEY, id: "k2", key: "t2s_live_secret" }));
    open();
    await userEvent.type(await screen.findByLabelText("Name of the key"), "phone");
    await userEvent.click(screen.getByRole("button", { name: "Make a key" }));
    await screen.findByText("t2s_live_secret");
    await userEvent.click(screen.getByRole("button", { name: "Copy the key" }));
    expect(await screen.findByText(/copy it yourself/)).toBeTruthy();
    expect(window.getSelection()?.toString()).toBe("t2s_live_secret");
  });
});
