/**
 * Every rule, a row each: 40xx names, 41xx files and packages, 42xx types and fields, 43xx methods, 44xx what a call promises,
 * 45xx documentation, 46xx waivers. Codes are never reused.
 */
import type { LintRule } from "./rule.js";
import { booleanPositive } from "./rules/boolean-positive.js";
import { booleanTrap } from "./rules/boolean-trap.js";
import { collectionBounded } from "./rules/collection-bounded.js";
import { commentEchoesName } from "./rules/comment-echoes-name.js";
import { commentEnum } from "./rules/comment-enum.js";
import { commentEnumMember } from "./rules/comment-enum-member.js";
import { commentError } from "./rules/comment-error.js";
import { commentField } from "./rules/comment-field.js";
import { commentMethod } from "./rules/comment-method.js";
import { commentPackage } from "./rules/comment-package.js";
import { commentService } from "./rules/comment-service.js";
import { commentTodo } from "./rules/comment-todo.js";
import { commentType } from "./rules/comment-type.js";
import { commentUnion } from "./rules/comment-union.js";
import { constUpperSnake } from "./rules/const-upper-snake.js";
import { constantUnused } from "./rules/constant-unused.js";
import { constraintRedundant } from "./rules/constraint-redundant.js";
import { createRepeatable } from "./rules/create-repeatable.js";
import { deadlineLongEnough } from "./rules/deadline-long-enough.js";
import { deadlineStated } from "./rules/deadline-stated.js";
import { deleteIdempotent } from "./rules/delete-idempotent.js";
import { deprecatedHasNote } from "./rules/deprecated-has-note.js";
import { deprecatedUsed } from "./rules/deprecated-used.js";
import { directoryOnePackage } from "./rules/directory-one-package.js";
import { durationUnit } from "./rules/duration-unit.js";
import { enumKey } from "./rules/enum-key.js";
import { enumMemberCase } from "./rules/enum-member-case.js";
import { enumMemberNoPrefix } from "./rules/enum-member-no-prefix.js";
import { enumPascalCase } from "./rules/enum-pascal-case.js";
import { enumZeroUnknown } from "./rules/enum-zero-unknown.js";
import { errorCodeMismatch } from "./rules/error-code-mismatch.js";
import { errorCodeStated } from "./rules/error-code-stated.js";
import { errorNoSuffix } from "./rules/error-no-suffix.js";
import { errorUnthrown } from "./rules/error-unthrown.js";
import { errorsDeclared } from "./rules/errors-declared.js";
import { fieldCamelCase } from "./rules/field-camel-case.js";
import { fileNameCase } from "./rules/file-name-case.js";
import { fileSize } from "./rules/file-size.js";
import { hedgeWithDeadline } from "./rules/hedge-with-deadline.js";
import { importSorted } from "./rules/import-sorted.js";
import { listHasPaging } from "./rules/list-has-paging.js";
import { methodCamelCase } from "./rules/method-camel-case.js";
import { moneyNotFloat } from "./rules/money-not-float.js";
import { nameAbbreviation } from "./rules/name-abbreviation.js";
import { nameInclusive } from "./rules/name-inclusive.js";
import { nameRepeatsParent } from "./rules/name-repeats-parent.js";
import { noRequestStream } from "./rules/no-request-stream.js";
import { noResponseStream } from "./rules/no-response-stream.js";
import { numberGap } from "./rules/number-gap.js";
import { numberOrder } from "./rules/number-order.js";
import { optionalCollection } from "./rules/optional-collection.js";
import { packageLowerCase } from "./rules/package-lower-case.js";
import { packageMatchesDirectory } from "./rules/package-matches-directory.js";
import { packageOneDirectory } from "./rules/package-one-directory.js";
import { packageVersionSuffix } from "./rules/package-version-suffix.js";
import { paramCamelCase } from "./rules/param-camel-case.js";
import { paramsLimit } from "./rules/params-limit.js";
import { readonlyAnswers } from "./rules/readonly-answers.js";
import { readonlyVerb } from "./rules/readonly-verb.js";
import { requestTypeUnique } from "./rules/request-type-unique.js";
import { reservedBoth } from "./rules/reserved-both.js";
import { resultExtensible } from "./rules/result-extensible.js";
import { retentionLongEnough } from "./rules/retention-long-enough.js";
import { retentionStated } from "./rules/retention-stated.js";
import { retryAttempts } from "./rules/retry-attempts.js";
import { retryableErrorOnGuarded } from "./rules/retryable-error-on-guarded.js";
import { semanticsStated } from "./rules/semantics-stated.js";
import { sensitiveInError } from "./rules/sensitive-in-error.js";
import { sensitiveInReadonly } from "./rules/sensitive-in-readonly.js";
import { sensitiveUnmarked } from "./rules/sensitive-unmarked.js";
import { serviceNoSuffix } from "./rules/service-no-suffix.js";
import { servicePascalCase } from "./rules/service-pascal-case.js";
import { serviceSize } from "./rules/service-size.js";
import { stableImportsUnstable } from "./rules/stable-imports-unstable.js";
import { streamElementExtensible } from "./rules/stream-element-extensible.js";
import { structSize } from "./rules/struct-size.js";
import { textBounded } from "./rules/text-bounded.js";
import { timestampType } from "./rules/timestamp-type.js";
import { typeDuplicateShape } from "./rules/type-duplicate-shape.js";
import { typePascalCase } from "./rules/type-pascal-case.js";
import { typeUnused } from "./rules/type-unused.js";
import { unionSingleMember } from "./rules/union-single-member.js";
import { uuidType } from "./rules/uuid-type.js";
import { verbFromList } from "./rules/verb-from-list.js";
import { waiverReason } from "./rules/waiver-reason.js";
import { waiverUnknownRule } from "./rules/waiver-unknown-rule.js";
import { waiverUnused } from "./rules/waiver-unused.js";

