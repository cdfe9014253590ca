"""How this room says no."""

from municipality.errors import ConflictError, NotFoundError, TextRefusedError
from municipality.participation.proposal import State

#: States as they are named to people.
STATE_NAMES = {
    State.OPEN: ("접수", "open"),
    State.UNDER_REVIEW: ("검토 중", "under review"),
    State.ACCEPTED: ("채택", "accepted"),
    State.DECLINED: ("불채택", "declined"),
    State.DONE: ("완료", "done"),
    State.WITHDRAWN: ("철회", "withdrawn"),
}


def no_such_proposal() -> NotFoundError:
    """There is none of that number in sight."""
    return NotFoundError(
        "그런 제안이 없거나 철회됐어요. 목록에서 다시 골라 주세요.",
        "There is no such proposal, or it was withdrawn. Choose one from the list.",
    )


def no_such_comment() -> NotFoundError:
    """There is none of that number under the proposal."""
    return NotFoundError(
        "그런 의견이 없어요. 새로 고쳐서 확인해 주세요.", "There is no such comment. Please reload."
    )


def outside_the_city() -> TextRefusedError:
    """A pin cannot stand there."""
    return TextRefusedError(
        "그 자리는 도시 밖이에요. 광주 안의 자리를 골라 주세요.",
        "That place lies outside the city. Choose one within Gwangju.",
        "place",
    )


def is_hidden() -> ConflictError:
    """Nothing is added to what is out of sight."""
    return ConflictError(
        "담당자가 가린 제안이에요. 가려진 동안에는 바꿀 수 없어요.",
        "An officer took this proposal out of sight. Nothing changes on it meanwhile.",
    )


def not_in_state(state: State) -> ConflictError:
    """Too late, or too early."""
    ko, en = STATE_NAMES[state]
    return ConflictError(
        f"지금은 '{ko}' 상태라서 할 수 없어요. 새로 고쳐서 상태를 확인해 주세요.",
        f"This cannot be done: the proposal is {en}. Please reload to see its state.",
    )


def is_supported() -> ConflictError:
    """What people support stays what they supported."""
    return ConflictError(
        "공감한 시민이 있어서 고칠 수 없어요. 덧붙일 말은 의견으로 남겨 주세요.",
        "Citizens support it already, so it cannot be changed. Add what is missing as a comment.",
    )


def too_many(most: int) -> ConflictError:
    """One citizen fills no board."""
    return ConflictError(
        f"하루에 {most}개까지 올릴 수 있어요. 내일 다시 올려 주세요.",
        f"One may post {most} a day. Please come back tomorrow.",
    )
