"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { JobsProvider } from "@/features/jobs/jobs-provider";
import { asProblem } from "@/lib/api/problem";

/** Refused requests stay refused; only an unreachable or overloaded server is worth another try. */
function shouldRetry(failures: number, error: unknown): boolean {
  const { status } = asProblem(error);
  return failures < 2 && (status === 0 || status >= 500);
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: shouldRetry } } }));
  return (
    <QueryClientProvider client={client}>
      <JobsProvider>{children}</JobsProvider>
    </QueryClientProvider>
  );
}
