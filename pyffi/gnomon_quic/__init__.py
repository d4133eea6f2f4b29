"""gnomon_quic: QUIC endpoints without clock or sockets, and networks in virtual time."""
from . import sim
from ._ffi import (
    CloseCause,
    DatagramLoss,
    EcnPolicy,
    EventPacket,
    Group,
    LocalErrorCode,
    Mark,
    MoveReason,
    PathChange,
    RetryHello,
    Role,
    StateChange,
    VerifyClient,
    ZeroRtt,
)
from .effects import (
    Closed,
    Datagram,
    DatagramAcked,
    DatagramLost,
    Effect,
    NewToken,
    Packet,
    PathChanged,
    PreferredAddress,
    ResumptionState,
    SendDatagram,
    StateChanged,
    StreamData,
    StreamReset,
    StreamStopped,
    StreamsAllowed,
    StreamWritable,
    ZeroRttStatus,
)
from .endpoint import ConnectionInfo, Endpoint, EndpointConfig, Limits
from .errors import (
    AbiMismatch,
    EndpointFreed,
    GnomonError,
    InputTooShort,
    InvalidArgument,
    InvalidConfiguration,
    LibraryNotFound,
    LocalError,
    Malformed,
    NoRoom,
    NotAuthentic,
    NotFound,
    NotSupported,
    PlotUnavailable,
    ScenarioError,
    StatusError,
    TlsRefused,
    WrongMoment,
)
from .tls import Certificate, Suite

__version__ = "0.1.0"

__all__ = [
    "AbiMismatch", "Certificate", "CloseCause", "Closed", "ConnectionInfo", "Datagram",
    "DatagramAcked", "DatagramLoss", "DatagramLost", "EcnPolicy", "Effect", "Endpoint",
    "EndpointConfig", "EndpointFreed", "EventPacket", "GnomonError", "Group", "InputTooShort",
    "InvalidArgument", "InvalidConfiguration", "LibraryNotFound", "Limits", "LocalError",
    "LocalErrorCode", "Malformed", "Mark", "MoveReason", "NewToken", "NoRoom", "NotAuthentic",
    "NotFound", "NotSupported", "Packet", "PathChange", "PathChanged", "PlotUnavailable",
    "PreferredAddress", "ResumptionState", "RetryHello", "Role", "ScenarioError",
    "SendDatagram", "StateChange", "StateChanged", "StatusError", "StreamData", "StreamReset",
    "StreamStopped", "StreamWritable", "StreamsAllowed", "Suite", "TlsRefused", "VerifyClient",
    "WrongMoment", "ZeroRtt", "ZeroRttStatus", "__version__", "sim",
]
