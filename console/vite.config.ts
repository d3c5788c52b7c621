import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin, Rollup } from "vite";
import { defineConfig } from "vitest/config";

const firstLoadBytesMax = 200_000;
const out = resolve(__dirname, "../build/console");
const server = process.env.ZAN_SERVER ?? "http://127.0.0.1:8080";
const proxy = Object.fromEntries(["/v1", "/log", "/health", "/metrics", "/openapi.json"].map((path) => [path, server]));

// What the server sends with the page (docs/formats of the console's contract is this line): tried here, too.
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// Ant Design is in one file that is loaded on demand: none that is loaded otherwise may wait for it.
function refuseLibrary(chunks: Rollup.OutputChunk[]) {
  const ofLibrary = /node_modules\/(antd|rc-[a-z-]+)\//;
  const holders = new Set(
    chunks.filter((chunk) => chunk.moduleIds.some((id) => ofLibrary.test(id))).map((chunk) => chunk.fileName),
  );
  const early = chunks.filter(
    (chunk) => !holders.has(chunk.fileName) && chunk.imports.some((name) => holders.has(name)),
  );
  if (holders.size !== 1 || early.length > 0)
    throw new Error(`the component library is in ${[...holders]}, for which ${early.map((chunk) => chunk.name)} wait`);
}

// The page's scripts and styles that load before anything is shown, as a browser gets them. Fails above the bar.
function firstLoad(): Plugin {
  return {
    name: "first-load",
    apply: "build",
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file): file is Rollup.OutputChunk => file.type === "chunk");
      refuseLibrary(chunks);
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
  test: {
    environment: "jsdom",
    setupFiles: ["./test_setup.ts"],
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    css: { include: /page\.css/ }, // one test reads its colours
  },
});
