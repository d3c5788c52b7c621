// Around each part of the library: its language, its shade, its styles. These lie in a layer of css, below all that the
// page says itself, so that they change nothing outside of these parts.

import { StyleProvider } from "@ant-design/cssinjs";
import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useMemo, type ReactNode } from "react";
import { useSettings } from "../theme/settings";
import { adoptStyles } from "./adopted_styles";
import "./library.css";
import { themeOf } from "./library_theme";

adoptStyles();

export function Dressed({ children }: { children: ReactNode }) {
  const { language, shade } = useSettings();
  const theme = useMemo(() => themeOf(shade), [shade]);
  return (
    <StyleProvider layer>
      <ConfigProvider theme={theme} locale={language === "zh" ? zhCN : enUS} wave={{ disabled: true }}>
        {children}
      </ConfigProvider>
    </StyleProvider>
  );
}
