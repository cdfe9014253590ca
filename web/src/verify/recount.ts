/**
 * Anybody's check of a vote from its export alone: every signature, the log, the count, and receipts.
 * The same as `municipality/ballot/recount.py`, written a second time: a mistake in one does not hide in the other.
 */

import { type Bytes, equal, hex } from "./bytes";
import { type Definition, type Entry, type ExportFile, noSuchLine, readExport } from "./export_file";
import { FullTree, mapped } from "./merkle";
import { type Fault, type Receipt, receiptFault } from "./receipt";
import { ballotHash, CitySignatures, endingStatement, fingerprintOf, headStatement } from "./statements";

/** How a vote ended, as the city signed it. */
export interface Ending {
  readonly state: "closed" | "cancelled";
  readonly at: number;
  readonly size: number;
  readonly root: string;
  readonly blank: number | null;
  readonly approvals: readonly number[] | null;
  readonly reason: string;
}

/** Our own count. */
export interface Count {
  readonly blank: number;
  readonly approvals: readonly number[];
}

export interface Verification {
  /** Nothing is wrong. */
  readonly passed: boolean;
  /** False where the browser knows no Ed25519: the log and the count were checked, the signatures were not. */
  readonly signaturesChecked: boolean;
  readonly definition: Definition | null;
  /** Of the city's public key, hexadecimal. */
  readonly fingerprint: string;
  readonly ballots: number;
  readonly heads: number;
  /** Of the log, hexadecimal. */
  readonly root: string;
  /** Null unless the vote is closed. */
  readonly count: Count | null;
  /** Null for a vote that goes on. */
  readonly ending: Ending | null;
  /** The first is the most telling. */
  readonly faults: readonly Fault[];
}

/** Check an export: receipts must be of this vote and in its log, and the city's key have this fingerprint. */
export async function verifyVote(
  data: Bytes,
  receipts: readonly Receipt[] = [],
  fingerprint: string | null = null,
): Promise<Verification> {
  const file = await readExport(data);
  if (!("definition" in file)) return unread(file);
  return new Check(file).run(receipts, fingerprint);
}

function unread(fault: Fault): Verification {
  return {
    passed: false,
    signaturesChecked: false,
    definition: null,
    fingerprint: "",
    ballots: 0,
    heads: 0,
    root: "",
    count: null,
    ending: null,
    faults: [fault],
  };
}

class Check {
  private readonly faults: Fault[] = [];
  private readonly options: number;

  constructor(private readonly file: ExportFile) {
    this.options = file.definition.options.length;
  }

  async run(receipts: readonly Receipt[], fingerprint: string | null): Promise<Verification> {
    const { definition, entries, heads } = this.file;
    const signatures = await CitySignatures.of(definition.city);
    const own = hex(await fingerprintOf(definition.city));
    if (fingerprint !== null && fingerprint !== own)
      this.blame(
        `도시의 열쇠가 다릅니다: 지문 ${own}, 기대한 지문 ${fingerprint}.`,
        `The city's key is another: its fingerprint is ${own}, not ${fingerprint}.`,
      );
    const leaves = await mapped(entries, (entry) => this.leaf(entry));
    const tree = await FullTree.of(leaves);
    await this.checkHeads(tree, signatures);
    await this.checkReceipts(receipts, leaves, tree);
    const ending = await this.checkEnding(signatures, tree);
    if (this.file.fault) this.faults.push(this.file.fault);
    return {
      passed: this.faults.length === 0,
      signaturesChecked: signatures.supported,
      definition,
      fingerprint: own,
      ballots: entries.length,
      heads: heads.length,
      root: hex(await tree.root()),
      count: ending?.state === "closed" ? this.count() : null,
      ending,
      faults: this.faults,
    };
  }

  private blame(ko: string, en: string): void {
    this.faults.push({ ko, en });
  }

  private leaf(entry: Entry): Promise<Bytes> {
    if ("leaf" in entry) return Promise.resolve(entry.leaf);
    if (entry.choices >= 2 ** this.options)
      this.blame(
        `${entry.line}째 줄의 표에 없는 선택지가 있습니다.`,
        `Line ${entry.line}: the ballot approves of options that are not there.`,
      );
    return ballotHash(this.file.digest, entry.choices, entry.nonce);
  }

  private async checkHeads(tree: FullTree, signatures: CitySignatures): Promise<void> {
    const { digest, heads } = this.file;
    const fits = await mapped(heads, ({ head }) =>
      signatures.fit(headStatement(digest, head), head.signature),
    );
    let good = -1;
    for (const [at, { line, after, head }] of heads.entries()) {
      if (!fits[at]) {
        this.blame(
          `${line}째 줄: 나무 머리의 서명이 맞지 않습니다.`,
          `Line ${line}: the signature of the tree head does not fit.`,
        );
        continue;
      }
      if (head.size !== after || !equal(head.root, await tree.root(after))) {
        const suspects = `${Math.max(good, 0)}–${Math.max(after, 1) - 1}`;
        this.blame(
          `${line}째 줄: 표 ${suspects} 가운데 하나가 서명된 기록과 다릅니다.`,
          `Line ${line}: one of the ballots ${suspects} is not as the signed log has it.`,
        );
        return; // all later ones differ as well
      }
      if (after === good)
        this.blame(`${line}째 줄: 같은 나무 머리가 또 있습니다.`, `Line ${line}: a tree head comes twice.`);
      good = after;
    }
    this.checkCover(good, tree.size);
  }

