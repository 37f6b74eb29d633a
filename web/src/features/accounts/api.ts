import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answered, api, type Schema } from "@/lib/api/client";

export type Me = Schema<"MeOut">;
export type ApiKey = Schema<"KeyOut">;
export type Scope = ApiKey["scopes"][number];

export const ME = ["me"];
const KEYS = ["me", "keys"];

/** Whoever is signed in; in local mode the one owner. Refused with status 401 when nobody is. */
export function useMe() {
  return useQuery({ queryKey: ME, queryFn: () => answered(api.GET("/api/v2/me")), staleTime: 60_000 });
}

/** How one may sign in here. */
export function useWays() {
  return useQuery({ queryKey: ["ways"], queryFn: () => answered(api.GET("/api/v2/auth/ways")), staleTime: Infinity });
}

export interface Entry {
  email: string;
  password: string;
  /** Empty when signing in; whatever they are called when signing up. */
  name?: string;
}

/** Signs in, or up when `fresh`; the browser then holds a cookie that this page cannot read. */
export function useEnter(fresh: boolean) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ email, password, name = "" }: Entry) =>
      fresh
        ? answered(api.POST("/api/v2/auth/register", { body: { email, password, name } }))
        : answered(api.POST("/api/v2/auth/login", { body: { email, password } })),
    onSuccess: (me) => {
      // Whatever an earlier person saw is not this one's to see.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] });
      client.setQueryData(ME, me);
    },
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST("/api/v2/auth/logout")),
    onSuccess: () => {
      client.clear();
      window.location.assign("/");
    },
  });
}

export function useChangeMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Schema<"MeChange">) => answered(api.PATCH("/api/v2/me", { body: change })),
    onSuccess: (me) => client.setQueryData(ME, me),
  });
}

export function useKeys() {
  return useQuery({ queryKey: KEYS, queryFn: () => answered(api.GET("/api/v2/me/keys")) });
}

/** Makes a key; the answer is the only place where its text ever is. */
export function useCreateKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { name: string; scopes: Scope[]; days: number | null }) =>
      answered(api.POST("/api/v2/me/keys", { body: { name: wanted.name, scopes: wanted.scopes, expires_in_days: wanted.days } })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}

export function useRevokeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answered(api.DELETE("/api/v2/me/keys/{key_id}", { params: { path: { key_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS }),
  });
}
