"""Refuses every connection that leaves this machine."""

import ipaddress
import socket
from typing import Any


class NetworkRefusedError(Exception):
    """A test tried to reach another machine."""


_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def stays_here(address: Any) -> bool:
    """Whether an address is a Unix socket or the loopback."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if not stays_here(address):
            self.close()
            raise NetworkRefusedError(
                f"Tests may not reach {address[0]}. Give them what they need in the test itself."
            )
        return connect(self, address)

    return guarded


def refuse_other_machines() -> None:
    """Put the refusal in place for the whole test run."""
    socket.socket.connect = _checked(_connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = _checked(_connect_ex)  # type: ignore[method-assign]
