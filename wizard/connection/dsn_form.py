"""What a data source of each driver consists of, as data: keywords, labels, examples, and the vendor's package.

Nothing here is translated: labels and hints are marked with N_ and translated where they are shown.
A driver that no form knows gets the generic one. No form has a field for a password, since a data
source must never hold one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.i18n import N_

UNIX = sys.platform != "win32"


@dataclass(frozen=True)
class Keyword:
    """One keyword of a data source and the field that asks for it.

    `choices` are offered and not enforced: drivers know more values than a form. `longest` counts bytes.
    """

    name: str
    label: str
    example: str = ""
    default: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    digits: bool = False
    longest: int = 500


@dataclass(frozen=True)
class DriverForm:
    """The form of a driver.

    `drivers` recognises it by the name it is registered under or by its library. `server` and
    `database` are the keywords to look at when a data source is listed, the first that is set counts.
    `port` is the one that the driver takes where a data source names none.
    `package` names what the vendor delivers the driver in.
    """

    key: str
    title: str
    drivers: re.Pattern[str]
    package: str
    keywords: tuple[Keyword, ...]
    server: tuple[str, ...] = ()
    database: tuple[str, ...] = ("Database", "DB")
    port: str = ""

    def keyword(self, name: str) -> Keyword | None:
        """The keyword of this name, whatever its case."""
        return next((keyword for keyword in self.keywords if keyword.name.casefold() == name.casefold()), None)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_DESCRIPTION = Keyword("Description", N_("Description"), example="Logix 01")
_DATABASE = Keyword("Database", N_("Database"), example="logix", required=True)
_LOCALE_HINT = N_("Language, territory and character set, as the database was created: en_us.8859-1, pt_br.CP1252.")

INFORMIX = DriverForm(
    "informix",
    "Informix",
    _pattern(r"informix|iclis\d|iclit\d|infx|onedb"),
    N_("IBM Informix Client SDK (or Informix Connect), from IBM Passport Advantage or Fix Central"),
    (
        Keyword("Host", N_("Host"), example="srvlogix", required=not UNIX, hint=N_("Name or address of the server.")),
        Keyword(
            "Service",
            N_("Service"),
            example="1526",
            required=not UNIX,
            hint=N_("Port, or its name in the file services (such as sqlexec)."),
        ),
        Keyword(
            "Server",
            N_("Informix server"),
            example="ol_logix",
            required=True,
            hint=N_("Name of the instance (INFORMIXSERVER), not of the machine."),
        ),
        Keyword(
            "Protocol",
            N_("Protocol"),
            example="onsoctcp",
            default="" if UNIX else "onsoctcp",
            required=not UNIX,
            choices=("onsoctcp", "olsoctcp", "onsocssl", "olsocssl"),
            hint=N_("As in the server's sqlhosts; onsoctcp and olsoctcp are TCP/IP."),
        ),
        _DATABASE,
        Keyword("CLIENT_LOCALE", N_("Client locale"), "en_us.8859-1", default="en_us.8859-1", hint=_LOCALE_HINT),
        Keyword("DB_LOCALE", N_("Database locale"), "en_us.8859-1", default="en_us.8859-1", hint=_LOCALE_HINT),
        _DESCRIPTION,
    ),
    ("Host", "Server", "ServerName"),
)
"""R-PRE-06. Elsewhere than on Windows the driver takes host, service and protocol from $INFORMIXSQLHOSTS."""

SQL_SERVER = DriverForm(
    "sqlserver",
    "SQL Server",
    _pattern(r"sql server|sqlsrv|msodbcsql|sqlncli"),
    N_("Microsoft ODBC Driver 18 for SQL Server (msodbcsql18), from Microsoft's download pages"),
    (
        Keyword(
            "Server",
            N_("Server"),
            example="srvlogix,1433",
            required=True,
            hint=N_("Name, with a port as name,1433 or an instance as name\\instance."),
        ),
        Keyword("Database", N_("Database"), example="logix"),
        Keyword("Encrypt", N_("Encrypted connection"), "yes", default="yes", choices=("yes", "no", "strict")),
        Keyword(
            "TrustServerCertificate",
            N_("Trust the server's certificate unseen"),
            "no",
            default="no",
            choices=("no", "yes"),
        ),
        Keyword(
            "Trusted_Connection",
            N_("Log in with the Windows account"),
            "no",
            choices=("no", "yes"),
        ),
        _DESCRIPTION,
    ),
    ("Server", "Address", "Addr"),
    port="1433",
)

FREETDS = DriverForm(
    "freetds",
    "SQL Server (FreeTDS)",
    _pattern(r"freetds|tdsodbc"),
    N_("FreeTDS (Debian: tdsodbc)"),
    (
        Keyword("Server", N_("Server"), example="srvlogix", required=True),
        Keyword("Port", N_("Port"), "1433", default="1433", digits=True),
        Keyword("Database", N_("Database"), example="logix"),
        Keyword("TDS_Version", N_("Version of the protocol"), "7.4", default="7.4", choices=("7.4", "7.3", "7.2")),
        Keyword("ClientCharset", N_("Character set of the client"), "UTF-8", default="UTF-8"),
        _DESCRIPTION,
    ),
    ("Server", "ServerName"),
    port="1433",
)

ORACLE = DriverForm(
    "oracle",
    "Oracle",
    _pattern(r"oracle|sqora|msorcl"),
    N_("Oracle Instant Client with its package ODBC, from Oracle's download pages"),
    (
        Keyword(
            "ServerName",
            N_("TNS alias or address"),
            example="srvlogix:1521/logix",
            required=True,
            hint=N_("An alias of tnsnames.ora, or host:port/service."),
        ),
        Keyword("UserID", N_("User"), example="logix"),
        _DESCRIPTION,
    ),
    ("ServerName", "DBQ", "Server"),
    (),
)

MARIADB = DriverForm(
    "mariadb",
    "MariaDB / MySQL",
    _pattern(r"maria|mysql|maodbc|myodbc"),
    N_("MariaDB Connector/ODBC (Debian: odbc-mariadb)"),
    (
        Keyword("Server", N_("Server"), example="srvlogix", required=True),
        Keyword("Port", N_("Port"), "3306", default="3306", digits=True),
        _DATABASE,
        Keyword("CHARSET", N_("Character set of the client"), "utf8mb4", default="utf8mb4"),
        Keyword(
            "CONN_TIMEOUT",
            N_("Time limit of the login (s)"),
            "15",
            default="15",
            digits=True,
            hint=N_("This driver ignores the limit that programs ask for."),
        ),
        _DESCRIPTION,
    ),
    ("Server", "ServerName"),
    port="3306",
)

POSTGRESQL = DriverForm(
    "postgresql",
    "PostgreSQL",
    _pattern(r"postgres|psqlodbc"),
    N_("psqlODBC, from postgresql.org (Debian: odbc-postgresql)"),
    (
        Keyword("Servername", N_("Server"), example="srvlogix", required=True),
        Keyword("Port", N_("Port"), "5432", default="5432", digits=True),
        _DATABASE,
        Keyword(
            "SSLmode",
            N_("Encrypted connection"),
            "prefer",
            default="prefer",
            choices=("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
        ),
        _DESCRIPTION,
    ),
    ("Servername", "Server"),
    port="5432",
)

SQLITE = DriverForm(
    "sqlite",
    "SQLite",
    _pattern(r"sqlite"),
    N_("SQLite ODBC driver (Debian: libsqliteodbc)"),
    (
        Keyword("Database", N_("File"), example="/srv/logix/logix.sqlite", required=True),
        Keyword("Timeout", N_("Wait for a lock (ms)"), "30000", default="30000", digits=True),
        Keyword(
            "NoCreat",
            N_("Never make a new file"),
            "1",
            default="1",
            choices=("1", "0"),
            hint=N_("Without it a mistyped path gives an empty database."),
        ),
        _DESCRIPTION,
    ),
)

GENERIC = DriverForm(
    "generic",
    "ODBC",
    _pattern(r"(?!)"),
    N_("the ODBC package of the database's vendor"),
    (
        Keyword("Server", N_("Server"), example="srvlogix"),
        Keyword("Port", N_("Port"), digits=True),
        Keyword("Database", N_("Database"), example="logix"),
        _DESCRIPTION,
    ),
    ("Server", "ServerName", "Host", "HostName", "DBQ"),
)

FORMS = (INFORMIX, FREETDS, SQL_SERVER, ORACLE, MARIADB, POSTGRESQL, SQLITE)
"""FreeTDS before SQL Server: its registered name is often "FreeTDS for SQL Server"."""

_KINDS = {
    "informix": ("informix",),
    "oracle": ("oracle",),
    "sqlserver": ("sqlserver", "freetds"),
    "sqlite": ("sqlite",),
}


def form_for(driver: str, library: str = "") -> DriverForm:
    """The form of a driver: by the name it is registered under, else by the file name of its library."""
    file = re.split(r"[/\\]", library)[-1]
    for text in (driver, file):
        for form in FORMS:
            if text and form.drivers.search(text):
                return form
    return GENERIC


def fits(kind: str, driver: str, library: str = "") -> bool:
    """Whether a driver is one for a kind of database (`profile.database.KINDS`); "odbc" takes any."""
    wanted = _KINDS.get(kind)
    return wanted is None or form_for(driver, library).key in wanted


_SECRET = _pattern(r"pwd|passw|passphrase|senha|kennwort|secret|token|apikey|^pass$|accesskey")
_SECRET_INSIDE = _pattern(r"\b(?:pwd|passw(?:or)?d|senha)\s*=")
_USERS = frozenset({"uid", "user", "userid", "username", "logonid", "login"})


def is_secret(keyword: str, value: str = "") -> bool:
    """Whether a keyword of a data source holds a password, or a value hides one (user/password of Oracle)."""
    bare = re.sub(r"[\s_.-]", "", keyword)
    if _SECRET.search(bare) or _SECRET_INSIDE.search(value):
        return True
    return bare.casefold() in _USERS and "/" in value


def filled(form: DriverForm, given: Mapping[str, str]) -> dict[str, str]:
    """What was given, spelled as the form spells it, and the form's defaults; an empty value takes a default out."""
    values = {keyword.name: keyword.default for keyword in form.keywords}
    for name, value in given.items():
        known = form.keyword(name)
        values[known.name if known else name] = value
    return {name: value for name, value in values.items() if value}
