"""Errors of live video, each an answer over HTTP.

VideoError (a streaming.errors.PeerError)
├── TokenMissingError       401  no bearer token came
├── NotYourBoothError       403  the token is not this booth's, or the screen is out of sight
├── NoSuchSessionError      404  no such booth, or no such session
├── NotAcceptableError      406  no codec in common, or a section that is needed is missing
├── SessionChangedError     412  the entity tag is another session's
├── TooLargeError           413  the body is too large
├── WrongTypeError          415  the body is of another media type
├── NotUnderstoodError      400  the body cannot be read, or cannot be used
├── RestartRefusedError     422  ICE restarts are not done
├── TagMissingError         428  a PATCH needs If-Match
├── TooManyScreensError     429  one person watches as many screens as they may
└── FullError               503  the server or the screen has no room
"""

from streaming.errors import PeerError


class VideoError(PeerError):
    """The other side asked for what they cannot have.

    Attributes:
        status: The HTTP status that says so (RFC 9725, section 4).
        code: A short stable word for programs.
        ko: What was wrong and what to do, in Korean.
        en: The same in English.
    """

    status = 400
    code = "bad_request"
    ko = "요청을 이해하지 못했어요."
    en = "The request was not understood."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.en)


class TokenMissingError(VideoError):
    """No bearer token came."""

    status = 401
    code = "token_missing"
    ko = "열쇠가 없어요. 'Authorization: Bearer …' 머리글에 부스의 송출 열쇠나 입장 열쇠를 넣으세요."
    en = "There is no token. Put the booth's, or your session's, into 'Authorization: Bearer …'."


class NotYourBoothError(VideoError):
    """The token is not this booth's, or the screen is out of sight."""

    status = 403
    code = "not_this_booth"
    ko = "이 열쇠로는 이 부스의 화면을 쓸 수 없어요. 열쇠와 부스를 확인하고, 보려면 화면 가까이 가세요."
    en = "This token does not open this booth's screen. Check token and booth; to watch, go near the screen."


class NoSuchSessionError(VideoError):
    """No such booth, or no such session."""

    status = 404
    code = "no_such_session"
    ko = "그런 부스나 연결이 없어요. 주소를 확인하거나 다시 연결하세요."
    en = "There is no such booth or session. Check the address, or connect again."


class NotAcceptableError(VideoError):
    """No codec in common, or a section that is needed is missing."""

    status = 406
    code = "no_common_codec"
    ko = "영상 형식이 맞지 않아요. H.264(제한된 기본 프로필, 패킷화 방식 1)나 VP8로 보내세요."
    en = "No video format fits. Offer H.264 (constrained baseline, packetization mode 1) or VP8."


class SessionChangedError(VideoError):
    """The entity tag is another session's."""

    status = 412
    code = "session_changed"
    ko = "연결이 그사이 바뀌었어요. 다시 연결하세요."
    en = "The session is another one by now. Connect again."


class TooLargeError(VideoError):
    """The body is too large."""

    status = 413
    code = "too_large"
    ko = "보낸 내용이 너무 커요. 32 KiB 안으로 줄이세요."
    en = "The body is too large. Keep it below 32 KiB."


class WrongTypeError(VideoError):
    """The body is of another media type."""

    status = 415
    code = "wrong_type"
    ko = (
        "내용의 형식이 달라요. 연결에는 application/sdp, 후보 추가에는 "
        "application/trickle-ice-sdpfrag를 쓰세요."
    )
    en = "Send application/sdp to connect, application/trickle-ice-sdpfrag to add candidates."


class NotUnderstoodError(VideoError):
    """The body cannot be read, or cannot be used."""

    code = "bad_description"
    ko = "연결 정보(SDP)를 읽을 수 없어요. 보내는 프로그램의 WHIP 설정을 확인하세요."
    en = "The session description (SDP) cannot be used. Check the WHIP settings of the sending program."


class RestartRefusedError(VideoError):
    """ICE restarts are not done."""

    status = 422
    code = "no_restart"
    ko = "이미 맺은 연결의 ICE를 다시 시작할 수는 없어요. 끊고 새로 연결하세요."
    en = "ICE is not restarted within a session. End it and connect anew."


class TagMissingError(VideoError):
    """A PATCH needs If-Match."""

    status = 428
    code = "tag_missing"
    ko = "'If-Match' 머리글에 연결할 때 받은 ETag를 넣으세요."
    en = "Put the ETag that came with the answer into 'If-Match'."


class TooManyScreensError(VideoError):
    """One person watches as many screens as they may."""

    status = 429
    code = "too_many_screens"
    ko = "한꺼번에 볼 수 있는 화면 수를 넘었어요. 다른 화면을 닫고 다시 시도하세요."
    en = "You watch as many screens as one person may. Close another one and try again."


class FullError(VideoError):
    """The server or the screen has no room."""

    status = 503
    code = "full"
    ko = "지금은 자리가 없어요. 잠시 뒤 다시 시도하세요."
    en = "There is no room now. Try again in a while."
