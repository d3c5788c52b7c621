import { createRoot } from "react-dom/client";
import "./controls/above.css";
import "./controls/controls.css";
import { library } from "./controls/library";
import { whenIdleOrWished } from "./controls/on_demand";
import { App } from "./shell/app";
import { loadAhead } from "./shell/places";
import "./theme/page.css";
import "./theme/parts.css";

loadAhead(location.pathname.slice(import.meta.env.BASE_URL.length - 1));
createRoot(document.getElementById("root")!).render(<App />);
whenIdleOrWished(library.want);
