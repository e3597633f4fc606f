// The kiosk's own pages, while the line is away.
import { ready } from "./engine.js";

await ready();
