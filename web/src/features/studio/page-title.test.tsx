import { render } from "@testing-library/react";
import { expect, it } from "vitest";

import { PageTitle } from "./page-title";

it("names the tab after what is open, and nothing else", () => {
  const { rerender, unmount } = render(<PageTitle text="Paper Lanterns" />);
  expect(document.title).toBe("Paper Lanterns · Text2Song Studio");
  rerender(<PageTitle />);
  expect(document.title).toBe("Text2Song Studio");
  unmount();
  expect(document.querySelector("title")).toBeNull();
});
