"""Whose a datagram is, when all peers share one port. Pure: bytes and addresses in, a route out.

Three tables, asked in this order:

1. A connectivity check says for whom it is: the fragment in its USERNAME (RFC 8445, section 7.2.2).
2. The answer to a check of ours belongs to whoever sent the check: its transaction.
3. Everything else belongs to whom the remote address belongs to.

Only what carries the right MESSAGE-INTEGRITY teaches a table an address. An address that is somebody's
changes hands only to who answers a check there: a check can be sent under a false sender address, an answer
cannot, since its transaction was sent to that address alone. So nobody takes another's address away, and
what strangers send costs a look into a table, or one HMAC when they know somebody's fragment.
"""

import secrets
from dataclasses import dataclass, field

from streaming.errors import PortFullError
from streaming.stun import LAST_FIRST_BYTE, Check, is_authentic, read_check, transaction_of

#: Routes at once; each belongs to a peer that was let in.
MOST_ROUTES = 1 << 15
#: Remote addresses of one route; the one that was silent longest goes first.
MOST_ADDRESSES = 16
#: Checks of one route that wait for an answer; the oldest go first.
MOST_CHECKS = 128
#: Bytes of a fragment's randomness: strangers must not hit one by chance.
_FRAGMENT_BYTES = 6

#: A local address, then a remote address and port.
Source = tuple[str, str, int]


@dataclass(slots=True, eq=False)
class Route:
    """One peer's share of the port.

    Attributes:
        fragment: Names it in checks; ours, so the other side puts it first.
        password: Signs the checks that come.
        addresses: Where it was authentically heard from, the newest last.
        checks: Its own checks that wait for an answer, the newest last: where to, and whose password signs.
    """

    fragment: str
    password: bytes
    addresses: dict[Source, None] = field(default_factory=dict)
    checks: dict[bytes, tuple[Source, bytes]] = field(default_factory=dict)


class Routes:
    """The tables.

    Attributes:
        dropped: Datagrams that nobody here owns.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self._by_fragment: dict[str, Route] = {}
        self._by_check: dict[bytes, Route] = {}
        self._by_address: dict[Source, Route] = {}

    def sizes(self) -> tuple[int, int, int]:
        """Return how many routes, checks and addresses there are."""
        return len(self._by_fragment), len(self._by_check), len(self._by_address)

    def open(self, password: str) -> Route:
        """Make a route, under a new fragment.

        Raises:
            PortFullError: There are too many.
        """
        if len(self._by_fragment) >= MOST_ROUTES:
            raise PortFullError(f"{MOST_ROUTES} peers share the port already.")
        route = Route(self._new_fragment(), password.encode())
        self._by_fragment[route.fragment] = route
        return route

    def renew(self, route: Route, password: str) -> None:
        """Give a route another fragment and password (RFC 8445, section 9); its addresses stay until then."""
        if self._by_fragment.pop(route.fragment, None) is route:
            route.fragment, route.password = self._new_fragment(), password.encode()
            self._by_fragment[route.fragment] = route

    def close(self, route: Route) -> None:
        """Forget a route and everything it taught the tables; again does nothing."""
        if self._by_fragment.get(route.fragment) is route:
            del self._by_fragment[route.fragment]
        for source in route.addresses:
            del self._by_address[source]
        for transaction in route.checks:
            del self._by_check[transaction]
        route.addresses.clear()
        route.checks.clear()

    def sent(self, route: Route, data: bytes, to: Source, password: bytes) -> None:
        """Note a datagram that a route sends: when it is a check, its answer will be known.

        Args:
            route: Whose.
            data: The datagram.
            to: From where to where.
            password: Of the other side, which signs the answer.
        """
        if not data or data[0] > LAST_FIRST_BYTE or route is not self._by_fragment.get(route.fragment):
            return
        transaction = transaction_of(data)
        if transaction is None or transaction in self._by_check:
            return
        if len(route.checks) >= MOST_CHECKS:
            oldest = next(iter(route.checks))
            del route.checks[oldest], self._by_check[oldest]
        route.checks[transaction] = (to, password)
        self._by_check[transaction] = route

    def find(self, data: bytes, source: Source) -> Route | None:
        """Return whose a datagram is; None when it is to be dropped."""
        route = self._find(data, source)
        self.dropped += route is None
        return route

    def _find(self, data: bytes, source: Source) -> Route | None:
        if not data:
            return None
        if data[0] > LAST_FIRST_BYTE:
            return self._by_address.get(source)
        check = read_check(data)
        if check is None:
            return None
        return self._asked(data, check, source) if check.is_request else self._answered(data, check, source)

    def _asked(self, data: bytes, check: Check, source: Source) -> Route | None:
        """Return whom a check is for, if it is authentic."""
        route = self._by_fragment.get(check.fragment)
        if route is None or not is_authentic(data, check, route.password):
            return None
        if self._by_address.get(source, route) is route:
            self._note(route, source)
        return route

    def _answered(self, data: bytes, check: Check, source: Source) -> Route | None:
        """Return whose check is answered, if it was sent there and the answer is authentic."""
        route = self._by_check.get(check.transaction)
        if route is None:
            return None
        to, password = route.checks[check.transaction]
        if source != to or not is_authentic(data, check, password):
            return None
        del route.checks[check.transaction], self._by_check[check.transaction]
        self._note(route, source)
        return route

    def _note(self, route: Route, source: Source) -> None:
        """Write down that an address is a route's, and was heard from just now."""
        owner = self._by_address.get(source)
        if owner is not None:
            owner.addresses.pop(source, None)
        self._by_address[source] = route
        route.addresses[source] = None
        if len(route.addresses) > MOST_ADDRESSES:
            silent = next(iter(route.addresses))
            del route.addresses[silent], self._by_address[silent]

    def _new_fragment(self) -> str:
        while (fragment := secrets.token_hex(_FRAGMENT_BYTES)) in self._by_fragment:
            continue
        return fragment
