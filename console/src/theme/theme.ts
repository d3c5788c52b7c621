import { theme as antd, type ThemeConfig } from "antd";
import { dark, light, type Palette } from "./palette";

export type Shade = "light" | "dark";

export const paletteOf = (shade: Shade): Palette => (shade === "dark" ? dark : light);

const sans = 'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

export function themeOf(shade: Shade): ThemeConfig {
  const p = paletteOf(shade);
  return {
    algorithm: shade === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: `zan-${shade}` },
    hashed: false,
    token: {
      colorPrimary: shade === "dark" ? "#84b4e4" : "#235f95",
      colorInfo: p.link,
      colorLink: p.link,
      colorSuccess: p.genuine,
      colorWarning: p.held,
      colorError: p.rejected,
      colorBgBase: p.paper,
      colorBgLayout: p.paper,
      colorBgContainer: p.card,
      colorBgElevated: shade === "dark" ? "#282521" : "#fffefb",
      colorTextBase: p.ink,
      colorTextSecondary: p.soft,
      colorTextTertiary: p.soft,
      colorTextDescription: p.soft,
      colorTextPlaceholder: p.soft,
      colorTextDisabled: shade === "dark" ? "#8d867a" : "#767064",
      colorBorder: shade === "dark" ? "#4a453d" : "#cfc7b8",
      colorBorderSecondary: p.line,
      borderRadius: 8,
      fontFamily: sans,
      fontSize: 14,
      controlHeight: 34,
      motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", primaryColor: shade === "dark" ? "#10151b" : "#ffffff" },
      Tooltip: { colorBgSpotlight: shade === "dark" ? "#3a362f" : "#2b2722" },
      Segmented: { itemSelectedBg: p.card, trackBg: p.sunk, itemColor: p.soft },
      Tabs: { titleFontSize: 14 },
    },
  };
}
