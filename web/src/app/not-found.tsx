import { NotFound } from "@/features/studio/not-found";

export default function NotFoundPage() {
  return <NotFound />;
}
