const STUDIO = "Text2Song Studio";

/** Names the tab after what is open; React carries it into the head, and takes it out again with whatever it stands in. */
export function PageTitle({ text }: { text?: string }) {
  return <title>{text ? `${text} · ${STUDIO}` : STUDIO}</title>;
}
