"""What is an address, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.gppde.flows.connection import parse_url


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://localhost:8765", "http://localhost:8765"),
        ("http://localhost:8765/", "http://localhost:8765"),
        ("HTTPS://Quips.example/door/", "https://quips.example/door"),
        ("http://[::1]:8765/", "http://[::1]:8765"),
    ],
)
def test_an_address_is_kept_without_what_does_not_matter(text: str, address: str) -> None:
    assert parse_url(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "localhost:8765",
        "ftp://localhost",
        "http://",
        "http:///health/",
        "http://localhost:99999",
        "http://door:secret@localhost",
        "http://door@localhost",
        "http://localhost/?token=secret",
        "http://localhost/#health",
    ],
)
def test_what_is_no_address_or_holds_more_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_url(text)


@given(st.text() | st.from_regex(r"https?://[^/]{1,20}(:\d{1,6})?(/.{0,20})?", fullmatch=True))
def test_any_text_is_an_address_or_refused_and_an_address_stays_as_it_is(text: str) -> None:
    try:
        address = parse_url(text)
    except ValueError:
        return
    assert parse_url(address) == address
