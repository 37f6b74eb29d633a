import type { NextConfig } from "next";

/** A static export: the studio's own server hands out the files, so nothing here may need a Node server. */
const config: NextConfig = {
  output: "export",
  trailingSlash: true,
  images: { unoptimized: true },
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // Another lock file further up must not be taken for the root of this project.
  turbopack: { root: import.meta.dirname },
};

export default config;
