/** Checking a vote step by step, each step said with how it went; nothing of it trusts the page's own server. */

import type { Schemas } from "../../api/client";
import type { Bilingual } from "../../render/api";
import { type Bytes, unhex } from "../../verify/bytes";
import { verifyConsistency, verifyInclusion } from "../../verify/merkle";
import { type Fault, type Receipt, readReceipt, receiptFault } from "../../verify/receipt";
import { type Verification, verifyVote } from "../../verify/recount";
import { CitySignatures, headStatement } from "../../verify/statements";

export type StepName = "read" | "signed" | "key" | "now" | "recount";
export type Outcome = "passed" | "failed" | "unsure";

export interface StepResult {
  readonly step: StepName;
  readonly outcome: Outcome;
  /** What was found, or what is wrong. */
  readonly said: Bilingual;
}

/** Where the things come from that are checked. */
export interface Source {
  vote(number: number): Promise<Schemas["VoteOut"]>;
  inclusion(number: number, leaf: string): Promise<Schemas["InclusionOut"]>;
  consistency(number: number, first: number, second: number): Promise<readonly string[]>;
  /** The whole export. */
  export(number: number): Promise<Bytes>;
}

export interface Asked {
  /** As it was pasted; empty: only the export is checked. */
  readonly receipt: string;
  /** The vote that is meant where there is no receipt. */
  readonly vote: number | null;
  /** An export that somebody brought along; null: the city's own is fetched. */
  readonly file: Bytes | null;
}

export interface Checked {
  readonly verification: Verification | null;
  readonly receipt: Receipt | null;
}

type Say = (result: StepResult) => void;

const UNSIGNED: Bilingual = {
  ko: "이 브라우저는 서명(Ed25519)을 확인하지 못해요. 최신 브라우저나 meta-gwangju verify-vote로 한 번 더 확인하세요.",
  en: "This browser cannot check the signature (Ed25519). Check again in a current browser, or with meta-gwangju verify-vote.",
};

function fault(step: StepName, { ko, en }: Fault): StepResult {
  return { step, outcome: "failed", said: { ko, en } };
}

/** Check everything that can be checked of what is there. */
export async function check(asked: Asked, source: Source, say: Say): Promise<Checked> {
  const receipt = asked.receipt.trim() === "" ? null : readReceipt(asked.receipt.trim());
  if (asked.receipt.trim() !== "") {
    say(
      receipt === null
        ? fault("read", UNREADABLE)
        : { step: "read", outcome: "passed", said: readWords(receipt) },
    );
    if (receipt === null) return { verification: null, receipt: null };
    await checkReceipt(receipt, source, asked.file !== null, say);
  }
  const vote = receipt?.vote ?? asked.vote;
  if (asked.file === null && vote === null) return { verification: null, receipt };
  const bytes = asked.file ?? (await source.export(vote as number));
  const verification = await verifyVote(bytes, receipt === null ? [] : [receipt]);
  say(recounted(verification));
  return { verification, receipt };
}

async function checkReceipt(receipt: Receipt, source: Source, offline: boolean, say: Say): Promise<void> {
  const wrong = await receiptFault(receipt);
  const { supported } = await CitySignatures.of(receipt.city);
  if (wrong !== null) say(fault("signed", wrong));
  else say({ step: "signed", outcome: supported ? "passed" : "unsure", said: supported ? SIGNED : UNSIGNED });
  // Whoever brought an export along wants nothing from this server.
  if (offline) return;
  const vote = await source.vote(receipt.vote);
  const isSame = vote.city === receipt.city && vote.definition === receipt.definition;
  say(
    isSame ? { step: "key", outcome: "passed", said: keyWords(vote.fingerprint) } : fault("key", OTHER_KEY),
  );
  say(await stillThere(receipt, source));
}

