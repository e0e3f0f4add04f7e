"""The registry side of the listing, over a registry in memory. `tests/connection/registry.py` says what it keeps to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connection.odbc_machine import SECRET, pe
from tests.connection.registry import Registry
from wizard.connection import data_sources_windows
from wizard.connection.data_sources import DataSource, Listing, explain, propose

INI, INST = r"SOFTWARE\ODBC\ODBC.INI", r"SOFTWARE\ODBC\ODBCINST.INI"


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Libraries of both bitnesses where a test of any system finds them."""
    for name, machine in (("iclit09b.dll", 0x8664), ("iclit09b32.dll", 0x014C), ("msodbcsql18.dll", 0x8664)):
        (tmp_path / name).write_bytes(pe(machine))
    # A path of Windows is absolute with a drive; the test's own has none.
    monkeypatch.setattr(data_sources_windows.ntpath, "isabs", lambda path: path.startswith(("/", "C:")))
    return tmp_path


@pytest.fixture
def registry(libraries: Path) -> Registry:
    informix, sqlserver = str(libraries / "iclit09b.dll"), str(libraries / "msodbcsql18.dll")
    old = str(libraries / "iclit09b32.dll")
    return Registry(
        system64={
            rf"{INST}\ODBC Drivers": {"IBM INFORMIX ODBC DRIVER (64-bit)": "Installed", "Gone": "Installed",
                                      "ODBC Driver 18 for SQL Server": "Installed"},
            rf"{INST}\IBM INFORMIX ODBC DRIVER (64-bit)": {"Driver": informix, "Setup": informix, "UsageCount": 1},
            rf"{INST}\ODBC Driver 18 for SQL Server": {"Driver": sqlserver},
            rf"{INST}\Gone": {"Driver": str(libraries / "gone.dll")},
            rf"{INI}\ODBC Data Sources": {"LOGIX": "IBM INFORMIX ODBC DRIVER (64-bit)", "ERP": "ODBC Driver 18 for SQL "
                                          "Server", "BROKEN": "Gone", "LOST": "Never there", "STORED": "Gone"},
            rf"{INI}\LOGIX": {"Driver": informix, "HOST": "srvlogix", "SERVER": "ol_logix", "DATABASE": "logix",
                              "Description": "Produção", "PROTOCOL": "onsoctcp", "SERVICE": 1526},
            rf"{INI}\ERP": {"Driver": sqlserver, "Server": "srv,1433", "Database": "erp", "LastUser": "sa"},
            rf"{INI}\BROKEN": {"Driver": str(libraries / "gone.dll")},
            rf"{INI}\LOST": {"Driver": str(libraries / "lost.dll")},
            rf"{INI}\STORED": {"Driver": str(libraries / "gone.dll"), "PWD": SECRET, "UID": "aps"},
        },
        system32={
            rf"{INST}\ODBC Drivers": {"IBM INFORMIX ODBC DRIVER": "Installed"},
            rf"{INST}\IBM INFORMIX ODBC DRIVER": {"Driver": old},
            rf"{INI}\ODBC Data Sources": {"LOGIX32": "IBM INFORMIX ODBC DRIVER"},
            rf"{INI}\LOGIX32": {"Driver": old, "HOST": "srvlogix"},
        },
        user={
            rf"{INI}\ODBC Data Sources": {"MINE": "ODBC Driver 18 for SQL Server", "ERP": "ODBC Driver 18 for SQL "
                                          "Server", "OLD": "IBM INFORMIX ODBC DRIVER"},
            rf"{INI}\MINE": {"Driver": sqlserver},
            rf"{INI}\ERP": {"Driver": sqlserver},
            rf"{INI}\OLD": {"Driver": old},
        },
    )  # fmt: skip


def found(listing: Listing) -> dict[tuple[str, str], DataSource]:
    return {(source.name, source.scope): source for source in listing.sources}