  private checkCover(good: number, size: number): void {
    if (this.file.heads[0]?.after !== 0)
      this.blame(
        "빈 기록의 서명된 나무 머리가 빠졌습니다.",
        "The signed tree head of the empty log is missing.",
      );
    if (good !== size)
      this.blame("마지막 표들에 서명된 나무 머리가 없습니다.", "The last ballots have no signed tree head.");
  }

  private async checkReceipts(
    receipts: readonly Receipt[],
    leaves: readonly Bytes[],
    tree: FullTree,
  ): Promise<void> {
    for (const receipt of receipts) {
      const fault = (await receiptFault(receipt)) ?? (await this.receiptInLog(receipt, leaves, tree));
      if (fault) this.faults.push(fault);
    }
  }

  private async receiptInLog(
    receipt: Receipt,
    leaves: readonly Bytes[],
    tree: FullTree,
  ): Promise<Fault | null> {
    const { definition, digest } = this.file;
    const { index, head } = receipt;
    if (
      receipt.vote !== definition.vote ||
      receipt.definition !== hex(digest) ||
      receipt.city !== definition.city
    )
      return {
        ko: `영수증은 다른 투표(${receipt.vote})의 것입니다.`,
        en: `The receipt is of another vote (${receipt.vote}).`,
      };
    if (head.size > tree.size)
      return {
        ko: `영수증의 표 ${index}이(가) 있던 기록이 여기서는 더 짧습니다.`,
        en: `The log that the receipt of ballot ${index} was signed for is cut short here.`,
      };
    if (hex(leaves[index] ?? new Uint8Array()) !== receipt.leaf)
      return {
        ko: `표 ${index}이(가) 영수증과 다릅니다.`,
        en: `Ballot ${index} differs from the receipt.`,
      };
    if (!equal(await tree.root(head.size), head.root))
      return {
        ko: `표 ${head.size}장의 기록이 영수증에 서명된 기록과 다릅니다.`,
        en: `The log of ${head.size} ballots is not the one signed on the receipt.`,
      };
    return null;
  }

  private async checkEnding(signatures: CitySignatures, tree: FullTree): Promise<Ending | null> {
    const found = this.file.ending;
    if (!found) return null;
    if (!found.signed) {
      if (this.file.entries.some((entry) => "choices" in entry))
        this.blame("끝나지 않은 투표의 표가 열려 있습니다.", "A vote that goes on shows its ballots.");
      return null;
    }
    const { text, signature } = found.signed;
    if (!(await signatures.fit(endingStatement(this.file.digest, text), signature))) {
      this.blame(
        `${found.line}째 줄: 결과의 서명이 맞지 않습니다.`,
        `Line ${found.line}: the signature of the result does not fit.`,
      );
      return null;
    }
    const ending = readEnding(text);
    if (ending === null) this.faults.push(noSuchLine(found.line));
    else await this.compare(found.line, ending, tree);
    return ending;
  }

  private async compare(line: number, ending: Ending, tree: FullTree): Promise<void> {
    if (ending.size !== tree.size || ending.root !== hex(await tree.root()))
      this.blame(
        `${line}째 줄: 결과에 적힌 기록(표 ${ending.size}장)이 여기의 기록(표 ${tree.size}장)과 다릅니다.`,
        `Line ${line}: the result is of another log (${ending.size} ballots) than this (${tree.size} ballots).`,
      );
    if (ending.state === "cancelled") return;
    if (this.file.entries.some((entry) => "leaf" in entry))
      this.blame("닫힌 투표의 표가 가려져 있습니다.", "A vote that is closed hides ballots.");
    const { blank, approvals } = this.count();
    if (ending.blank !== blank || String(ending.approvals) !== String(approvals))
      this.blame(
        `${line}째 줄: 적힌 결과 ${ending.approvals}, 백지 ${ending.blank}이(가) 다시 센 ${approvals}, 백지 ${blank}과 다릅니다.`,
        `Line ${line}: the result says ${ending.approvals} and ${ending.blank} blank, a recount says ${approvals} and ${blank} blank.`,
      );
  }

  private count(): Count {
    const approvals = new Array<number>(this.options).fill(0);
    let blank = 0;
    for (const entry of this.file.entries) {
      if (!("choices" in entry)) continue;
      if (entry.choices === 0) blank += 1;
      for (const at of approvals.keys()) {
        if (Math.floor(entry.choices / 2 ** at) % 2) approvals[at] = (approvals[at] ?? 0) + 1;
      }
    }
    return { blank, approvals };
  }
}

function readEnding(text: string): Ending | null {
  try {
    const value: Ending = JSON.parse(text);
    return value.state === "closed" || value.state === "cancelled" ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
