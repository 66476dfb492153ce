import { Comment, type DeclarationReflection, type ProjectReflection, ReflectionKind, type SomeType } from 'typedoc';

const UNIT =
  /millisecond|\bms\b|\bepoch\b|\bseconds?\b|\bbytes?\b|\bKiB\b|\bMiB\b|how many|how often|how much|number of|\bcounts?\b|\bport\b|HTTP status|integer|which attempt|\bids?\b/i;
const CODE =
  /`(?:CONFIG|INVALID_CREDENTIALS|NOT_ALLOWED|VENDOR_ERROR|BAD_RESPONSE|NETWORK|TIMEOUT|ABORTED|COOLING_DOWN|REPLAY_IMPOSSIBLE|STORE)`|any code/;
const GRADE = /\[[SVA]\]/;
/** What of a provider states facts about the vendor. */
const VENDOR_FACTS = /^(?:create\w+TokenProvider|start\w+Sandbox|\w+(?<!Sandbox)Options)$/;

/** What docstrings leave out: a unit, what is thrown, how well a fact about a vendor is known. That there is one at all typedoc itself checks. */
export function checkDocstrings(project: ProjectReflection): string[] {
  return (project.children ?? []).flatMap((module) => (module.children ?? []).flatMap((one) => checkExport(one, module.name)));
}

function checkExport(one: DeclarationReflection, module: string): string[] {
  const members = membersOf(one);
  const problems = [one, ...members].flatMap((each) => judgeThrows(each).map((problem) => `${each.getFullName()}: ${problem}`));
  const undocumented = members.flatMap((member) => judgeMember(member, textOf(one)).map((problem) => `${member.getFullName()} ${problem}`));
  const isFact = /^(?!auth-)\w[\w-]*-auth\b/.test(module) && VENDOR_FACTS.test(one.name) && !one.kindOf(ReflectionKind.Reference);
  const isGraded = [one, ...members].some((each) => GRADE.test(textOf(each)));
  if (isFact && !isGraded) problems.push(`${one.getFullName()} states facts about the vendor without their grade: [S], [V] or [A]`);
  return [...problems, ...undocumented];
}

/** Those of an interface, a class or an object type; what was inherited has its docstring elsewhere. */
function membersOf({ children = [], type }: DeclarationReflection): DeclarationReflection[] {
  const parts = type?.type === 'intersection' ? type.types : type === undefined ? [] : [type];
  const ofType = parts.flatMap((part) => (part.type === 'reflection' ? (part.declaration.children ?? []) : []));
  return [...children, ...ofType].filter(
    (member) => member.inheritedFrom === undefined && !member.name.startsWith('[') && !member.kindOf(ReflectionKind.Constructor),
  );
}

/** The unit may stand once above the whole type: "All are milliseconds." */
function judgeMember(member: DeclarationReflection, docOfType: string): string[] {
  const doc = textOf(member);
  if (doc === '') return ['has no docstring'];
  const isNumber = hasNumber(member.type) || (member.signatures ?? []).some(({ type }) => hasNumber(type));
  if (!isNumber || UNIT.test(doc) || docOfType.includes('milliseconds')) return [];
  return ['is a number: its docstring must say its unit (milliseconds, epoch milliseconds, bytes, how many …)'];
}

function hasNumber(type: SomeType | undefined): boolean {
  if (type?.type === 'union') return type.types.some((part) => hasNumber(part));
  return type?.type === 'intrinsic' && type.name === 'number';
}

function judgeThrows(one: DeclarationReflection): string[] {
  const tags = commentsOf(one).flatMap((comment) => comment.getTags('@throws'));
  return tags.flatMap(({ content }) => {
    const text = Comment.combineDisplayParts(content);
    if (!/error/i.test(text)) return ['@throws names no error'];
    return /^\s*(?:an? )?AuthError/.test(text) && !CODE.test(text) ? ['@throws AuthError names no code'] : [];
  });
}

function textOf(one: DeclarationReflection): string {
  return commentsOf(one)
    .map(({ summary, blockTags }) =>
      [summary, ...blockTags.map(({ content }) => content)].map((part) => Comment.combineDisplayParts(part)).join(' '),
    )
    .join(' ');
}

function commentsOf({ comment, signatures = [], type }: DeclarationReflection): Comment[] {
  const ofType = type?.type === 'reflection' ? (type.declaration.signatures ?? []) : [];
  return [comment, ...[...signatures, ...ofType].map((signature) => signature.comment)].filter((found) => found !== undefined);
}
