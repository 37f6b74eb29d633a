import createClient from "openapi-fetch";

import { problemFrom, unreachable } from "./problem";
import type { components, paths } from "./schema";

/** A response or request body of the API, by its name there. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** Where the API lives: the server that handed out this page. */
export const API = "/api/v2";

/** Milliseconds after which an answer that does not come is given up; asking again costs nothing where nothing changes. */
const PATIENCE_MS = 30_000;

/** The studio's API, typed by its own description. */
export const api = createClient<paths>({
  // A change needs it where people sign in: no page of another site can send it.
  headers: { "X-Requested-With": "studio" },
  // The page is first rendered where there is no address.
  baseUrl: typeof location === "undefined" ? "" : location.origin,
  // Looked up at each call, so that tests may put another in its place.
  fetch: (request) => globalThis.fetch(request, request.method === "GET" ? { signal: AbortSignal.timeout(PATIENCE_MS) } : undefined),
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The event that says that something was refused, as it would be without a session: time to ask who one is. */
export const SIGNED_OUT = "signed-out";

/** The data of an answer; throws a `Problem` where it is a refusal or none came. */
export async function answered<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch(() => {
    throw unreachable();
  });
  if (response.ok) return data as Data;
  const problem = problemFrom(error, response.status);
  if (problem.slug === "unauthenticated") window.dispatchEvent(new Event(SIGNED_OUT));
  throw problem;
}
