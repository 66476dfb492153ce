import { findEnd } from './find-end.ts';

/** What a source says of an exported name. */
export interface Declaration {
  readonly kind: 'function' | 'class' | 'const' | 'interface' | 'type';
  /** The docstring, without its frame. */
  readonly doc: string;
  /** The declaration, without bodies and initial values. */
  readonly signature: string;
}

/** @throws Error where the source does not declare the name, or has no docstring for it. */
export function findDeclaration(source: string, name: string): Declaration {
  const found = new RegExp(`^export (?:async )?(function|class|const|interface|type) ${name}\\b`, 'm').exec(source);
  if (found === null) throw new Error(`${name} is not declared here`);
  // The pattern knows no other kinds.
  const kind = found[1] as Declaration['kind'];
  const signature = signatureAt(source, found.index, kind).replace(/^export (?:async )?/, '');
  return { kind, doc: docBefore(source, found.index, name), signature: signature.endsWith('}') ? signature : `${signature};` };
}

function docBefore(source: string, offset: number, name: string): string {
  const before = source.slice(0, offset).trimEnd();
  const open = before.lastIndexOf('/**');
  if (!before.endsWith('*/') || open === -1) throw new Error(`${name} has no docstring`);
  return before
    .slice(open + 3, -2)
    .replaceAll(/^[ \t]*\*[ ]?/gm, '')
    .trim();
}

function signatureAt(source: string, start: number, kind: Declaration['kind']): string {
  const upTo = (ends: (at: number) => boolean): string => source.slice(start, findEnd(source, start, ends));
  // As the formatter leaves it: the first brace at the beginning of a line is the last one.
  const block = source.slice(start, source.indexOf('\n}\n', start) + 2);
  if (kind === 'interface') return block;
  if (kind === 'class') return membersOnly(block);
  if (kind === 'function') return upTo((at) => source.startsWith('{\n', at) && source[at - 1] === ' ').trimEnd();
  const statement = upTo((at) => source[at] === ';');
  return kind === 'const' ? withoutValue(statement) : statement;
}

/** A value is shown only where there is no type to show in its place. */
function withoutValue(text: string): string {
  const name = /^export const \w+: /.exec(text);
  if (name === null) return text;
  return text.slice(
    0,
    findEnd(`${text} = `, name[0].length, (at) => `${text} = `.startsWith(' = ', at)),
  );
}

/** Fields and methods with their docstrings; bodies, static blocks and computed names are nobody's to read. */
function membersOnly(text: string): string {
  const [head = '', ...lines] = text.split('\n');
  const kept: string[] = [head];
  let doc: string[] = [];
  for (const line of lines) {
    if (/^ {2}\/\*\*| {3}\*/.test(line)) doc.push(line);
    else {
      if (/^ {2}(?:declare )?(?:readonly )?(?!static\b)\w+\??[:(]/.test(line))
        kept.push(...doc, line.replace('declare ', '').replace(/ \{$/, ';'));
      doc = [];
    }
  }
  return [...kept, '}'].join('\n');
}
