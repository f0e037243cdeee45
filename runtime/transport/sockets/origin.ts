/** Which pages of browsers may call. A browser tells where a page is from, and sends the user's cookies whatever page it is. */

/** As a browser writes them: "https://app.example.org", "http://localhost:5173". "*" lets every page call. */
export type Origins = readonly string[];

const FORM = /^(?:[a-z][a-z0-9+.-]*:\/\/[^\s/?#]+|null|\*)$/;

/** @throws TypeError for what no browser would send. */
export function checkOrigins(origins: Origins): Origins {
  for (const origin of origins) {
    if (!FORM.test(origin)) {
      throw new TypeError(
        `\`origins\`: ${JSON.stringify(origin)} is none; an origin is a scheme, a host and a port that is not the usual one, as in "https://app.example.org"`,
      );
    }
  }
  return origins;
}

/** Who sends no origin is not a page. The server's own is not let in by itself, for a name can be bent to point here. */
export function allows(origins: Origins, origin: string | undefined): boolean {
  return origin === undefined || origins.includes(origin) || origins.includes("*");
}
