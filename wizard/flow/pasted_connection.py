"""A connection as other programs write it - ODBC, JDBC, ADO.NET, SQLAlchemy, Oracle, dbt - read into fields.

What is read is never repeated in a message: any part of it may be a password in the wrong place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any
from urllib.parse import unquote, unquote_plus

from wizard.connection.dsn_form import INFORMIX, form_for, is_secret
from wizard.flow import dbt_profile
from wizard.flow.state import State, edit, type_secret
from wizard.flow.steps import form
from wizard.profile.database import KINDS
from wizard.profile.errors import Problem

LONGEST = 4000
"""Characters of a text that is looked at; a TNS description with several addresses has some hundreds."""

PASSWORD = "database.password"  # noqa: S105 - the path of the field


@dataclass(frozen=True)
class Pasted:
    """What a text says: a kind of database and its fields by name.

    `server` is for a new data source where the kind has no such fields: driver, host, port, database. `left_out`
    counts settings that no field takes.
    """

    kind: str
    values: Mapping[str, Any]
    password: str | None = field(default=None, repr=False)
    server: Mapping[str, str] = field(default_factory=dict)
    left_out: int = 0


class PastedError(Exception):
    """The text is no connection that this program can use; the problem has a cause and an action."""

    def __init__(self, code: str) -> None:
        message, action = _REFUSALS[code]()
        self.problem = Problem(code, message, action=action)
        super().__init__(code)


_REFUSALS: Mapping[str, Callable[[], tuple[str, str]]] = {
    "paste.empty": lambda: (_("There is nothing to read."), _("Paste a connection string or a connection URL.")),
    "paste.too_long": lambda: (_("The text is too long for a connection."), _("Paste the connection alone.")),
    "paste.unknown": lambda: (
        _("The text is not a connection that this program knows."),
        _("It knows ODBC strings, JDBC URLs, SQLAlchemy URLs, Oracle addresses and outputs of a dbt profile."),
    ),
    "paste.unclosed": lambda: (
        _("A brace or quote is opened and not closed, or a setting has no = sign."),
        _("Copy the whole connection again."),
    ),
    "paste.no_driver": lambda: (
        _("The text does not say for which kind of database it is."),
        _("Choose the kind of database on the page first, then paste again."),
    ),
    "paste.login_not_encoded": lambda: (
        _("User or password hold characters that have another meaning in a URL."),
        _("Write @ as %40, / as %2F, : as %3A and ? as %3F, or type user and password on the page."),
    ),
    "paste.other_database": lambda: (
        _("The text is for a database that Logix does not run on."),
        _("Through ODBC any database can be reached: create a DSN, then choose “Other, through ODBC”."),
    ),
    "paste.description": lambda: (
        _("The TNS description is too long for a profile, or has no address."),
        _("Put it into tnsnames.ora and give its alias."),
    ),
}


def read(text: str, usual: str = "", drivers: Mapping[str, str] | None = None) -> Pasted:
    """What a pasted text says. Raises PastedError.

    `usual` is the kind that the page shows, for a text that names none; `drivers` has the driver of each known
    data source by its name in small letters.
    """
    text = text.strip()
    if not text:
        raise PastedError("paste.empty")
    if len(text) > LONGEST:
        raise PastedError("paste.too_long")
    dbt = dbt_profile.output_of(text)
    if dbt is not None:
        return _as_fields(*_from_dbt(*dbt))
    text = _unwrapped(re.sub(r"\s*[\r\n]+\s*", "", text))
    for shape, reader in _SHAPES:
        match = shape.fullmatch(text)
        if match:
            kind, settings = reader(match)
            break
    else:
        kind, settings = _from_pairs(text, usual, drivers or {})
    return _as_fields(kind, settings)


_MAY_HOLD_LOGIN = re.compile(
    r"(?i)(?:pwd|passw|senha|secret|token)\w*\s*[=:]\s*\S|\bpass\s*:\s*\S"
    r"|^(?!\s*jdbc:).*://[^@/]*:|/[^@]*@"
)


def holds_login(text: str) -> bool:
    """Whether a password may be in a text, complete or not, so that nobody should see it over a shoulder."""
    return bool(_MAY_HOLD_LOGIN.search(text))


def paste(state: State, pasted: Pasted) -> State:
    """The state with kind and fields filled in. What led to another server before is taken out; user, level and
    limits stay where the text says nothing of them. A password is kept as a typed one.
    """
    state = edit(state, "database.kind", pasted.kind)
    for name in KINDS[pasted.kind].model_fields:
        if name in _ADDRESS or name in pasted.values:
            state = edit(state, f"database.{name}", pasted.values.get(name))
    if pasted.password:
        state = type_secret(state, PASSWORD, pasted.password)
    return state


def summary(pasted: Pasted) -> tuple[tuple[str, str], ...]:
    """What would be filled in, as questions and answers of the page; of a password only that there is one."""
    document = {"database": {"kind": pasted.kind}}
    told = [(_("Kind of database"), _(KINDS[pasted.kind].TITLE))]
    asked = {field.path.partition(".")[2]: field for field in form("database", document)}
    for name, value in pasted.values.items():
        question = asked.get(name)
        shown = _(dict(question.choices).get(value, "")) if question and question.choices else ""
        if isinstance(value, bool):
            shown = _("yes") if value else _("no")
        keyword = INFORMIX.keyword(name)
        label = question.label if question else keyword.label if keyword else ""
        told.append((_(label) if label else _("ODBC driver"), shown or str(value)))
    if pasted.password:
        told.append((_("Password"), _("as given, not shown")))
    if pasted.left_out:
        told.append((_("Settings that no field takes"), str(pasted.left_out)))
    return tuple(told)


_ADDRESS = frozenset(
    {
        *("dsn", "driver", "host", "port", "service", "server", "protocol", "instance", "tns", "database", "file"),
        *("client_locale", "db_locale", "authentication", "encrypt", "trust_server_certificate"),
    }
)
"""Fields that say which server; they stand or fall together."""


# --- settings by one name ----------------------------------------------------------------------

_NAMES = {
    "host": "host hostname",
    "server": "server servername address addr networkaddress datasource dbq srvr informixserver",
    "port": "port portnumber",
    "service": "service serv servicename",
    "database": "database databasename initialcatalog db dbname",
    "user": "uid user userid username logonid login",
    "password": "pwd password pass",
    "protocol": "protocol pro",
    "client_locale": "clientlocale cloc",
    "db_locale": "dblocale dloc",
    "instance": "instance instancename",
    "encrypt": "encrypt",
    "trust": "trustservercertificate",
    "windows": "trustedconnection integratedsecurity",
    "dsn": "dsn",
    "driver": "driver",
    "provider": "provider",
    "sid": "sid",
}
_ONE_NAME = {same: name for name, names in _NAMES.items() for same in names.split()}
"""Keywords without blanks, underscores and capitals, as each way of writing a connection spells them."""

_LOGIN = ("user", "password")

Settings = dict[str, str]
"""Settings by the names of `_NAMES`; "left out" counts the others in as many dots."""

_LEFT_OUT = "left out"


def _settings(pairs: list[tuple[str, str]]) -> Settings:
    found: Settings = {_LEFT_OUT: ""}
    names = [_ONE_NAME.get(re.sub(r"[\s_]", "", keyword).casefold(), "") for keyword, _value in pairs]
    for name, (keyword, value) in zip(names, pairs, strict=True):
        if name == "user" and "/" in value and "password" not in names:
            # Oracle's way to give both at once.
            found["user"], _slash, found["password"] = value.partition("/")
        elif (
            not name or name in found or (name not in _LOGIN and (is_secret(keyword, value) or not value.isprintable()))
        ):
            found[_LEFT_OUT] += "."
        elif value:
            found[name] = value
    return found


def _pairs(text: str, quotes: bool = False) -> list[tuple[str, str]]:
    """`A=1;B={2;3}` as pairs: a value may stand in braces, or in quotes, which it doubles inside. Raises PastedError.

    Only ADO.NET knows quotes; to ODBC and JDBC they are part of the value.
    """
    pairs = []
    rest = text
    while rest := rest.lstrip("; "):
        match = (_QUOTED_PAIR if quotes else _PAIR).match(rest)
        if not match:
            raise PastedError("paste.unclosed")
        keyword, braced, bare = match["keyword"], match["braced"], match["bare"]
        quote = match.groupdict().get("quote")
        if braced is not None:
            value = braced.replace("}}", "}")
        elif quote:
            value = match["quoted"].replace(quote * 2, quote)
        else:
            value = bare.strip()
            if value[:1] == "{":
                raise PastedError("paste.unclosed")
        pairs.append((keyword.strip(), value))
        rest = rest[match.end() :]
    return pairs


_BRACED = r"(?P<keyword>[^=;]+)=\s*(?:\{(?P<braced>(?:[^}]|\}\})*)\}\s*(?=;|$)"
_PAIR = re.compile(rf"{_BRACED}|(?P<bare>[^;]*))")
_QUOTED_PAIR = re.compile(
    rf"""{_BRACED}|(?P<quote>["'])(?P<quoted>(?:(?!(?P=quote)).|(?P=quote){{2}})*)(?P=quote)\s*(?=;|$)|(?P<bare>[^;]*))"""
)


def _unwrapped(text: str) -> str:
    """Without the quotes of a program or a settings file around it."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return text


# --- ODBC and ADO.NET --------------------------------------------------------------------------

_PROVIDERS = (
    (re.compile(r"(?i)sqloledb|sqlncli|msoledbsql"), "sqlserver"),
    (re.compile(r"(?i)oraoledb|msdaora"), "oracle"),
    (re.compile(r"(?i)ifxoledb"), "informix"),
)
_KIND_OF_FORM = {
    "informix": "informix",
    "oracle": "oracle",
    "sqlserver": "sqlserver",
    "freetds": "sqlserver",
    "sqlite": "sqlite",
}


def kind_of_driver(driver: str) -> str:
    """The kind of database that an ODBC driver is for; "odbc" for one that no kind is made for."""
    return _KIND_OF_FORM.get(form_for(driver, driver).key, "odbc")


def _from_pairs(text: str, usual: str, drivers: Mapping[str, str]) -> tuple[str, Settings]:
    if "=" not in text:
        raise PastedError("paste.unknown")
    pairs = _pairs(text, quotes=not re.search(r"(?i)(?:^|;)\s*(?:driver|dsn)\s*=", text))
    found = _settings(pairs)
    if not found.keys() & {"dsn", "driver", "provider", "server", "host"}:
        raise PastedError("paste.unknown")
    return _kind_of_pairs(found, {re.sub(r"[\s_]", "", name).casefold() for name, _v in pairs}, usual, drivers), found


def _kind_of_pairs(found: Settings, keywords: set[str], usual: str, drivers: Mapping[str, str]) -> str:
    if "driver" in found:
        return kind_of_driver(found["driver"])
    for pattern, kind in _PROVIDERS:
        if pattern.match(found.get("provider", "")):
            return kind
    if "dsn" in found:
        known = drivers.get(found["dsn"].casefold())
        by_dsn = usual if usual in KINDS and "dsn" in KINDS[usual].model_fields else "odbc"
        return kind_of_driver(known) if known else by_dsn
    if re.match(r"(?i)\(\s*DESCRIPTION\b", found.get("server", "")):
        # Oracle's provider for .NET names itself nowhere.
        return "oracle"
    if "windows" in found or keywords & {"initialcatalog", "trustservercertificate"}:
        return "sqlserver"
    if keywords & {"informixserver", "srvr"} or {"service", "server"} <= keywords:
        return "informix"
    if usual in ("informix", "oracle", "sqlserver"):
        return usual
    raise PastedError("paste.no_driver")


def _from_dbt(adapter: str, pairs: dbt_profile.Pairs) -> tuple[str, Settings]:
    kind, found = dbt_profile.kind_of(adapter), _settings(pairs)
    if not kind:
        raise PastedError("paste.other_database")
    if not found.keys() & {"dsn", "server", "host", "database"}:
        raise PastedError("paste.unknown")
    return kind, found


# --- addresses with a shape of their own -------------------------------------------------------

_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s:/\\;@?,()=\[\]]+)"


def _jdbc_informix(match: re.Match[str]) -> tuple[str, Settings]:
    found = _settings(_pairs(match["rest"] or ""))
    named = {"host": match["host"], "service": match["service"], "database": match["database"]}
    return "informix", found | {name: value for name, value in named.items() if value}


def _jdbc_sqlserver(match: re.Match[str]) -> tuple[str, Settings]:
    found = _settings(_pairs(match["rest"] or ""))
    host, port = match["host"] or found.pop("server", ""), match["port"]
    named = {"host": host, "port": port, "instance": match["instance"], "database": match.groupdict().get("database")}
    return "sqlserver", found | {name: value for name, value in named.items() if value}


def _jdbc_oracle(match: re.Match[str]) -> tuple[str, Settings]:
    target, question, more = match["target"].partition("?")
    found = _oracle_login(match["login"] or "") | {"server": target.strip()}
    found[_LEFT_OUT] = "." if question and more else ""
    return "oracle", found


def _oracle_address(match: re.Match[str]) -> tuple[str, Settings]:
    return "oracle", _oracle_login(match.groupdict().get("login") or "") | {"server": match["target"], _LEFT_OUT: ""}


def _oracle_login(text: str) -> Settings:
    user, _slash, password = text.partition("/")
    login = {"user": user.strip().strip('"'), "password": password.removeprefix('"').removesuffix('"')}
    return {name: value for name, value in login.items() if value}


def _jdbc_sqlite(match: re.Match[str]) -> tuple[str, Settings]:
    return "sqlite", {"database": match["file"].partition("?")[0], _LEFT_OUT: ""}


def _jdbc_other(match: re.Match[str]) -> tuple[str, Settings]:  # noqa: ARG001 - the shape of every reader
    raise PastedError("paste.other_database")


_DIALECTS = {"informix": "informix", "oracle": "oracle", "mssql": "sqlserver", "sqlite": "sqlite"}


def _sqlalchemy(match: re.Match[str]) -> tuple[str, Settings]:
    dialect, driver, rest = match["dialect"].casefold(), (match["driver"] or "").casefold(), match["rest"]
    kind = _DIALECTS.get(dialect, "")
    head, _question, query = rest.partition("?")
    if kind == "sqlite":
        return kind, {"database": unquote(head.removeprefix("/")), _LEFT_OUT: ""}
    if "@" in query and "@" not in head:
        raise PastedError("paste.login_not_encoded")
    asked = [(unquote_plus(name), unquote_plus(value)) for name, _e, value in _split(query)]
    odbc = next((value for name, value in asked if name.casefold() == "odbc_connect"), None)
    if odbc is not None:
        inner = _from_pairs(odbc, kind or "odbc", {})
        return kind or inner[0], inner[1]
    login, _at, address = head.rpartition("@")
    place = _ADDRESS_OF_URL.fullmatch(address)
    if not place or "@" in login or "/" in login:
        raise PastedError("paste.login_not_encoded" if "@" in login or "/" in login else "paste.unknown")
    user, _colon, password = login.partition(":")
    found = _settings(asked)
    by_dsn = driver == "pyodbc" and not place["database"] and "driver" not in found
    if not kind and not by_dsn:
        raise PastedError("paste.other_database")
    named = {
        "user": unquote(user),
        "password": unquote(password),
        "dsn" if by_dsn else "host": unquote(place["host"] or ""),
        "port": place["port"],
        "sid" if kind == "oracle" else "database": unquote(place["database"] or ""),
    }
    return kind or "odbc", found | {name: value for name, value in named.items() if value}


_ADDRESS_OF_URL = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/\[\]]*)(?::(?P<port>\d{1,5}))?(?:/(?P<database>.*))?")


def _split(query: str) -> list[tuple[str, str, str]]:
    return [part.partition("=") for part in query.split("&") if part]


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, Settings]]], ...] = (
    (
        re.compile(
            rf"(?i)jdbc:informix-(?:sqli|direct):(?://(?P<host>{_HOST})(?::(?P<service>[^/:=;\s]+))?)?"
            r"(?:/(?P<database>[^:;/=]*))?(?:[:;](?P<rest>.*))?"
        ),
        _jdbc_informix,
    ),
    (
        re.compile(
            rf"(?i)jdbc:sqlserver://(?P<host>{_HOST})?(?:\\(?P<instance>[^:;]+))?(?::(?P<port>\d{{1,5}}))?(?:;(?P<rest>.*))?"
        ),
        _jdbc_sqlserver,
    ),
    (
        re.compile(
            rf"(?i)jdbc:jtds:sqlserver://(?P<host>{_HOST})(?P<instance>)(?::(?P<port>\d{{1,5}}))?"
            r"(?:/(?P<database>[^;]*))?(?:;(?P<rest>.*))?"
        ),
        _jdbc_sqlserver,
    ),
    (re.compile(r"(?i)jdbc:oracle:(?:thin|oci8?):(?P<login>.*)@(?P<target>[^@]*)"), _jdbc_oracle),
    (re.compile(r"(?i)jdbc:sqlite:(?P<file>.+)"), _jdbc_sqlite),
    (re.compile(r"(?i)jdbc:.*"), _jdbc_other),
    (re.compile(r"(?P<dialect>[A-Za-z][\w]*)(?:\+(?P<driver>\w+))?://(?P<rest>.*)"), _sqlalchemy),
    (
        # user/password@host:1521/service, as sqlplus takes it
        re.compile(r"""(?P<login>[^\s/@;={}]+/(?:"[^"]*"|[^@;{}]*))@(?P<target>[^@;={}]+|\(.*\))"""),
        _oracle_address,
    ),
    (
        re.compile(rf"(?P<target>(?://)?{_HOST}:\d{{1,5}}/[\w.$#-]+|\(\s*DESCRIPTION\b.*\))", re.IGNORECASE),
        _oracle_address,
    ),
)
"""Shapes of addresses and who reads each, most specific first; what has none of them is a list of settings."""