/** Whether the log as it is now begins with the one that the receipt was signed for, and holds the ballot. */
async function stillThere(receipt: Receipt, source: Source): Promise<StepResult> {
  const { index, head, proof } = await source.inclusion(receipt.vote, receipt.leaf);
  const now = { size: head.size, root: unhex(head.root), signature: unhex(head.signature) };
  const signatures = await CitySignatures.of(receipt.city);
  const statement = headStatement(unhex(receipt.definition), now);
  if (!(await signatures.fit(statement, now.signature))) return fault("now", HEAD_UNSIGNED);
  const { size, root } = receipt.head;
  if (now.size < size) return fault("now", SHORTER);
  const steps = await source.consistency(receipt.vote, size, now.size);
  const grows = await verifyConsistency(size, now.size, root, now.root, steps.map(unhex));
  if (!grows) return fault("now", REWRITTEN);
  const leaf = unhex(receipt.leaf);
  const isThere = await verifyInclusion(leaf, index, now.size, proof.map(unhex), now.root);
  if (!isThere || index !== receipt.index) return fault("now", NOT_THERE);
  if (!signatures.supported) return { step: "now", outcome: "unsure", said: UNSIGNED };
  return { step: "now", outcome: "passed", said: grownWords(receipt, now.size) };
}

function recounted(found: Verification): StepResult {
  const [first] = found.faults;
  if (first !== undefined) return fault("recount", first);
  const { ballots, heads, count } = found;
  const counted: Bilingual =
    count === null
      ? {
          ko: `표 ${ballots}장의 기록과 서명된 나무 머리 ${heads}개가 맞아요. 아직 닫히지 않아 표의 내용은 세지 않았어요.`,
          en: `The log of ${ballots} ballots and its ${heads} signed tree heads fit. It is not closed: ballots are not counted yet.`,
        }
      : {
          ko: `표 ${ballots}장을 다시 세어 발표된 결과와 같음을 확인했어요(서명된 나무 머리 ${heads}개).`,
          en: `Counted all ${ballots} ballots again: the published result is right (${heads} signed tree heads).`,
        };
  return {
    step: "recount",
    outcome: found.signaturesChecked ? "passed" : "unsure",
    said: found.signaturesChecked ? counted : UNSIGNED,
  };
}

const UNREADABLE: Bilingual = {
  ko: "영수증을 읽을 수 없어요. 받은 그대로 붙여 넣어 주세요.",
  en: "This is no receipt that can be read. Paste it as it was given.",
};
const SIGNED: Bilingual = {
  ko: "도시가 서명했고, 내 표가 그때 서명된 기록 안에 있어요.",
  en: "The city signed it, and your ballot stands in the log as it was signed then.",
};
const OTHER_KEY: Bilingual = {
  ko: "영수증의 도시 열쇠나 투표 정의가 지금 이 도시가 보여 주는 것과 달라요.",
  en: "The city's key or the vote's definition on the receipt is not the one that this city shows now.",
};
const HEAD_UNSIGNED: Bilingual = {
  ko: "지금의 나무 머리에 영수증과 같은 도시의 서명이 없어요.",
  en: "The present tree head is not signed by the city of the receipt.",
};
const SHORTER: Bilingual = {
  ko: "지금의 기록이 영수증을 받았을 때보다 짧아요. 표가 사라졌어요.",
  en: "The log is shorter than when the receipt was given: ballots are gone.",
};
const REWRITTEN: Bilingual = {
  ko: "지금의 기록이 영수증을 받았을 때의 기록을 이어 가지 않아요. 기록이 바뀌었어요.",
  en: "The log does not continue the one that the receipt was given for: it was rewritten.",
};
const NOT_THERE: Bilingual = {
  ko: "지금의 기록에서 내 표를 찾지 못했어요.",
  en: "Your ballot does not stand in the present log.",
};

function readWords({ vote, index }: Receipt): Bilingual {
  return {
    ko: `투표 ${vote}번, ${index + 1}번째 표의 영수증이에요.`,
    en: `A receipt of vote ${vote}, ballot ${index + 1}.`,
  };
}

function keyWords(fingerprint: string): Bilingual {
  const short = `${fingerprint.slice(0, 8)} ${fingerprint.slice(8, 16)}`;
  return {
    ko: `도시가 지금 보여 주는 열쇠와 같아요(지문 ${short}…). 다른 곳에 공개된 지문과도 견주어 보세요.`,
    en: `The same key as the city shows now (fingerprint ${short}…). Compare it with where it is published elsewhere.`,
  };
}

function grownWords(receipt: Receipt, size: number): Bilingual {
  return {
    ko: `표 ${receipt.head.size}장이던 기록이 그대로 이어져 지금 ${size}장이고, 내 표도 그 안에 있어요.`,
    en: `The log of ${receipt.head.size} ballots goes on unchanged to ${size} now, and your ballot is in it.`,
  };
}
