// The server's pages of a kiosk: their face is there as soon as they are (static/js/face.js).
import { face } from "./face.js";

face(document);
