import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import about from "./package.json" with { type: "json" };

const server = process.env.NIGHTDESK_ORIGIN ?? "http://127.0.0.1:8787";
const theirs = ["/v1", "/p/", "/public", "/in/", "/connect/", "/hooks/", "/healthz", "/readyz", "/nightdesk.css"];

export default defineConfig({
  plugins: [svelte()],
  define: { __VERSION__: JSON.stringify(about.version) },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: { proxy: Object.fromEntries(theirs.map((path) => [path, server])) },
  test: { include: ["src/**/*.test.ts"] },
});
