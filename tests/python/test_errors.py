"""test_errors.py: one exception a status, all under one roof."""
import pytest
from gnomon_quic import GnomonError, StatusError, errors
from gnomon_quic._ffi import Err


@pytest.mark.parametrize("status", [status for status in Err if status is not Err.OK])
def test_every_status_has_its_own_class(status: Err) -> None:
    error = errors.status_error("the call", status)
    assert type(error) is not StatusError and isinstance(error, StatusError)
    assert error.status is status and error.call == "the call"
    assert str(error).startswith("the call: ") and str(error).endswith(f"({status.name})")


def test_no_two_statuses_share_a_class() -> None:
    classes = {type(errors.status_error("", status)) for status in Err if status is not Err.OK}
    assert len(classes) == len(Err) - 1


def test_a_status_that_no_header_names_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError, match="999"):
        errors.status_error("call", 999)


def test_everything_is_a_gnomon_error() -> None:
    for name in errors.__all__:
        if isinstance(thing := getattr(errors, name), type) and name != "LocalError":
            assert issubclass(thing, GnomonError)
