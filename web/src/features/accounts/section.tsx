import type { ReactNode } from "react";

/** One card of the account page. */
export function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-8 rounded-2xl border border-line bg-surface p-5 sm:p-6">
      <h2 className="font-medium">{title}</h2>
      {text && <p className="mt-1 text-sm text-muted">{text}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
