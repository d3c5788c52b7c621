import { theme, type ThemeConfig } from "antd";
import { paletteOf, type Shade } from "../theme/palette";

// The library's parts as the page's own controls look: palette.ts has the colours, controls.css the measures.
export function themeOf(shade: Shade): ThemeConfig {
  const p = paletteOf(shade);
  return {
    algorithm: shade === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: `zan-${shade}` },
    hashed: false,
    token: {
      colorPrimary: p.primary,
      colorInfo: p.link,
      colorLink: p.link,
      colorSuccess: p.genuine,
      colorWarning: p.held,
      colorError: p.rejected,
      colorBgBase: p.paper,
      colorBgContainer: p.card,
      colorBgElevated: p.raised,
      colorBgMask: "rgb(20 17 12 / 0.45)",
      colorTextBase: p.ink,
      colorText: p.ink,
      colorTextHeading: p.ink,
      colorTextSecondary: p.soft,
      colorTextTertiary: p.soft,
      colorTextDescription: p.soft,
      colorTextPlaceholder: p.soft,
      colorTextQuaternary: p.soft,
      colorTextDisabled: p.faint,
      colorBorder: p.edge,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      borderRadius: 8,
      fontFamily: "inherit",
      fontSize: 14,
      controlHeight: 34,
      motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    },
    components: {
      Modal: { borderRadiusLG: 14 },
      Select: {
        hoverBorderColor: p.primary,
        activeOutlineColor: "transparent",
        multipleItemBg: p.sunk,
        multipleItemHeight: 26,
        optionSelectedColor: p.primary,
        optionSelectedBg: "transparent",
        optionSelectedFontWeight: 600,
      },
    },
  };
}
