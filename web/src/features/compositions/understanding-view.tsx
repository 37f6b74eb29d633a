import { Badge } from "@/components/ui/chip";
import { Loading } from "@/components/ui/spinner";
import { asProblem } from "@/lib/api/problem";

import { useUnderstanding } from "./api";
import { readingsOf, type Reading } from "./understanding";

/** How the prompt was read: every value, who decided it, and the words nobody understood. */
export function UnderstandingView({ promptId }: { promptId: string }) {
  const { data: understood, error } = useUnderstanding(promptId);
  if (error) return <p role="alert" className="text-sm text-danger">{asProblem(error).message}</p>;
  if (!understood) return <Loading />;
  return (
    <div className="flex flex-col gap-6">
      <dl className="divide-y divide-line border-y border-line text-sm">
        {readingsOf(understood).map((reading) => (
          <ReadingRow key={reading.name} {...reading} />
        ))}
      </dl>
      <NotUnderstood words={understood.not_understood} />
    </div>
  );
}

function ReadingRow({ name, value, source, words }: Reading) {
  return (
    <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-4 gap-y-0.5 py-2.5 sm:grid-cols-[7.5rem_minmax(0,1fr)_minmax(0,14rem)]">
      <dt className="text-muted">{name}</dt>
      <dd className="font-medium break-words">{value}</dd>
      <dd className="text-muted max-sm:col-start-2">
        {source}
        {words && <q className="ml-1.5 text-ink italic">{words}</q>}
      </dd>
    </div>
  );
}

function NotUnderstood({ words }: { words: string[] }) {
  if (!words.length) return <p className="text-sm text-muted">Every word of the prompt was used.</p>;
  return (
    <div className="text-sm">
      <p className="text-muted">These words changed nothing:</p>
      <ul className="mt-2 flex flex-wrap gap-1.5">
        {words.map((word, at) => (
          <li key={`${word}-${at}`}>
            <Badge>{word}</Badge>
          </li>
        ))}
      </ul>
    </div>
  );
}
