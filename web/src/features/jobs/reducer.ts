import { isOver, type Job } from "./model";

export type Jobs = Readonly<Record<string, Job>>;

/**
 * The jobs after news of one: from the event stream, from polling or from an answer, in any order.
 *
 * Older news than what is known changes nothing. Within one attempt progress only grows and the end is the end; a later
 * attempt, after a worker was lost, begins anew.
 */
export function learn(jobs: Jobs, news: Job): Jobs {
  const known = jobs[news.id];
  return known && isStale(known, news) ? jobs : { ...jobs, [news.id]: news };
}

function isStale(known: Job, news: Job): boolean {
  if (isOver(known)) return true;
  if (isOver(news)) return false;
  const attempts = Date.parse(news.startedAt ?? "") - Date.parse(known.startedAt ?? "");
  if (attempts) return attempts < 0;
  return news.progress < known.progress;
}

/** Jobs still under way, the longest waiting first. */
export function underWay(jobs: Jobs): Job[] {
  return Object.values(jobs)
    .filter((job) => !isOver(job))
    .sort((left, right) => left.id.localeCompare(right.id));
}

/** The newest job of a composition: ids are UUIDv7, which sort by time. */
export function jobOf(jobs: Jobs, compositionId: string): Job | null {
  const own = Object.values(jobs).filter((job) => job.compositionId === compositionId);
  return own.reduce<Job | null>((newest, job) => (!newest || job.id > newest.id ? job : newest), null);
}
