import { isOver, type Job } from "./model";

export type Jobs = Readonly<Record<string, Job>>;

/**
 * The jobs after news of one: from the event stream, from polling or from an answer, in any order.
 *
 * What is older than what is known changes nothing, nor does what says the same: the very same object comes back, so that
 * nobody draws again. Within one attempt progress only grows and the end is the end; a later attempt, after a worker was
 * lost, begins anew.
 */
export function learn(jobs: Jobs, news: Job): Jobs {
  const known = jobs[news.id];
  return known && (isStale(known, news) || isSame(known, news)) ? jobs : { ...jobs, [news.id]: news };
}

function isSame(known: Job, news: Job): boolean {
  return (Object.keys(news) as (keyof Job)[]).every((name) => known[name] === news[name]);
}

function isStale(known: Job, news: Job): boolean {
  if (isOver(known)) return true;
  if (isOver(news)) return false;
  // An answer from before the job was begun.
  if (known.startedAt && !news.startedAt) return true;
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
