// Every screen by its name.
import { question } from "./asking.js";
import { about, article, group, search, subject } from "./choosing.js";
import { check, end, kept } from "./ending.js";
import { known } from "./known.js";
import { attract, away, failed, menu, people, staff } from "./menu.js";

export const screens = {
  about, article, attract, away, check, end, failed, group, kept, known, menu, people, question, search, staff, subject,
};
