"""One person as the bridge knows them: who they are, their socket, what carries to them, their limits."""

import logging
import time
from collections import deque
from typing import Protocol

from streaming.budget import Budget
from streaming.codec import PoseSample, decode_pose_sample
from streaming.codec_json import decode_client_event, encode_json
from streaming.errors import MalformedMessageError, MalformedPacketError
from streaming.link import Link
from streaming.media import Seat
from streaming.messages import MAX_EVENT_BYTES, TICK_HZ, ClientEvent, ServerEvent
from streaming.pace import Pace
from streaming.refusals import NOTICES
from streaming.signalling_server import Conversation
from streaming.trial import Trial
from world.entity import Appearance, PersonId

logger = logging.getLogger(__name__)

#: Over a link that is late as a whole, so many packets may be on their way; who is further behind gets one
#: a second, for what else is sent now would come later still. Whatever lies between, this sees how it is.
_MOST_UNSEEN = TICK_HZ
_BEHIND_SECONDS = 1.0


class Host(Protocol):
    """What a guest tells the bridge."""

    def taken_up(self, guest: "Guest", link: Link, before: Link | None) -> None:
        """State and events go over another link from now on."""

    def lost(self, guest: "Guest") -> None:
        """The link is gone."""

    def failed(self, guest: "Guest", trial: Trial) -> None:
        """A peer connection did not come up."""

    def asked(self, guest: "Guest", event: ClientEvent) -> None:
        """They want something."""

    def abusive(self, guest: "Guest") -> None:
        """They did not stop sending what cannot be read."""


class Guest:
    """Somebody who was let in. Implements :class:`streaming.trial.Applicant` for their own connections.

    Attributes:
        person: Their id.
        session: Their token.
        appearance: How they are shown.
        position: Where the world last held them; before that, where they are to enter.
        yaw: Their heading there.
        conversation: Their socket; None while it is closed.
        link: What carries state and events to them; None while nothing does.
        seat: The same, when it carries sound as well.
        trial: Their peer connection while it is negotiated.
        entered: Whether the world was told to let this connection's person in.
        pace: How large their packets may be.
        closed: When their socket closed, monotonic seconds; None while it is open.
    """

    def __init__(self, person: PersonId, session: str, host: Host, now: float) -> None:
        self.person = person
        self.session = session
        self.appearance = Appearance("", 0, "browser")
        self.position = (0.0, 0.0, 0.0)
        self.yaw = 0.0
        self.conversation: Conversation | None = None
        self.link: Link | None = None
        self.trial: Trial | None = None
        self.seat: Seat | None = None
        self.entered = False
        self._heard = now
        self.closed: float | None = None
        self._host = host
        #: Whether what this connection has been sent is yet to begin.
        self.fresh = False
        self.seen = self.seen_before = 0
        self._sample: PoseSample | None = None
        self._unseen: deque[int] = deque(maxlen=_MOST_UNSEEN)
        self.pace = Pace()
        self._shown = 0.0
        self._logged = False
        self.renew_limits()

    def renew_limits(self) -> None:
        """Begin to count anew, as for everybody who comes in on a new socket."""
        # A client sends 20 samples a second; a burst after a stall is no abuse.
        self._samples = Budget(40.0, 60.0)
        self._events = Budget(10.0, 30.0)
        self._notices = Budget(1.0, 5.0)
        self._patience = Budget(1.0, 20.0)

    @property
    def heard(self) -> float:
        """When something last came from them, monotonic seconds."""
        return self._heard if self.seat is None else max(self._heard, self.seat.heard)

    @heard.setter
    def heard(self, now: float) -> None:
        self._heard = now

    def sit(self, seat: Seat) -> None:
        """Have everything go over a peer connection from now on."""
        self._take_up(seat, seat)

    def take_up(self, link: Link) -> None:
        """Have state and events go over another link from now on, and no sound."""
        self._take_up(link, None)

    def _take_up(self, link: Link, seat: Seat | None) -> None:
        """Begin with nothing."""
        before, self.link, self.seat = self.link, link, seat
        if self.trial is not None and self.trial.in_use:
            self.trial = None
        self._sample = None
        self.seen = self.seen_before = 0
        self._unseen.clear()
        self.pace = Pace()
        self.heard = time.monotonic()
        self._host.taken_up(self, link, before)

    def show(self, packet: bytes, tick: int) -> None:
        """Send a tick's state, unless that would only make everything later."""
        if self.link is None:
            return
        if self.link.loses_packets:
            self.pace.note(went=self.link.send_state(packet))
            return
        while self._unseen and self._unseen[0] <= self.seen:
            self._unseen.popleft()
        now = time.monotonic()
        if len(self._unseen) >= _MOST_UNSEEN and now - self._shown < _BEHIND_SECONDS:
            self.pace.note(went=False)
            return
        went = self.link.send_state(packet)
        self.pace.note(went=went)
        if went:
            self._unseen.append(tick)
            self._shown = now

    def take_move(self) -> PoseSample | None:
        """Return the newest pose since the last call."""
        sample, self._sample = self._sample, None
        return sample

    def tell(self, event: ServerEvent) -> None:
        """Send an event; somebody who does not read for long is given up."""
        if self.link is not None and not self.link.send_event(encode_json(event)):
            self._host.lost(self)

    def notice(self, code: str) -> None:
        """Tell them that something changed nothing, not more often than they can read."""
        if self._notices.take(time.monotonic()):
            self.tell(NOTICES[code].notice())

    # --- Applicant, and LinkEvents for a socket that carries ------------------------------------------------

    def connected(self) -> None:
        """What carries is there already, see :meth:`take_up`."""

    def failed(self, trial: Trial) -> None:
        """A peer connection did not come up."""
        if self.trial is trial:
            self._host.failed(self, trial)

    def lost(self) -> None:
        """The connection failed, or they closed it."""
        self._host.lost(self)

    def state(self, data: bytes) -> None:
        """Take a pose; of those that come within a tick the newest counts."""
        if not self._within(self._samples):
            return
        try:
            sample = decode_pose_sample(data)
        except MalformedPacketError as error:
            self._strike("bad_packet", str(error))
            return
        if self._sample is None or (sample.sequence - self._sample.sequence) % 0x10000 < 0x8000:
            self._sample = sample
        if sample.seen >= self.seen:
            self.seen, self.seen_before = sample.seen, sample.seen_before

    def event(self, text: str) -> None:
        """Take an event."""
        if len(text) > MAX_EVENT_BYTES:
            self._strike("too_large", f"an event of {len(text)} characters")
            return
        if not self._within(self._events):
            self._strike("too_often", "too many events")
            return
        try:
            self._host.asked(self, decode_client_event(text))
        except MalformedMessageError as error:
            self._strike("bad_event", str(error))

    def misuse(self, code: str) -> None:
        """They did what the protocol has no place for."""
        self._strike(code, code)

    def _within(self, budget: Budget) -> bool:
        self._heard = time.monotonic()
        return budget.take(self._heard)

    def _strike(self, code: str, detail: str) -> None:
        """Note something unreadable: one log line a connection, notices, and after many the end of it."""
        if not self._logged:
            self._logged = True
            logger.warning("person %d sent what cannot be used (%s: %s)", self.person, code, detail)
        if self._patience.take(time.monotonic()):
            self.notice(code)
        else:
            self._host.abusive(self)
