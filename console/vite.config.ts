import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin, Rollup } from "vite";
import { defineConfig } from "vitest/config";

const firstLoadBytesMax = 600_000;
const out = resolve(__dirname, "../build/console");
const server = process.env.ZAN_SERVER ?? "http://127.0.0.1:8080";
const proxy = Object.fromEntries(["/v1", "/log", "/health", "/metrics", "/openapi.json"].map((path) => [path, server]));

// What the server sends with the page (docs/formats of the console's contract is this line): tried here, too.
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// The page's scripts and styles that load before anything is shown, as a browser gets them. Fails the build above the bar.
function firstLoad(): Plugin {
  return {
    name: "first-load",
    apply: "build",
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file): file is Rollup.OutputChunk => file.type === "chunk");
      const wanted = new Set<string>(["index.html"]);
      const visit = (chunk: Rollup.OutputChunk) => {
        if (wanted.has(chunk.fileName)) return;
        wanted.add(chunk.fileName);
        for (const style of chunk.viteMetadata?.importedCss ?? []) wanted.add(style);
        for (const name of chunk.imports) visit(chunks.find((other) => other.fileName === name)!);
      };
      chunks.filter((chunk) => chunk.isEntry).forEach(visit);
      const sizes = [...wanted].map((name) => gzipSync(readFileSync(join(out, name))).length);
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      console.log(
        `first load: ${bytes} bytes compressed in ${wanted.size} files, ` +
          `${readdirSync(join(out, "assets")).length} files in all; at most ${firstLoadBytesMax}`,
      );
      if (bytes > firstLoadBytesMax) throw new Error(`the first load has ${bytes} bytes compressed`);
    },
  };
}

export default defineConfig({
  base: "/console/",
  plugins: [react(), firstLoad()],
  resolve: {
    alias: {
      "zan-verify-words": resolve(__dirname, "../src/api/verify_page/words.js"),
      "zan-verify": resolve(__dirname, "../src/api/verify_page/verify.js"),
    },
  },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  server: { proxy, fs: { allow: [resolve(__dirname, "..")] } },
  preview: { proxy, headers: { "Content-Security-Policy": contentSecurityPolicy } },
  test: { environment: "jsdom", setupFiles: ["./test_setup.ts"], include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
