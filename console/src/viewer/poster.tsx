// A still picture for a work of which only data are known: the same work always gives the same picture, works of one tag
// share their colours. It claims nothing about what the work shows.

import { memo } from "react";

// A small generator (mulberry32) seeded by FNV-1a of a name.
export function randomOf(name: string): () => number {
  let seed = 2166136261;
  for (const sign of name) seed = Math.imul(seed ^ sign.codePointAt(0)!, 16777619);
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const width = 360;
const height = 640;

function hills(random: () => number, hue: number): string[][] {
  const layers = 4;
  return Array.from({ length: layers }, (_, layer) => {
    const base = height * (0.46 + layer * 0.13 + random() * 0.05);
    const swing = 70 - layer * 10;
    const phase = random() * 7;
    const pace = 0.008 + random() * 0.012;
    const points = [`M0 ${height}`];
    for (let x = 0; x <= width; x += 12) {
      const y = base + Math.sin(x * pace + phase) * swing + Math.sin(x * pace * 2.3 + phase * 1.7) * swing * 0.35;
      points.push(`L${x} ${y.toFixed(1)}`);
    }
    return [
      `${points.join(" ")} L${width} ${height} Z`,
      `hsl(${hue + layer * 9} ${38 - layer * 4}% ${44 - layer * 9}%)`,
    ];
  });
}

function towers(random: () => number, hue: number): string[][] {
  const shapes: string[][] = [];
  for (let row = 0; row < 3; ++row) {
    for (let x = -10; x < width; ) {
      const wide = 24 + random() * 40;
      const top = height * (0.38 + row * 0.15) + random() * 110;
      shapes.push([
        `M${x.toFixed(0)} ${height} V${top.toFixed(0)} H${(x + wide).toFixed(0)} V${height} Z`,
        `hsl(${hue + row * 12} ${34 - row * 4}% ${43 - row * 11}%)`,
      ]);
      x += wide + 3;
    }
  }
  return shapes;
}

function petals(random: () => number, hue: number): string[][] {
  const centre = [width * (0.35 + random() * 0.3), height * (0.42 + random() * 0.16)] as const;
  const count = 7 + Math.floor(random() * 7);
  return Array.from({ length: count * 2 }, (_, i) => {
    const ring = i < count ? 1 : 0.62;
    const angle = (i / count) * Math.PI * 2 + (ring < 1 ? 0.2 : 0);
    const long = 215 * ring;
    const tip = [centre[0] + Math.cos(angle) * long, centre[1] + Math.sin(angle) * long];
    const side = (turn: number) => [
      centre[0] + Math.cos(angle + turn) * long * 0.62,
      centre[1] + Math.sin(angle + turn) * long * 0.62,
    ];
    const [a, b] = [side(0.42), side(-0.42)];
    const at = (point: number[]) => point.map((value) => value.toFixed(1)).join(" ");
    return [
      `M${at([...centre])} Q${at(a)} ${at(tip)} Q${at(b)} ${at([...centre])} Z`,
      `hsl(${hue + i * 5} ${36 + ring * 8}% ${ring < 1 ? 58 : 38}%)`,
    ];
  });
}

const scenes = [hills, towers, petals];

export const Poster = memo(function Poster({ id, tag, className }: { id: string; tag?: string; className?: string }) {
  const random = randomOf(`work ${id}`);
  const hue = Math.floor(randomOf(`tag ${tag ?? id}`)() * 360);
  const scene = scenes[Math.floor(random() * scenes.length)]!;
  const shapes = scene(random, hue);
  const key = `poster-${hue}-${Math.floor(random() * 1e9)}`;
  const [x, y, size] = [60 + random() * 240, 90 + random() * 130, 26 + random() * 40];
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid slice"
      className={className}
      aria-hidden="true"
    >
      <defs>
        <linearGradient id={key} x1="0" y1="0" x2="0.25" y2="1">
          <stop offset="0" stopColor={`hsl(${hue + 200} 30% 30%)`} />
          <stop offset="0.55" stopColor={`hsl(${hue + 20} 46% 58%)`} />
          <stop offset="1" stopColor={`hsl(${hue} 40% 30%)`} />
        </linearGradient>
      </defs>
      <rect width={width} height={height} fill={`url(#${key})`} />
      <circle cx={x} cy={y} r={size} fill={`hsl(${hue + 35} 80% 82%)`} opacity="0.9" />
      {shapes.map(([path, fill], i) => (
        <path key={i} d={path} fill={fill} opacity="0.93" />
      ))}
    </svg>
  );
});
