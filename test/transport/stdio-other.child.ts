/** A child that is no server. Its argument is what it does instead: "exit", "greet", or be "deaf" to whoever asks it to end. */
const [way] = process.argv.slice(2);
if (way === "exit") process.exit(7);
if (way === "greet") console.log("hello, world");
if (way === "deaf") {
  process.on("SIGTERM", () => {});
  setInterval(() => {}, 1000);
}
