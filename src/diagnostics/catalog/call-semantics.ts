import { define } from "../define.js";

export const callSemantics = {
};
