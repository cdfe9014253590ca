"""What may stand in a report."""

import json
import math
import re

from municipality.errors import ReportRefusedError
from municipality.reports.report import LONGEST_ADDRESS, LONGEST_DESCRIPTION, LONGEST_NOTE, Contact, Draft
from municipality.reports.services import service_of
from municipality.reports.states import Step
from municipality.texts import checked_text

_PHOTO = re.compile(r"[0-9a-f]{64}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
#: Nobody expects anything later than this, seconds.
_FARTHEST = 5 * 365 * 86_400.0
#: Steps that say something, or are none.
_SPEAKING = frozenset({Step.NOTE, Step.ANSWER, Step.REOPEN})


def checked_draft(draft: Draft) -> Draft:
    """Return a draft with its texts as they are kept.

    Raises:
        NotFoundError: There is no such service.
        TextRefusedError: A text is too long, or holds characters that may not be shown.
        ReportRefusedError: The contact or the photo is none.
    """
    service_of(draft.service)
    if draft.photo is not None and not _PHOTO.fullmatch(draft.photo):
        raise ReportRefusedError(
            "사진을 알아볼 수 없어요. 다시 올려 주세요.", "The photo is unknown. Upload it again."
        )
    return Draft(
        draft.service,
        draft.place,
        _optional(draft.description, ("내용", "description"), LONGEST_DESCRIPTION) or "",
        _optional(draft.address, ("주소", "address"), LONGEST_ADDRESS, lines=False),
        draft.photo,
        _checked_contact(draft.contact),
    )


def checked_notes(step: Step, ko: str | None, en: str | None) -> tuple[str | None, str | None]:
    """Return the words to a step, in Korean and in English; both None when there are none.

    Raises:
        TextRefusedError: A text is too long, or holds characters that may not be shown.
        ReportRefusedError: This step needs words in one language at least.
    """
    said = (
        _optional(ko, ("한국어 글", "Korean text"), LONGEST_NOTE),
        _optional(en, ("영어 글", "English text"), LONGEST_NOTE),
    )
    if step in _SPEAKING and said == (None, None):
        raise ReportRefusedError(
            "내용을 적어 주세요. 한국어나 영어 가운데 하나는 있어야 해요.",
            "Please write something, in Korean or in English at least.",
        )
    return said


def checked_expectation(step: Step, expected_at: float | None, now: float) -> float | None:
    """Return when the end is expected.

    Raises:
        ReportRefusedError: It has passed, is too far away, or this step expects nothing.
    """
    if expected_at is None:
        return None
    if step in {Step.ANSWER, Step.REOPEN}:
        raise ReportRefusedError(
            "답변이나 재신청에는 예상 시각을 쓸 수 없어요. 예상 시각을 빼 주세요.",
            "An answer or a reopening has no expected time. Leave it out.",
        )
    if not (math.isfinite(expected_at) and now < expected_at <= now + _FARTHEST):
        raise ReportRefusedError(
            "예상 시각은 지금부터 5년 안이어야 해요. 시각을 고쳐 주세요.",
            "The expected time must lie within the next five years. Correct it.",
        )
    return expected_at


def sealed_form(contact: Contact) -> bytes:
    """Return a contact as it is sealed."""
    return json.dumps([contact.name, contact.phone, contact.email], ensure_ascii=False).encode()


def unsealed_form(plaintext: bytes) -> Contact:
    """Return a contact that was sealed."""
    return Contact(*json.loads(plaintext))


def _checked_contact(contact: Contact | None) -> Contact | None:
    if contact is None:
        return None
    checked = Contact(
        _optional(contact.name, ("이름", "name"), 60, lines=False) or "",
        _optional(contact.phone, ("전화번호", "phone"), 30, lines=False) or "",
        _optional(contact.email, ("이메일", "email"), 254, lines=False) or "",
    )
    if checked.email and not _EMAIL.fullmatch(checked.email):
        raise ReportRefusedError(
            "이메일 주소를 알아볼 수 없어요. 이름@도메인 꼴로 적어 주세요.",
            "This is no e-mail address. Write it as name@domain.",
        )
    return checked if checked != Contact() else None


def _optional(text: str | None, what: tuple[str, str], longest: int, *, lines: bool = True) -> str | None:
    """Return a checked text; None when there is nothing in it."""
    return checked_text(text, what, longest, lines=lines) if text is not None and text.strip() else None
