/** What the VR panel says, in both languages. */

import type { Bilingual } from "../render/api";

export const WORDS = {
  speaking: { ko: "말하는 중", en: "Mic on" },
  muted: { ko: "마이크 꺼짐", en: "Mic off" },
  noMicrophone: { ko: "마이크 없음", en: "No mic" },
  wave: { ko: "손 흔들기", en: "Wave" },
  places: { ko: "명소", en: "Places" },
  hall: { ko: "시청", en: "City Hall" },
  expo: { ko: "전시", en: "Expo" },
  wallet: { ko: "지갑", en: "Wallet" },
  visitor: {
    ko: "지갑은 시민에게 있어요. 화면에서 시민이 되어 주세요.",
    en: "Citizens have a wallet. Become one on the page.",
  },
  whom: { ko: "누구에게 보낼까요?", en: "Pay whom?" },
  nobody: { ko: "가까이에 아무도 없어요", en: "Nobody is near" },
  asking: { ko: "알아보는 중이에요…", en: "Looking them up…" },
  amount: { ko: "얼마를 보낼까요?", en: "How much?" },
  confirm: { ko: "이대로 보낼까요?", en: "Pay this?" },
  paying: { ko: "보내는 중이에요…", en: "Paying…" },
  paid: { ko: "보냈어요", en: "Paid" },
  refused: { ko: "보내지 못했어요", en: "Not paid" },
  pay: { ko: "보내기", en: "Pay" },
  language: { ko: "English", en: "한국어" },
  close: { ko: "닫기", en: "Close" },
  leave: { ko: "VR 나가기", en: "Leave VR" },
  back: { ko: "뒤로", en: "Back" },
  previous: { ko: "이전", en: "Previous" },
  next: { ko: "다음", en: "Next" },
  noChat: { ko: "아직 대화가 없어요", en: "No messages yet" },
} as const satisfies Record<string, Bilingual>;

export function peopleNear(count: number): Bilingual {
  return {
    ko: `내 곁 ${count}명`,
    en: count === 1 ? "1 person near" : `${count} people near`,
  };
}

export const NO_HEADSET: Bilingual = {
  ko: "이 브라우저에서는 VR을 쓸 수 없어요. 헤드셋의 브라우저에서 https 주소로 다시 열어 주세요.",
  en: "This browser has no VR. Open the page over https in your headset's browser.",
};

export const SESSION_REFUSED: Bilingual = {
  ko: "헤드셋이 VR 시작을 거절했어요. 헤드셋을 쓰고 권한을 허락한 뒤 다시 눌러 주세요.",
  en: "The headset refused to start VR. Put it on, allow access, and press again.",
};
