"""What people are told when something of theirs is refused: Korean first, then English."""

from dataclasses import dataclass

from streaming.messages import Close, Notice, Refusal


@dataclass(frozen=True, slots=True)
class Told:
    """One refusal.

    Attributes:
        code: A short stable word for programs.
        ko: What was wrong and what to do, in Korean.
        en: The same in English.
    """

    code: str
    ko: str
    en: str

    def notice(self) -> Notice:
        """Return it as a notice: nothing changed, the connection stays."""
        return Notice(code=self.code, ko=self.ko, en=self.en)

    def refusal(self) -> Refusal:
        """Return it as the last message before the socket closes."""
        return Refusal(code=self.code, ko=self.ko, en=self.en, fatal=True)


#: Why a socket closes, by close code.
CLOSING = {
    Close.MALFORMED: Told(
        "malformed",
        "메시지를 읽을 수 없습니다. 페이지를 새로 고치거나 프로그램을 최신판으로 바꿔 주세요.",
        "A message could not be read. Reload the page, or update your program.",
    ),
    Close.OUT_OF_ORDER: Told(
        "out_of_order",
        "지금은 받을 수 없는 메시지입니다. 다시 접속해 주세요.",
        "This message is not expected now. Please connect again.",
    ),
    Close.UNSUPPORTED_PROTOCOL: Told(
        "unsupported_protocol",
        "프로토콜 버전이 다릅니다. 페이지를 새로 고치거나 프로그램을 최신판으로 바꿔 주세요.",
        "The protocol version differs. Reload the page, or update your program.",
    ),
    Close.BAD_NAME: Told(
        "bad_name",
        "이름은 1자에서 24자까지 쓸 수 있습니다. 다른 이름을 적어 주세요.",
        "A name has 1 to 24 characters. Please choose another one.",
    ),
    Close.REPLACED: Told(
        "replaced",
        "같은 사람이 다른 곳에서 들어와 이 연결을 닫습니다.",
        "You came in from somewhere else, so this connection closes.",
    ),
    Close.BAD_OFFER: Told(
        "bad_offer",
        "연결 정보(SDP 또는 ICE 후보)를 쓸 수 없습니다. 페이지를 새로 고쳐 주세요.",
        "The connection details (SDP or an ICE candidate) cannot be used. Reload the page.",
    ),
    Close.FULL: Told(
        "full",
        "지금 도시에 자리가 없습니다. 잠시 뒤 다시 들어와 주세요.",
        "The city is full. Please come back in a while.",
    ),
    Close.TIMED_OUT: Told(
        "timed_out",
        "연결이 제때 이어지지 않았습니다. 네트워크(UDP)를 확인하고 다시 접속해 주세요.",
        "The connection was not made, or not kept, in time. Check your network (UDP), then connect again.",
    ),
    Close.UNKNOWN_SPOT: Told(
        "unknown_spot",
        "그런 장소가 없습니다. 목록에서 장소를 골라 주세요.",
        "There is no such place. Choose one from the list.",
    ),
    Close.GOING_DOWN: Told(
        "going_down",
        "서버를 멈춥니다. 잠시 뒤 다시 들어와 주세요.",
        "The server is stopping. Please come back shortly.",
    ),
}

#: Why a message on a channel changed nothing, by code.
NOTICES = {
    told.code: told
    for told in (
        Told(
            "too_far",
            "너무 멀리 있는 곳입니다. 더 가까운 곳을 골라 주세요.",
            "That is too far. Choose a closer point.",
        ),
        Told("out_of_bounds", "도시 밖이라 갈 수 없습니다.", "That is outside the city."),
        Told("too_often", "너무 잦습니다. 잠시 뒤 다시 해 주세요.", "That was too often. Wait a moment."),
        Told(
            "not_allowed",
            "지금 이곳에서는 할 수 없습니다. 권한이 있는지, 제재를 받고 있는지 확인해 주세요.",
            "You may not do this here now. Check your rights, and whether a sanction stands.",
        ),
        Told(
            "no_sound",
            "지금 연결로는 소리를 주고받을 수 없습니다. 글은 보낼 수 있습니다.",
            "This connection carries no sound. You can write instead.",
        ),
        Told(
            "only_looking",
            "구경하는 중입니다. 함께하려면 도시로 들어와 주세요.",
            "You are only looking. Come into the city to take part.",
        ),
        Told(
            "gallery_full",
            "구경하는 사람이 너무 많습니다. 잠시 뒤 다시 와 주세요.",
            "Too many people are looking. Please come back in a while.",
        ),
        Told("empty_text", "보낼 글이 없습니다.", "There is no text to send."),
        Told(
            "teleport_target",
            "장소(spot)나 위치(position) 가운데 하나만 적어 주세요.",
            "Name either a spot or a position, not both and not neither.",
        ),
        Told("too_large", "메시지가 너무 큽니다.", "The message is too large."),
        Told("bad_packet", "위치 패킷을 읽을 수 없습니다.", "A state packet could not be read."),
        Told("bad_data", "받은 데이터를 읽을 수 없습니다.", "The data received could not be read."),
        Told("bad_event", "이벤트 메시지를 읽을 수 없습니다.", "An event message could not be read."),
        Told(
            "not_binary", "state 채널에는 이진 패킷만 보낼 수 있습니다.", "Only binary packets go on `state`."
        ),
        Told("not_text", "events 채널에는 글(JSON)만 보낼 수 있습니다.", "Only JSON text goes on `events`."),
        Told("unknown_channel", "모르는 데이터 채널입니다.", "This data channel is not known."),
        CLOSING[Close.UNKNOWN_SPOT],
    )
}
