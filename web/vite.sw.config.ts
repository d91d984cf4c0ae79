import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

// The worker's bytes change with the shell, so that a browser notices a new version.
const shell = createHash("sha256").update(readFileSync("dist/index.html")).digest("hex");

export default defineConfig({
  publicDir: false,
  define: { __SHELL__: JSON.stringify(shell.slice(0, 12)) },
  build: {
    target: "es2022",
    emptyOutDir: false,
    rolldownOptions: {
      input: "src/sw.ts",
      output: { format: "iife", entryFileNames: "sw.js" },
    },
  },
});
