"use client";

import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Gate } from "@/features/accounts/gate";
import { JobsProvider } from "@/features/jobs/jobs-provider";
import { asProblem } from "@/lib/api/problem";

import { Notice } from "./notice";

/** Refused requests stay refused; only an unreachable or overloaded server is worth another try. */
function shouldRetry(failures: number, error: unknown): boolean {
  const { status } = asProblem(error);
  return failures < 2 && (status === 0 || status >= 500);
}

// The studio usually runs on this very machine: without a network it answers all the same.
const NETWORK = { networkMode: "always" } as const;

function newClient(onFailure: (message: string | null) => void): QueryClient {
  const mutationCache = new MutationCache({
    onMutate: (_, { meta }) => meta?.notice && onFailure(null),
    onError: (error, _variables, _context, { meta }) => meta?.notice && onFailure(asProblem(error).message),
  });
  return new QueryClient({ mutationCache, defaultOptions: { queries: { ...NETWORK, staleTime: 10_000, retry: shouldRetry }, mutations: NETWORK } });
}

/** What the whole page needs; a change that has no place of its own for its failure (`meta.notice`) has it told here. */
export function Providers({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<string | null>(null);
  const [client] = useState(() => newClient(setNotice));
  return (
    <QueryClientProvider client={client}>
      <Gate>
        <JobsProvider>{children}</JobsProvider>
      </Gate>
      <Notice text={notice} onClose={() => setNotice(null)} />
    </QueryClientProvider>
  );
}
