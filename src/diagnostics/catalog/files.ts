import { define } from "../define.js";

export const files = {
};
