import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { forgetDraft } from "@/features/compositions/draft";
import { answered, api, type Schema } from "@/lib/api/client";

export type Me = Schema<"MeOut">;
export type ApiKey = Schema<"KeyOut">;
export type Scope = ApiKey["scopes"][number];

export const ME = ["me"];
const KEYS = ["me", "keys"];

/** Whoever is signed in; in local mode the one owner. Refused with status 401 when nobody is. */
export function useMe() {
  const client = useQueryClient();
  return useQuery({
    queryKey: ME,
    queryFn: async () => {
      const me = await answered(api.GET("/api/v2/me"));
      const before = client.getQueryData<Me>(ME);
      if (before && before.id !== me.id) forgetOthers(client);
      return me;
    },
    staleTime: 60_000,
    // The session may have ended, or become another's, in another tab.
    refetchOnWindowFocus: "always",
  });
}

/** Whether something of that owner's is one's own to change; taken for granted until it is known who one is. */
export function useIsMine(ownerId: string): boolean {
  const { data: me } = useMe();
  return !me || me.id === ownerId;
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
      forgetOthers(client);
      client.setQueryData(ME, me);
    },
  });
}

/** Whatever an earlier person saw or wrote is not the next one's to see. */
function forgetOthers(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey.length !== ME.length || queryKey[0] !== ME[0] });
  forgetDraft();
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST("/api/v2/auth/logout")),
    meta: { notice: true },
    onSuccess: () => {
      client.clear();
      forgetDraft();
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
