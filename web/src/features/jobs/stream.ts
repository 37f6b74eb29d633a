export type StreamStatus = "connecting" | "open" | "lost";

interface StreamHandlers {
  onEvent: (data: unknown) => void;
  onStatus: (status: StreamStatus) => void;
  /** The stream was refused, by a studio that answers: the session may have ended. */
  onRefused: () => void;
}

/** How long after a lost connection a closed stream is opened again, milliseconds. */
const RETRY_MS = 3000;

/**
 * Listens to the one event stream while the page is in sight, and returns how to stop.
 *
 * A hidden page lets go of its connection: browsers allow six to a host, and a seventh tab would wait for ever.
 * The browser reconnects by itself after a short break, sending the id of the last event it saw.
 */
export function listen(url: string, events: readonly string[], { onEvent, onStatus, onRefused }: StreamHandlers): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    onStatus("connecting");
    source = new EventSource(url);
    source.onopen = () => onStatus("open");
    source.onerror = () => {
      onStatus("lost");
      // What is merely lost the browser connects to again by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      onRefused();
      retry = setTimeout(open, RETRY_MS);
    };
    const receive = (event: MessageEvent<string>) => {
      const data = parse(event.data);
      if (data !== null) onEvent(data);
    };
    for (const name of ["message", ...events]) source.addEventListener(name, receive);
  };
  const follow = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
