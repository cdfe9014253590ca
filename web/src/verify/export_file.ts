/** The lines of an export, read strictly; the format stands in `municipality/ballot/export.py`. */

import { type Bytes, hex, sha256, unhex, utf8 } from "./bytes";
import type { Fault } from "./receipt";
import type { TreeHead } from "./statements";

const LONGEST_LINE = 65_536;
const BALLOT = /^\{"choices":(0|[1-9][0-9]{0,8}),"nonce":"([0-9a-f]{64})"\}$/;
const LEAF = /^\{"leaf":"([0-9a-f]{64})"\}$/;
const HEAD = /^\{"root":"([0-9a-f]{64})","signature":"([0-9a-f]{128})","size":(0|[1-9][0-9]{0,14})\}$/;
const ENDING = /^\{"ending":(\{.*\}),"signature":"([0-9a-f]{128})"\}$/;
const GOES_ON = '{"ending":null}';

export interface Text {
  readonly ko: string;
  readonly en: string;
}

/** What a vote is about. */
export interface Definition {
  readonly vote: number;
  readonly city: string;
  readonly title: Text;
  readonly about: Text;
  readonly options: readonly Text[];
  readonly opens: number;
  readonly closes: number;
  readonly place: string;
  readonly proposal: number | null;
}

/** A ballot in the log: what it says, or only its hash while the vote goes on. */
export type Entry =
  | { readonly line: number; readonly choices: number; readonly nonce: Bytes }
  | { readonly line: number; readonly leaf: Bytes };

/** A signed head, and how many ballots stand before it. */
export interface HeadLine {
  readonly line: number;
  readonly after: number;
  readonly head: TreeHead;
}

export interface EndingLine {
  readonly line: number;
  /** Null: the vote goes on. */
  readonly signed: { readonly text: string; readonly signature: Bytes } | null;
}

export interface ExportFile {
  readonly definition: Definition;
  readonly digest: Bytes;
  readonly entries: readonly Entry[];
  readonly heads: readonly HeadLine[];
  /** Null when the file breaks off. */
  readonly ending: EndingLine | null;
  /** Why the rest could not be read. */
  readonly fault: Fault | null;
}

/** Thrown where nothing more can be understood. */
class Unreadable extends Error {
  constructor(readonly fault: Fault) {
    super(fault.en);
  }
}

/** Read an export; what comes before a line that cannot be read is returned. */
export async function readExport(data: Bytes): Promise<ExportFile | Fault> {
  const lines = linesOf(data);
  try {
    const first = lines.next().value?.text ?? "";
    const second = lines.next().value?.text ?? "";
    const digest = await sha256(utf8(second));
    if (first !== `{"definition":"${hex(digest)}","format":"meta-gwangju export 1"}`)
      return {
        ko: "1째 줄이 투표 내보내기의 머리가 아니거나, 2째 줄(투표의 정의)이 그 해시와 다릅니다.",
        en: "Line 1 does not head a vote's export, or line 2 (its definition) differs from its hash.",
      };
    const definition = readDefinition(second);
    return definition === null ? noSuchLine(2) : { definition, digest, ...readLog(lines) };
  } catch (error) {
    if (error instanceof Unreadable) return error.fault;
    throw error;
  }
}

interface Line {
  readonly number: number;
  readonly text: string;
}

function readLog(
  lines: Generator<Line, undefined>,
): Pick<ExportFile, "entries" | "heads" | "ending" | "fault"> {
  const entries: Entry[] = [];
  const heads: HeadLine[] = [];
  let ending: EndingLine | null = null;
  let fault: Fault | null = null;
  try {
    for (const { number, text } of lines) {
      if (ending) throw new Unreadable(noSuchLine(number));
      const ballot = BALLOT.exec(text);
      const leaf = ballot ? null : LEAF.exec(text);
      const head = ballot || leaf ? null : HEAD.exec(text);
      if (ballot?.[2]) entries.push({ line: number, choices: Number(ballot[1]), nonce: unhex(ballot[2]) });
      else if (leaf?.[1]) entries.push({ line: number, leaf: unhex(leaf[1]) });
      else if (head?.[1] && head[2])
        heads.push({
          line: number,
          after: entries.length,
          head: { size: Number(head[3]), root: unhex(head[1]), signature: unhex(head[2]) },
        });
      else ending = readEnding(number, text);
    }
    if (!ending) fault = { ko: "파일이 끝까지 있지 않습니다.", en: "The file is not complete." };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    fault = error.fault;
  }
  return { entries, heads, ending, fault };
}

function readEnding(line: number, text: string): EndingLine {
  if (text === GOES_ON) return { line, signed: null };
  const found = ENDING.exec(text);
  if (!found?.[1] || !found[2]) throw new Unreadable(noSuchLine(line));
  return { line, signed: { text: found[1], signature: unhex(found[2]) } };
}

function readDefinition(text: string): Definition | null {
  let value: Partial<Definition> & { format?: unknown };
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const isWhole = value?.format === "meta-gwangju vote 1" && /^[0-9a-f]{64}$/.test(String(value.city));
  const options = Array.isArray(value?.options) ? value.options.length : 0;
  return isWhole && options >= 2 && options <= 20 ? (value as Definition) : null;
}

function* linesOf(data: Bytes): Generator<Line, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (let start = 0, number = 1; start < data.length; number++) {
    const end = data.indexOf(10, start);
    if (end < 0 || end - start >= LONGEST_LINE)
      throw new Unreadable({
        ko: `${number}째 줄이 끝나지 않았거나 너무 깁니다.`,
        en: `Line ${number} does not end, or is too long.`,
      });
    let text: string;
    try {
      text = decoder.decode(data.subarray(start, end));
    } catch (error) {
      if (error instanceof TypeError) throw new Unreadable(noSuchLine(number));
      throw error;
    }
    yield { number, text };
    start = end + 1;
  }
  return undefined;
}

export function noSuchLine(number: number): Fault {
  return { ko: `${number}째 줄의 꼴이 틀립니다.`, en: `Line ${number} is not of this format.` };
}