export const lintRules: Readonly<Record<string, LintRule>> = {
  RPC4001: servicePascalCase,
  RPC4002: methodCamelCase,
  RPC4003: typePascalCase,
  RPC4004: enumPascalCase,
  RPC4005: enumMemberCase,
  RPC4006: enumMemberNoPrefix,
  RPC4007: fieldCamelCase,
  RPC4008: paramCamelCase,
  RPC4009: constUpperSnake,
  RPC4010: errorNoSuffix,
  RPC4011: serviceNoSuffix,
  RPC4012: nameAbbreviation,
  RPC4013: nameRepeatsParent,
  RPC4014: nameInclusive,
  RPC4015: booleanPositive,
  RPC4016: packageLowerCase,
  RPC4017: fileNameCase,
  RPC4101: packageMatchesDirectory,
  RPC4102: directoryOnePackage,
  RPC4103: packageOneDirectory,
  RPC4104: packageVersionSuffix,
  RPC4105: stableImportsUnstable,
  RPC4106: importSorted,
  RPC4107: fileSize,
  RPC4201: enumZeroUnknown,
  RPC4202: numberGap,
  RPC4203: numberOrder,
  RPC4204: reservedBoth,
  RPC4205: timestampType,
  RPC4206: durationUnit,
  RPC4207: moneyNotFloat,
  RPC4208: uuidType,
  RPC4209: collectionBounded,
  RPC4210: textBounded,
  RPC4211: typeUnused,
  RPC4212: typeDuplicateShape,
  RPC4213: constraintRedundant,
  RPC4214: sensitiveUnmarked,
  RPC4215: sensitiveInError,
  RPC4216: unionSingleMember,
  RPC4217: structSize,
  RPC4218: optionalCollection,
  RPC4219: enumKey,
  RPC4220: constantUnused,
  RPC4301: requestTypeUnique,
  RPC4302: listHasPaging,
  RPC4303: errorUnthrown,
  RPC4304: errorsDeclared,
  RPC4305: paramsLimit,
  RPC4306: booleanTrap,
  RPC4307: verbFromList,
  RPC4308: noRequestStream,
  RPC4309: noResponseStream,
  RPC4310: resultExtensible,
  RPC4311: streamElementExtensible,
  RPC4312: readonlyAnswers,
  RPC4313: serviceSize,
  RPC4401: semanticsStated,
  RPC4402: readonlyVerb,
  RPC4403: createRepeatable,
  RPC4404: deleteIdempotent,
  RPC4405: retentionStated,
  RPC4406: retentionLongEnough,
  RPC4407: retryableErrorOnGuarded,
  RPC4408: deadlineStated,
  RPC4409: deadlineLongEnough,
  RPC4410: retryAttempts,
  RPC4411: sensitiveInReadonly,
  RPC4412: hedgeWithDeadline,
  RPC4413: errorCodeStated,
  RPC4414: errorCodeMismatch,
  RPC4501: commentService,
  RPC4502: commentMethod,
  RPC4503: commentType,
  RPC4504: commentField,
  RPC4505: commentEnum,
  RPC4506: commentEnumMember,
  RPC4507: commentUnion,
  RPC4508: commentError,
  RPC4509: commentPackage,
  RPC4510: commentEchoesName,
  RPC4511: commentTodo,
  RPC4512: deprecatedHasNote,
  RPC4513: deprecatedUsed,
  RPC4601: waiverUnused,
  RPC4602: waiverReason,
  RPC4603: waiverUnknownRule,
};
