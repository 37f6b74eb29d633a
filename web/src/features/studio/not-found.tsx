import { Button } from "@/components/ui/button";

import { PageTitle } from "./page-title";

export function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-6">
      <PageTitle text="Not found" />
      <p className="text-sm text-muted">404</p>
      <h1 className="text-2xl font-semibold">There is no such page</h1>
      <p className="text-muted">The address may be misspelt, or the song was deleted.</p>
      <Button asChild variant="primary">
        <a href="/">Back to the studio</a>
      </Button>
    </main>
  );
}
