import createClient from "openapi-fetch";

import { problemFrom, unreachable } from "./problem";
import type { components, paths } from "./schema";

/** A response or request body of the API, by its name there. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** Where the API lives: the server that handed out this page. */
export const API = "/api/v2";

/** The studio's API, typed by its own description. */
export const api = createClient<paths>({
  // The page is first rendered where there is no address.
  baseUrl: typeof location === "undefined" ? "" : location.origin,
  // Looked up at each call, so that tests may put another in its place.
  fetch: (request) => globalThis.fetch(request),
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws a `Problem` where it is a refusal or none came. */
export async function answered<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw problemFrom(error, response.status);
  return data as Data;
}
