import { Suspense } from "react";

import { StudioPage } from "@/features/studio/studio-page";

export default function Page() {
  return (
    <Suspense>
      <StudioPage />
    </Suspense>
  );
}
