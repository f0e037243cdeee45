/** Which version a package becomes, and what changed since an older one. */
import type { BreakingConfig } from "../breaking/settings.js";
import type { Step } from "../breaking/rule.js";
import { diagnostic } from "../diagnostics/collector.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Finding } from "../diagnostics/finding.js";
import type { Schema } from "../ir/schema.js";
import type { Change, Release } from "../sdk/changelog.js";
import type { Published } from "./older/published.js";
import { runtimeRange } from "./version.js";

export interface ReleaseQuery {
  /** A version or a step; absent for what the changes ask for. */
  readonly asked: string | undefined;
  /** What the new version's files mean, and their texts. */
  readonly schema: Schema;
  readonly sources: Readonly<Record<string, string>>;
  readonly older: Published | undefined;
  readonly config: BreakingConfig;
}

/** Where there is no release, `findings` say what breaks and `problem` why it may not. */
export type Released = { readonly release: Release; readonly step?: Step } | { readonly findings: readonly Finding[]; readonly problem?: Diagnostic };

/** Exports do not depend on which file something stands in: these rules are for who imports generated files. */
const NOT_OF_PACKAGES = { "file-removed": "off", "file-added": "off", "declaration-moved": "off" } as const;

export async function releaseOf({ asked, schema, sources, older, config }: ReleaseQuery): Promise<Released> {
  const [versions, { breaking }, { compile }, { changeOf }, { entriesIn }, { lostExports }] = await Promise.all([
    import("../sdk/next-version.js"),
    import("../breaking.js"),
    import("../compile.js"),
    import("../sdk/changelog.js"),
    import("../sdk/sdk.js"),
    import("../sdk/entries.js"),
  ]);
  const refuse = (reason: string, help: string) => ({ findings: [], problem: diagnostic("RPC7060", undefined, { reason, help }) });
  if (asked !== undefined && !versions.isStep(asked) && !versions.isVersion(asked)) return refuse(`"${asked}" is no version`, "say one such as 1.2.0, or major, minor or patch");
  if (older === undefined) {
    if (asked !== undefined && versions.isStep(asked)) return refuse(`there is no version that a ${asked} step could be taken from`, "say --against, or a version");
    return { release: { version: asked ?? versions.FIRST_VERSION, changes: [] } };
  }
  const { schemas, version: since, runtime } = older;
  if (!versions.isVersion(since)) return refuse(`"${since}", the version of the older package, is none`, "name another one with --against");
  const before = { sources: schemas.sources, read: (file: string) => schemas.read(file) };
  const compared = breaking({
    before,
    after: { sources },
    oldFile: (file) => schemas.nameOf(file),
    config: { ...config, rules: { ...config.rules, ...NOT_OF_PACKAGES } },
  });
  const old = compile({ ...before, targets: [] }).schema;
  if (!compared.isCompared || old === undefined) return { findings: compared.diagnostics };

  const lost = lostExports(entriesIn(old), entriesIn(schema)).map(({ subpath, names }): Change => {
    const text = names === undefined ? `The entry \`${subpath}\` is gone.` : `The entry \`${subpath}\` does not export ${names.map((name) => `\`${name}\``).join(", ")} any more.`;
    return { step: "major", text };
  });
  const moved = runtime === undefined || versions.continues(runtimeRange, runtime) ? [] : [{ step: "major", text: `It needs \`@rpcgen/runtime\` ${runtimeRange} instead of ${runtime}.` } as const];
  const changes = [...compared.diagnostics.map(changeOf), ...lost, ...moved];
  const step = changes.reduce<Step>((most, change) => versions.greater(most, change.step), compared.semver ?? "patch");
  const demanded = versions.versionAfter(since, versions.stepFrom(since, step));
  const version = asked === undefined ? demanded : versions.isStep(asked) ? versions.versionAfter(since, asked) : asked;
  const small = (because: string) => ({
    findings: compared.diagnostics.filter(({ properties }) => properties?.["semver"] === step),
    problem: diagnostic("RPC7061", undefined, { version, since, demanded, because }),
  });
  if (!versions.isNewer(version, since)) return small("it is not later");
  if (!versions.isAsFarAs(version, demanded)) {
    const count = changes.filter((change) => change.step === step).length;
    return small(`${count === 1 ? "a change asks" : `${count} changes ask`} for ${demanded}`);
  }
  const isSame = compared.semver === undefined && changes.length === 0;
  return { release: { version, since: { version: since, changelog: older.changelog }, changes }, ...(!isSame && { step }) };
}
