"""Reading URLLocation out of TotvsAppServer.ini, as people write that file."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.demo import server_files
from wizard.webservice.server_files import Location, read_locations

URL = "http://logix:8080/ws"


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    return tmp_path / "TotvsAppServer.ini"


@pytest.mark.seed("R-PRE-08", "R-CFG-03")
def test_the_file_of_the_demo_names_its_address(tmp_path: Path) -> None:
    file, _profile = server_files.write(tmp_path, URL)
    before = file.read_bytes()
    assert read_locations(file) == (Location(URL, "WebServices", server_files.ENVIRONMENT),)
    assert file.read_bytes() == before


@pytest.mark.seed("R-PRE-08")
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_encoding_does_not_count(ini: Path, encoding: str, newline: str) -> None:
    text = newline.join(["[WebServices]", "; Confecções São João", "Environment=produção", f"URLLocation={URL}", ""])
    ini.write_bytes(text.encode(encoding))
    assert read_locations(ini) == (Location(URL, "WebServices", "produção"),)


def test_bytes_that_no_encoding_knows_do_not_stop_the_reading(ini: Path) -> None:
    ini.write_bytes(b"; \x81\x8d\x8f\x90\x9d\xff\n[WebServices]\nURLLocation=" + URL.encode())
    assert [location.url for location in read_locations(ini)] == [URL]


@pytest.mark.seed("R-PRE-08")
@pytest.mark.parametrize(
    "line",
    [
        f"URLLocation={URL}",
        f"urllocation={URL}",
        f"URLLOCATION={URL}",
        f"  UrlLocation  =   {URL}   ",
        f"\tURLLocation\t=\t{URL}\t",
        f'URLLocation="{URL}"',
        f"URLLocation={URL} ; the address of the APS",
        f"URLLocation={URL}\t;comment",
    ],
)
def test_case_blanks_quotes_and_comments_do_not_count(ini: Path, line: str) -> None:
    ini.write_text(f"[WEBSERVICES]\n{line}\n", encoding="cp1252")
    assert read_locations(ini) == (Location(URL, "WEBSERVICES", ""),)


def test_a_semicolon_inside_an_address_is_part_of_it(ini: Path) -> None:
    ini.write_text(f"[WebServices]\nURLLocation={URL};x=1\n", encoding="cp1252")
    assert read_locations(ini)[0].url == f"{URL};x=1"


@pytest.mark.parametrize(
    "line", [f";URLLocation={URL}", f"  ; URLLocation={URL}", "URLLocation=", "URLLocation", f"MyURLLocation={URL}"]
)
def test_what_is_no_address_is_not_found(ini: Path, line: str) -> None:
    ini.write_text(f"[WebServices]\n{line}\n", encoding="cp1252")
    assert read_locations(ini) == ()


@pytest.mark.seed("R-CFG-03")
def test_several_sections_give_several_addresses_in_the_order_of_the_file(ini: Path) -> None:
    ini.write_text(
        """
URLLocation=http://before-any-section/ws
[ WebServices ]
URLLocation=http://production/ws
Environment=logix12
[JOB_WS]
Environment=other
[WebServices_Test]
environment=logix12_test
URLLocation=http://test/ws
URLLocation=http://test-2/ws
""",
        encoding="cp1252",
    )
    assert read_locations(ini) == (
        Location("http://before-any-section/ws", "", ""),
        Location("http://production/ws", "WebServices", "logix12"),
        Location("http://test/ws", "WebServices_Test", "logix12_test"),
        Location("http://test-2/ws", "WebServices_Test", "logix12_test"),
    )


def test_a_section_that_stands_twice_is_one_whatever_its_case(ini: Path) -> None:
    ini.write_text(f"[WebServices]\nEnvironment=logix12\n[WEBSERVICES]\nURLLocation={URL}\n", encoding="cp1252")
    assert read_locations(ini) == (Location(URL, "WEBSERVICES", "logix12"),)


def test_an_empty_file_names_nothing(ini: Path) -> None:
    ini.write_bytes(b"")
    assert read_locations(ini) == ()


def test_a_file_that_is_not_there_is_an_error_of_the_system(ini: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_locations(ini)
