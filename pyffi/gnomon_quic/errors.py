"""errors.py: everything this package raises of its own."""
from dataclasses import dataclass

from ._ffi import Err, LocalErrorCode

__all__ = [
    "AbiMismatch", "EndpointFreed", "GnomonError", "InputTooShort", "InvalidArgument",
    "InvalidConfiguration", "LibraryNotFound", "LocalError", "Malformed", "NoRoom",
    "NotAuthentic", "NotFound", "NotSupported", "PlotUnavailable", "ScenarioError",
    "StatusError", "TlsRefused", "WrongMoment", "status_error",
]


class GnomonError(Exception):
    """The base of all of them."""


class LibraryNotFound(GnomonError):
    """No shared library; the message names every place that was tried."""


class AbiMismatch(GnomonError):
    """The shared library was built from other headers than this package."""


class EndpointFreed(GnomonError):
    """The endpoint was freed; nothing can be asked of it any more."""


class ScenarioError(GnomonError):
    """A scenario or an option of a run is wrong; the message says file, line and field."""


class PlotUnavailable(GnomonError):
    """matplotlib is not installed."""


@dataclass(frozen=True, slots=True)
class LocalError:
    """Why an endpoint refused a call; decoded from gn_local_error.

    `connection` and `stream` are those that the call named, there or not; None: it named none.
    `field` names the argument at fault, as "gn_connect.server_name". `why` is for people and
    begins with the section of the RFC where there is one.
    """

    code: LocalErrorCode
    connection: int | None = None
    stream: int | None = None
    field: str | None = None
    why: str = ""


class StatusError(GnomonError):
    """A call that ended with a status other than OK, and, if the endpoint knows more, `local`."""

    status: Err = Err.OK
    meaning = "failed"

    def __init__(self, call: str, status: Err | None = None,
                 local: LocalError | None = None) -> None:
        if status is not None:
            self.status = status
        self.call = call
        self.local = local
        more = ""
        if local is not None:
            named = [f"{local.code.name}: {local.why}", local.field or "",
                     "" if local.connection is None else f"connection {local.connection}",
                     "" if local.stream is None else f"stream {local.stream}"]
            more = "; " + ", ".join(part for part in named if part)
        super().__init__(f"{call}: {self.meaning} ({self.status.name}){more}")

    @property
    def code(self) -> LocalErrorCode | None:
        """Which local error it is."""
        return None if self.local is None else self.local.code

    @property
    def connection(self) -> int | None:
        """The connection that the call named."""
        return None if self.local is None else self.local.connection

    @property
    def stream(self) -> int | None:
        """The stream that the call named."""
        return None if self.local is None else self.local.stream

    @property
    def field(self) -> str | None:
        """The argument or field at fault."""
        return None if self.local is None else self.local.field


class InputTooShort(StatusError):
    status = Err.SHORT
    meaning = "the bytes end too soon"


class NoRoom(StatusError):
    status = Err.FULL
    meaning = "there is no room for it now"


class InvalidArgument(StatusError):
    status = Err.RANGE
    meaning = "a value is outside what is allowed"


class WrongMoment(StatusError):
    status = Err.STATE
    meaning = "not possible at this moment"


class Malformed(StatusError):
    status = Err.FORM
    meaning = "malformed"


class NotAuthentic(StatusError):
    status = Err.AUTH
    meaning = "did not authenticate"


class NotFound(StatusError):
    status = Err.NONE
    meaning = "there is no such connection or stream"


class NotSupported(StatusError):
    status = Err.UNSUPPORTED
    meaning = "understood, but not done here"


class TlsRefused(StatusError):
    status = Err.TLS
    meaning = "the TLS library refused the certificate, key, authority or name"


class InvalidConfiguration(StatusError):
    status = Err.CONFIG
    meaning = "the configuration is incomplete or out of range"


_BY_STATUS: dict[int, type[StatusError]] = {
    int(cls.status): cls
    for cls in (InputTooShort, NoRoom, InvalidArgument, WrongMoment, Malformed, NotAuthentic,
                NotFound, NotSupported, TlsRefused, InvalidConfiguration)
}


def status_error(call: str, status: int, local: LocalError | None = None) -> StatusError:
    """The exception for a status that is not OK."""
    known = _BY_STATUS.get(status)
    if known is None:
        raise AssertionError(f"{call} ended with status {status}, which no header names")
    return known(call, local=local)
