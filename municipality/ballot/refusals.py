"""What the ballot box says when it refuses, in both languages."""

from municipality.errors import (
    AlreadyVotedError,
    BallotBoxBusyError,
    BallotBoxUnavailableError,
    BallotRefusedError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    VoteNotOpenError,
    VoteRefusedError,
)


def no_vote(vote: object) -> NotFoundError:
    """No such vote."""
    return NotFoundError(
        f"투표 {vote}이(가) 없어요. 투표 목록에서 다시 골라 주세요.",
        f"There is no vote {vote}. Choose one from the list.",
    )


def no_leaf() -> NotFoundError:
    """No such leaf in the log."""
    return NotFoundError(
        "이 투표의 기록에 그런 표가 없어요. 영수증의 해시를 확인해 주세요.",
        "The log of this vote holds no such ballot. Check the hash on the receipt.",
    )


def no_tree(size: object) -> BallotRefusedError:
    """The log never was of that size."""
    return BallotRefusedError(
        f"기록의 크기 {size}은(는) 쓸 수 없어요. 지금까지의 크기 안에서 골라 주세요.",
        f"The log was never of size {size}. Give one that it has had so far.",
    )


def unknown_option(choice: object, options: int) -> BallotRefusedError:
    """No such option."""
    return BallotRefusedError(
        f"선택지 {str(choice)[:20]!r}은(는) 없어요. 0부터 {options - 1}까지의 번호로 골라 주세요.",
        f"There is no option {str(choice)[:20]!r}. Choose by number, from 0 to {options - 1}.",
    )


def option_twice(choice: int) -> BallotRefusedError:
    """One option is named twice."""
    return BallotRefusedError(
        f"선택지 {choice}을(를) 두 번 골랐어요. 한 번만 골라 주세요.",
        f"Option {choice} is chosen twice. Choose it once.",
    )


def key() -> BallotRefusedError:
    """Not a key."""
    return BallotRefusedError(
        "표에는 멱등 키가 필요해요. 띄어쓰기 없는 영문·숫자·기호 1–128자로 보내 주세요.",
        "A ballot needs an idempotency key: 1 to 128 printable ASCII characters, no spaces.",
    )


def not_begun() -> VoteNotOpenError:
    """Too early."""
    return VoteNotOpenError(
        "투표가 아직 시작되지 않았어요. 시작 시각을 확인해 주세요.",
        "This vote has not begun. See when it opens.",
    )


def over() -> VoteNotOpenError:
    """Too late."""
    return VoteNotOpenError(
        "투표가 끝났어요. 결과를 확인해 주세요.", "This vote is over. Its result can be seen."
    )


def cancelled() -> VoteNotOpenError:
    """Called off."""
    return VoteNotOpenError(
        "취소된 투표예요. 취소 사유를 확인해 주세요.", "This vote was cancelled. See the reason given."
    )


def already_voted() -> AlreadyVotedError:
    """One ballot a citizen."""
    return AlreadyVotedError(
        "이 투표에 이미 참여했어요. 한 사람이 한 번만 투표할 수 있고, 던진 표는 바꿀 수 없어요.",
        "You have voted already. Everybody has one ballot, and a ballot that was cast cannot be changed.",
    )


def not_local(place: str) -> NotAllowedError:
    """A vote for those of a place."""
    return NotAllowedError(
        f"{place} 주민만 참여할 수 있는 투표예요. 주민 등록은 시청에 문의해 주세요.",
        f"This vote is for the people of {place}. Ask City Hall about being one of them.",
    )


def ended() -> ConflictError:
    """What has ended cannot be cancelled."""
    return ConflictError(
        "이미 끝났거나 취소된 투표예요. 더 바꿀 수 없어요.",
        "This vote is over or cancelled already. Nothing can be changed any more.",
    )


def draft(where: str, ko: str, en: str) -> VoteRefusedError:
    """A vote that cannot be opened so."""
    return VoteRefusedError(
        f"투표를 열 수 없어요({where}): {ko}", f"The vote cannot be opened ({where}): {en}"
    )


def other_key() -> BallotBoxUnavailableError:
    """The city signs with another key than when the vote was opened."""
    return BallotBoxUnavailableError(
        "도시의 서명 열쇠가 이 투표를 열 때와 달라요. 운영자에게 백업의 열쇠를 되돌려 달라고 해 주세요.",
        "The city's signing key is not the one this vote was opened with. "
        "The operator must restore it from the backup.",
    )


def busy(waiting: int) -> BallotBoxBusyError:
    """Too much waits already."""
    return BallotBoxBusyError(
        f"지금 표 {waiting:,}장이 기다리고 있어요. 잠시 뒤에 같은 키로 다시 보내 주세요.",
        f"{waiting:,} ballots wait already. Send yours again with the same key in a moment.",
    )


def unavailable(reason: object) -> BallotBoxUnavailableError:
    """The database did not confirm."""
    return BallotBoxUnavailableError(
        f"표를 기록하지 못했어요({reason}). 잠시 뒤에 같은 키로 다시 보내 주세요.",
        f"The ballot could not be recorded ({reason}). Send it again with the same key in a moment.",
    )
