import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

import { Providers } from "@/features/studio/providers";

import "./globals.css";

export const metadata: Metadata = {
  description: "Describe a song, get it finished: arranged, mixed, mastered, with stems and a score.",
  icons: { icon: "/icon.svg" },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f8f7f5" },
    { media: "(prefers-color-scheme: dark)", color: "#111318" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script src="/theme.js" />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
