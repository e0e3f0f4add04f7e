"""A machine with five ODBC drivers and ten data sources, in a folder of the test's own."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import pytest

ELF64 = b"\x7fELF\x02\x01\x01" + bytes(57)
ELF32 = b"\x7fELF\x01\x01\x01" + bytes(57)

SECRET = "hunter2-never-shown"


def pe(machine: int) -> bytes:
    """The head of a Windows library for a machine."""
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + bytes(40)


@dataclass(frozen=True)
class Machine:
    """The files, as the driver manager finds them by the environment."""

    folder: Path
    system: Path
    user: Path
    drivers: Path
    database: Path


def sqlite_driver() -> Path:
    """The SQLite driver of this machine; without it the test is skipped."""
    found = sorted(Path("/usr/lib").glob("*/odbc/libsqlite3odbc.so"))
    if not found:
        pytest.skip("libsqliteodbc is not installed")
    return found[0]


def build(folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Ten data sources: two broken, one of the user, one of the other bitness, one with a password."""
    folder.mkdir()
    machine = Machine(folder, folder / "odbc.ini", folder / "user.ini", folder / "odbcinst.ini", database)
    for name, head in (
        ("iclit09b.so", ELF64),
        ("libmsodbcsql-18.3.so.2.1", ELF64),
        ("libsqora.so.19.1", ELF32),
    ):
        (folder / name).write_bytes(head)
    machine.drivers.write_text(
        "# Drivers of this machine\n"
        "[ODBC]\nUNICODE=UCS-2\n\n"
        f"[SQLite3]\nDriver={sqlite_driver()}\n\n"
        f"[IBM INFORMIX ODBC DRIVER]\nDriver64={folder}/iclit09b.so\nDriver={folder}/iclis09b.so\n\n"
        f"[ODBC Driver 18 for SQL Server]\nDriver = {folder}/libmsodbcsql-18.3.so.2.1\n\n"
        f"[Oracle 19 ODBC driver]\nDriver={folder}/libsqora.so.19.1\n\n"
        f"[Ghost MariaDB]\nDriver={folder}/libghost.so\n",
        encoding="utf-8",
    )
    machine.system.write_bytes(
        "# Data sources of this machine. Ask Júlia before changing LOGIX.\n"
        "[LOGIX]\n"
        "Driver = IBM INFORMIX ODBC DRIVER\n"
        "Description = Logix produção\n"
        "; moved in March\n"
        "Server = ol_logix\n"
        "DATABASE = logix\n\n"
        f"[DEMO]\nDriver=sqlite3\nDatabase={database}\nNoCreat=1\n\n"
        "[ERP]\nDriver=ODBC Driver 18 for SQL Server\nServer=tcp:srv,1433\nDatabase=erp\n\n"
        "[ERP_TEST]\nDriver=ODBC Driver 18 for SQL Server\nServer=srv-test\n\n"
        "[ORA]\nDriver=Oracle 19 ODBC driver\nServerName=srv:1521/logix\n\n"
        "[GHOST]\nDriver=Ghost MariaDB\nServer=srv\n\n"
        "[LOST]\nDriver=Informix of last year\nServer=ol_old\n\n"
        f"[STORED]\nDriver=SQLite3\nDatabase={database}\nUID=aps\nPassWord={SECRET}\n\n"
        f"[BYPATH]\nDriver={sqlite_driver()}\nDatabase={database}\n".encode()
    )
    machine.user.write_text(f"[MINE]\nDriver=SQLite3\nDatabase={database}\n", encoding="utf-8")
    monkeypatch.setenv("ODBCSYSINI", str(folder))
    monkeypatch.setenv("ODBCINI", str(machine.user))
    monkeypatch.delenv("ODBCINSTINI", raising=False)
    monkeypatch.delenv("ODBCSEARCH", raising=False)
    return machine
