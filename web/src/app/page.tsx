import { Suspense } from "react";

import { PageTitle } from "@/features/studio/page-title";
import { StudioPage } from "@/features/studio/studio-page";

export default function Page() {
  return (
    <Suspense fallback={<PageTitle />}>
      <StudioPage />
    </Suspense>
  );
}