@pytest.mark.parametrize(
    ("name", "scope", "expected"),
    [
        ("LOGIX", "system", (64, True, ())),
        ("ERP", "system", (64, True, ("odbc.shadowed",))),
        ("BROKEN", "system", (64, True, ("odbc.library_missing",))),
        ("LOST", "system", (64, True, ("odbc.driver_not_registered",))),
        ("STORED", "system", (64, True, ("odbc.library_missing", "odbc.password_stored"))),
        ("LOGIX32", "system", (32, False, ("odbc.other_bitness",))),
        ("MINE", "user", (64, False, ("odbc.user_dsn",))),
        ("ERP", "user", (64, False, ("odbc.user_dsn",))),
        ("OLD", "user", (32, False, ("odbc.other_bitness", "odbc.user_dsn"))),
    ],
)
def test_both_views_and_the_users_are_listed(
    registry: Registry, name: str, scope: str, expected: tuple[int, bool, tuple[str, ...]]
) -> None:
    listing = data_sources_windows.listing(registry)
    assert len(listing.sources) == 9
    source = found(listing)[name, scope]
    assert (source.bits, source.seen_by_engines, source.problems) == expected
    assert len(explain(source)) == len(source.problems)
    assert SECRET not in repr(listing)


def test_what_a_data_source_leads_to_is_told(registry: Registry) -> None:
    logix = found(data_sources_windows.listing(registry))["LOGIX", "system"]
    assert (logix.server, logix.database, logix.description) == ("srvlogix", "logix", "Produção")
    assert logix.get("service") == "1526"
    assert logix.place == rf"HKLM\{INI}\LOGIX"


def test_drivers_of_both_views_are_listed(registry: Registry) -> None:
    drivers = data_sources_windows.listing(registry).drivers
    assert [(driver.name, driver.bits, driver.problem) for driver in drivers] == [
        ("Gone", 64, "odbc.library_missing"),
        ("IBM INFORMIX ODBC DRIVER", 32, "odbc.other_bitness"),
        ("IBM INFORMIX ODBC DRIVER (64-bit)", 64, ""),
        ("ODBC Driver 18 for SQL Server", 64, ""),
    ]


@pytest.mark.seed("R-PRE-06")
def test_the_right_one_is_proposed(registry: Registry) -> None:
    sources = data_sources_windows.listing(registry).sources
    proposal = propose(sources, "informix")
    assert (proposal.code, proposal.source and proposal.source.name) == ("only_one", "LOGIX")
    proposal = propose(sources, "informix", "LOGIX32")
    assert proposal.code == "broken"
    assert "32 bit" in proposal.reason


def test_keywords_of_passwords_are_named_for_taking_them_out(registry: Registry) -> None:
    assert data_sources_windows.secret_keywords("STORED", "system", registry) == ["PWD"]


def test_a_key_that_may_not_be_read_is_told(libraries: Path) -> None:
    registry = Registry({}, {}, {}, denied=frozenset({rf"{INI}\ODBC Data Sources"}))
    listing = data_sources_windows.listing(registry)
    assert (listing.sources, listing.drivers) == ((), ())
    assert {problem.code for problem in listing.problems} == {"odbc.file_denied"}
    assert "HKCU" in "".join(problem.message for problem in listing.problems)


def test_a_machine_without_odbc_has_nothing() -> None:
    assert data_sources_windows.listing(Registry({}, {}, {})) == Listing((), ())


@pytest.mark.parametrize(
    ("registered", "bits", "program", "path"),
    [
        (r"C:\Windows\system32\sqlsrv32.dll", 64, 64, r"C:\Windows\system32\sqlsrv32.dll"),
        (r"C:\Windows\system32\sqlsrv32.dll", 32, 64, r"C:\Windows\SysWOW64\sqlsrv32.dll"),
        (r"C:\Windows\system32\sqlsrv32.dll", 64, 32, r"C:\Windows\Sysnative\sqlsrv32.dll"),
        ("sqlsrv32.dll", 32, 64, r"C:\Windows\SysWOW64\sqlsrv32.dll"),
        (r"C:\Informix\bin\iclit09b.dll", 32, 64, r"C:\Informix\bin\iclit09b.dll"),
        ('"C:\\a b\\c.dll"', 64, 64, r"C:\a b\c.dll"),
        ("", 64, 64, None),
    ],
)
def test_a_library_is_looked_for_where_its_bitness_has_it(
    monkeypatch: pytest.MonkeyPatch, registered: str, bits: object, program: int, path: str | None
) -> None:
    monkeypatch.setattr(data_sources_windows, "PROGRAM_BITS", program)
    monkeypatch.setenv("SYSTEMROOT", r"C:\Windows")
    found = data_sources_windows.library_path(registered, bits)  # type: ignore[arg-type]
    assert (str(found) if found else None) == path
