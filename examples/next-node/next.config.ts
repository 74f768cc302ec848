import type { NextConfig } from "next";

const config: NextConfig = {
  // The folder of this application: without it Next takes the repository's for the root.
  turbopack: { root: import.meta.dirname },
};

export default config;
