import { createRoot } from "react-dom/client";
import { App } from "./shell/app";
import { loadAhead } from "./shell/places";
import { adoptStyles } from "./theme/adopted_styles";
import "./theme/page.css";
import "./theme/parts.css";

adoptStyles();
loadAhead(location.pathname.slice(import.meta.env.BASE_URL.length - 1));
createRoot(document.getElementById("root")!).render(<App />);
