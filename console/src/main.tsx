import { createRoot } from "react-dom/client";
import { App } from "./shell/app";
import { adoptStyles } from "./theme/adopted_styles";
import "./theme/page.css";
import "./theme/parts.css";

adoptStyles();
createRoot(document.getElementById("root")!).render(<App />);
