"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Gate } from "@/features/accounts/gate";
import { JobsProvider } from "@/features/jobs/jobs-provider";
import { asProblem } from "@/lib/api/problem";

/** Refused requests stay refused; only an unreachable or overloaded server is worth another try. */
function shouldRetry(failures: number, error: unknown): boolean {
  const { status } = asProblem(error);
  return failures < 2 && (status === 0 || status >= 500);
}

// The studio usually runs on this very machine: without a network it answers all the same.
const NETWORK = { networkMode: "always" } as const;

function newClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { ...NETWORK, staleTime: 10_000, retry: shouldRetry }, mutations: NETWORK } });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      <Gate>
        <JobsProvider>{children}</JobsProvider>
      </Gate>
    </QueryClientProvider>
  );
}
