"""Whatever a consultant pastes, one form is used; what is no address is left for the model to refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.flow import state
from wizard.profile.errors import ProfileError
from wizard.profile.load import profile_from_data
from wizard.webservice.address import is_loopback, normal_form, place_of, shown_place

USED = "http://srv:8080/ws"

DATA = {
    "name": "Serra Azul",
    "environment": "test",
    "company": {"logix": "01", "site": "01"},
    "database": {"kind": "sqlite", "file": "logix.sqlite"},
}


def accepted(url: str) -> bool:
    try:
        profile_from_data(DATA | {"webservice": {"url": url}})
    except ProfileError:
        return False
    return True


@pytest.mark.seed("R-PRE-08")
@pytest.mark.parametrize(
    ("pasted", "used"),
    [
        (USED, USED),
        ("srv:8080/ws", USED),
        ("  http://srv:8080/ws  ", USED),
        ("\u00a0http://srv:8080/ws\u200b\r\n", USED),
        ("http://srv:8080/ws/", USED),
        ("http://srv:8080//ws//", USED),
        ("HTTP://SRV:8080/ws", USED),
        ("http://srv:8080/ws/wsindex.apw", USED),
        ("srv:8080/ws/PRODUCTIONORDER.apw?WSDL", USED),
        ("http://srv:8080/ws/ProductionOrder.APW?wsdl#top", USED),
        ("http://srv:8080/ws?WSDL", USED),
        ("http:\\\\srv:8080\\ws", USED),
        ("http:/srv:8080/ws", USED),
        ("http//srv:8080/ws", USED),
        ("http://http://srv:8080/ws", USED),
        ("URLLocation=http://srv:8080/ws", USED),
        ("URLLocation = http://srv:8080/ws ; produção", USED),
        ("url location=srv:8080/ws", USED),
        ('"http://srv:8080/ws"', USED),
        ("<http://srv:8080/ws>", USED),
        ("(http://srv:8080/ws).", USED),
        ("http://srv:8080/ws,", USED),
        ("srv", "http://srv"),
        ("srv:8080", "http://srv:8080"),
        ("srv.local.:8080", "http://srv.local.:8080"),
        ("srv_1:8080/ws", "http://srv_1:8080/ws"),
        ("http://srv:80/ws", "http://srv/ws"),
        ("https://srv:443/ws", "https://srv/ws"),
        ("srv:443/ws", "https://srv/ws"),
        ("https://srv:8443/WS", "https://srv:8443/WS"),
        ("10.0.0.9:8011/ws", "http://10.0.0.9:8011/ws"),
        ("[::1]:8080/ws", "http://[::1]:8080/ws"),
        ("http://[2001:DB8::1]/ws", "http://[2001:db8::1]/ws"),
        ("2001:db8::1", "http://[2001:db8::1]"),
        ("fe80::1/ws", "http://[fe80::1]/ws"),
        ("servidor-logix.confecções.com.br:8080/ws", "http://servidor-logix.confecções.com.br:8080/ws"),
    ],
)
def test_what_consultants_paste_becomes_one_form(pasted: str, used: str) -> None:
    assert normal_form(pasted) == used
    assert accepted(used)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "see the mail", "http://", "http:///ws", "ftp://srv/ws", "file:///c:/x", "srv:99999/ws", "srv:porta/ws",
     "http://user:canary@srv/ws", "user:canary@srv/ws", "?WSDL", "...", "http://<servidor>:8080/ws", "a b:80"],
)  # fmt: skip
def test_what_is_no_address_stays_as_it_is_and_is_refused(text: str) -> None:
    assert normal_form(text) == text
    assert not accepted(text)


@given(st.text(max_size=40))
def test_the_form_of_a_form_is_itself(text: str) -> None:
    once = normal_form(text)
    assert normal_form(once) == once


@given(
    st.from_regex(r"[a-z][a-z0-9-]{0,10}[a-z0-9](\.[a-z]{2,5})?", fullmatch=True),
    st.integers(1, 65535),
    st.sampled_from(["", "/", "/ws", "/ws/", "/ws/wsindex.apw", "/a/b?WSDL"]),
    st.sampled_from(["", "http://", "https://", "HTTP://"]),
    st.sampled_from(["", " ", "\t", '"']),
)
def test_every_host_port_and_path_gives_an_address_that_a_profile_takes(
    host: str, port: int, path: str, scheme: str, around: str
) -> None:
    used = normal_form(f"{around}{scheme}{host}:{port}{path}{around}")
    assert accepted(used)
    assert place_of(used) == (host, port)


def test_the_flow_keeps_the_form_that_is_used() -> None:
    from pathlib import Path

    now = state.edit(state.new_profile(Path("profiles")), "webservice.url", "srv:8080/ws/wsindex.apw ")
    assert state.value_of(now.data, "webservice.url") == USED
    assert state.edit(now, "webservice.url", "SRV:8080/ws/") is now, "the same address changes nothing"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1", "x.localhost"])
def test_names_by_which_a_machine_calls_itself(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "srv", "localhost.com", "10.0.0.1", "128.0.0.1", "fe80::1"])
def test_names_of_other_machines(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "place"), [("https://srv/ws", "srv:443"), ("http://[::1]:8/x", "[::1]:8"), ("nothing", "nothing")]
)
def test_a_place_is_shown_as_host_and_port(url: str, place: str) -> None:
    assert shown_place(url) == place