# --- fields of a kind --------------------------------------------------------------------------


def _as_fields(kind: str, found: Settings) -> Pasted:
    values = {name: value for name, value in _FIELDS_OF[kind](found).items() if value not in (None, "")}
    known = KINDS[kind].model_fields
    server = {name: found[name] for name in _OF_A_SERVER if name in found and kind == "odbc"}
    # A URL can say characters that no field takes.
    fields = {name: value for name, value in values.items() if name in known and str(value).isprintable()}
    left_out = len(found.get(_LEFT_OUT, ""))
    if "password" in known:
        return Pasted(kind, fields, found.get("password"), server, left_out)
    # A file has no login.
    return Pasted(kind, fields, server=server, left_out=left_out + sum(name in found for name in _LOGIN))


_OF_A_SERVER: tuple[str, ...] = ("driver", "host", "server", "port", "database")


def _informix(found: Settings) -> dict[str, Any]:
    taken = ("dsn", "driver", "host", "server", "protocol", "database", "client_locale", "db_locale", "user")
    return {name: found.get(name) for name in taken} | {"service": found.get("service") or found.get("port")}


def _oracle(found: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {"dsn": found.get("dsn"), "user": found.get("user")}
    if found.get("dsn"):
        return values
    if found.get("host"):
        host, port = found["host"], _number(found.get("port"))
        if found.get("service"):
            return values | {"host": host, "port": port, "service": found["service"]}
        if found.get("sid"):
            return values | {"tns": _sid(host, str(port or 1521), found["sid"])}
        # An alias stands where a server does: nothing else is given with it.
        return values | ({"host": host, "port": port} if port else {"tns": host})
    return values | _oracle_target(found.get("server", ""))


_EASY = re.compile(
    rf"(?:tcp:)?(?://)?(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?/(?P<service>[\w.$#-]+)(?::\w+)?", re.IGNORECASE
)
_BY_SID = re.compile(rf"(?P<host>{_HOST}):(?P<port>\d{{1,5}}):(?P<sid>[\w.$#-]+)")
_ALIAS = re.compile(r"[A-Za-z][\w.$#-]*")


def _oracle_target(text: str) -> dict[str, Any]:
    """Host, port and service of an address, or what Oracle takes as it is. Raises PastedError."""
    if easy := _EASY.fullmatch(text):
        return {"host": easy["host"], "port": _number(easy["port"]), "service": easy["service"]}
    if by_sid := _BY_SID.fullmatch(text):
        return {"tns": _sid(by_sid["host"], by_sid["port"], by_sid["sid"])}
    if _ALIAS.fullmatch(text):
        return {"tns": text}
    if text.startswith("("):
        return _description(re.sub(r"\s+", "", text))
    if re.fullmatch(rf"(?:tcps?:)?(?://)?{_HOST}[\w:/.?=&,-]*", text) and len(text) <= 200:
        return {"tns": text}
    raise PastedError("paste.unknown" if text else "paste.no_driver")


def _description(text: str) -> dict[str, Any]:
    """A description with one plain address is host, port and service; another one stays as it is."""
    parts = {name.casefold(): value for name, value in re.findall(r"\((\w+)=([^()]+)\)", text)}
    plain = {"protocol", "host", "port", "service_name", "server"}
    once = len(re.findall(r"(?i)\(host=", text)) == 1
    if (
        once
        and set(parts) <= plain
        and {"host", "service_name"} <= set(parts)
        and parts.get("protocol", "tcp")[:4].casefold() == "tcp"
    ):
        return {"host": parts["host"], "port": _number(parts.get("port")), "service": parts["service_name"]}
    if "host" not in parts or len(text) > 200 or is_secret("", text):
        raise PastedError("paste.description")
    return {"tns": text}


def _sid(host: str, port: str, sid: str) -> str:
    """A profile has no field for an SID; a description says it to any Oracle client."""
    return f"(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST={host})(PORT={port}))(CONNECT_DATA=(SID={sid})))"


_SERVER = re.compile(
    rf"(?i)(?:tcp:)?(?P<host>\(local\)|{_HOST})(?:\\(?P<instance>[^,\\;]+))?(?:,\s*(?P<port>\d{{1,5}}))?"
)
_ENCRYPT = {
    "yes": "mandatory", "true": "mandatory", "mandatory": "mandatory", "1": "mandatory",
    "no": "optional", "false": "optional", "optional": "optional", "0": "optional", "strict": "strict",
}  # fmt: skip
_YES = frozenset({"yes", "true", "1", "sspi"})


def _sql_server(found: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {name: found.get(name) for name in ("dsn", "driver", "database", "user", "instance")}
    server = _SERVER.fullmatch(found.get("host") or found.get("server") or "")
    if server and not found.get("dsn"):
        host = "localhost" if server["host"].casefold() in (".", "(local)") else server["host"]
        values |= {
            "host": host.removeprefix("[").removesuffix("]"),
            "port": _number(server["port"] or found.get("port")),
            "instance": server["instance"] or found.get("instance"),
        }
        values["driver"] = values["driver"] or DRIVER
    if "windows" in found:
        values["authentication"] = "windows" if found["windows"].casefold() in _YES else "sql"
    if "trust" in found:
        values["trust_server_certificate"] = found["trust"].casefold() in _YES
    return values | {"encrypt": _ENCRYPT.get(found.get("encrypt", "").casefold())}


DRIVER = "ODBC Driver 18 for SQL Server"
"""The driver for a SQL Server that is named without one, as JDBC and ADO.NET do."""


def _odbc(found: Settings) -> dict[str, Any]:
    return {name: found.get(name) for name in ("dsn", "database", "user")}


def _sqlite(found: Settings) -> dict[str, Any]:
    return {"file": found.get("database")}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


_FIELDS_OF: Mapping[str, Callable[[Settings], dict[str, Any]]] = {
    "informix": _informix,
    "oracle": _oracle,
    "sqlserver": _sql_server,
    "odbc": _odbc,
    "sqlite": _sqlite,
}
"""How the settings become fields, for each kind that such texts are written for."""
