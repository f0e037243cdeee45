/** The two vocabularies of generated code, each under one name: how types appear in JSON, and what constraints ask. */
export * as check from "./check.js";
export * as json from "./json/json.js";
