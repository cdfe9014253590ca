import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

/** Where `meta-gwangju serve` listens while the page itself comes from `vite`. */
const server = loadEnv("", ".", "META_GWANGJU_").META_GWANGJU_SERVER ?? "http://127.0.0.1:8000";
const proxy = {
  "/signal": { target: server, ws: true },
  "/api": server,
  "/tiles": server,
  "/healthz": server,
  "/plain": server,
};

export default defineConfig({
  build: {
    target: "es2022",
    // Fonts and pictures stay files: an inlined font would be fetched before anything is drawn.
    assetsInlineLimit: 0,
    // The renderer is its own chunk, loaded after the landing card stands.
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy },
  preview: { proxy },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
