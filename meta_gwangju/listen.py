"""The addresses that the server listens on: a TCP port, and a UDP port."""

import errno
import socket

from meta_gwangju.certificates import lan_addresses
from meta_gwangju.config import Settings
from meta_gwangju.errors import PortTakenError
from streaming.mux import Mux

#: Browsers go to no UDP port below it on a network of one's own.
_FIRST_UDP = 1024
_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- these are compared with, not bound
_HERE = frozenset({"127.0.0.1", "::1"})


def open_listener(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket. Whoever connects before the server runs waits in its queue.

    Raises:
        PortTakenError: Somebody else listens there, or the address is not one of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _refused(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Two sockets may both be bound with SO_REUSEADDR; only one may listen.
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise _refused(host, port, error) from error
    return listener


def open_udp(settings: Settings, port: int) -> Mux:
    """Return the UDP port of all peers, bound on every address that ``host`` means.

    Unless one was asked for, it has the number of the TCP port; if that is not free, any other.

    Args:
        settings: Of this server.
        port: TCP port that the server listens on.

    Raises:
        PortTakenError: Somebody else has the port that was asked for, or there is no such address.
    """
    mux = Mux(settings.host)
    wanted = [settings.udp_port] if settings.udp_port else [port if port >= _FIRST_UDP else 0, 0]
    for number in wanted:
        try:
            mux.bind(number)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or number == wanted[-1]:
                raise _refused(settings.host, number, error, udp=True) from error
        else:
            break
    return mux


def addresses(settings: Settings, port: int) -> list[str]:
    """Return the links under which the page can be opened, the nearest first.

    This machine goes by its name: browsers keep passkeys for names, not for addresses.
    """
    hosts = ["localhost", *lan_addresses()] if settings.host in _ANYWHERE else [settings.host]
    if settings.host in _HERE:
        hosts = ["localhost"]
    if settings.host == "::":
        hosts[1:] = []
    return [f"{settings.scheme}://{f'[{host}]' if ':' in host else host}:{port}" for host in hosts]


def _refused(host: str, port: int, error: OSError, *, udp: bool = False) -> PortTakenError:
    ko, en, option = ("UDP 포트", "UDP port", "udp-port") if udp else ("포트", "Port", "port")
    if error.errno == errno.EADDRINUSE:
        example = f"make run {option.upper().replace('-', '_')}={_another(port)}"
        return PortTakenError(
            f"{ko} {port}은(는) 다른 프로그램이 쓰고 있습니다. 그것을 끄거나 --{option}로 다른 번호를 "
            f"고르세요(예: {example}).",
            f"{en} {port} is taken by another program. Stop it, or choose another with --{option} "
            f"(for example: {example}).",
        )
    if error.errno == errno.EACCES:
        return PortTakenError(
            f"{ko} {port}을(를) 열 권한이 없습니다. 1024 이상의 번호를 --{option}로 고르세요.",
            f"{en} {port} may not be opened by this user. Choose one from 1024 on with --{option}.",
        )
    return PortTakenError(
        f"주소 {host}에서 기다릴 수 없습니다({error.strerror}). --host에 이 컴퓨터의 주소를 적으세요.",
        f"The address {host} cannot be used ({error.strerror}). Name one of this machine's with --host.",
    )


def _another(port: int) -> int:
    return port + 1 if port < 65_535 else 8000
