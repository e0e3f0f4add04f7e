"""A SQLAlchemy dialect for Informix through ODBC (`informix+pyodbc`): reading queries and the catalogue.

Not run against a real Informix. It follows the documentation of Informix 11.70 to 14.10: Guide to SQL, Syntax and
Reference. The isolation level is no matter of the dialect: the session says it (profile.kinds.informix).

Values come as the driver gives them: DECIMAL and MONEY as exact decimals, CHAR with its padding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Connection, column, exc, func, select, table, types
from sqlalchemy.connectors.pyodbc import PyODBCConnector
from sqlalchemy.engine import reflection
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.sql import compiler
from sqlalchemy.sql.expression import Select

# --- types -------------------------------------------------------------------------------------


class MONEY(types.DECIMAL[Any]):
    """A decimal of fixed scale; the driver takes the currency sign off."""

    __visit_name__ = "MONEY"


class DATETIME(types.DATETIME):
    """A point in time from one field to another, such as YEAR TO SECOND."""

    __visit_name__ = "DATETIME"

    def __init__(self, first: str = "YEAR", last: str = "FRACTION(5)") -> None:
        super().__init__()
        self.first = first
        self.last = last


class INTERVAL(types.TypeEngine[Any]):
    """A span of time; few drivers deliver it."""

    __visit_name__ = "INTERVAL"

    def __init__(self, first: str = "DAY", last: str = "FRACTION(3)") -> None:
        self.first = first
        self.last = last


class LVARCHAR(types.VARCHAR):
    """A text of up to 32739 bytes."""

    __visit_name__ = "LVARCHAR"


_FIELDS = {
    0: "YEAR",
    2: "MONTH",
    4: "DAY",
    6: "HOUR",
    8: "MINUTE",
    10: "SECOND",
    **{10 + digits: f"FRACTION({digits})" for digits in range(1, 6)},
}
"""Fields of a DATETIME by their codes in syscolumns.collength."""

_NOT_NULL = 0x100
_FLOATING = 255
"""What stands for the scale of a DECIMAL without one: a decimal floating point number."""

_FIXED: Mapping[int, types.TypeEngine[Any]] = {
    1: types.SMALLINT(),
    2: types.INTEGER(),
    3: types.DOUBLE_PRECISION(),
    4: types.REAL(),
    6: types.INTEGER(),
    7: types.DATE(),
    11: types.LargeBinary(),
    12: types.TEXT(),
    17: types.BIGINT(),
    18: types.BIGINT(),
    45: types.BOOLEAN(),
    52: types.BIGINT(),
    53: types.BIGINT(),
}
"""Types by syscolumns.coltype whose length says nothing; 6, 18 and 53 are the serial ones."""

_NAMED: Mapping[str, types.TypeEngine[Any]] = {
    "boolean": types.BOOLEAN(),
    "blob": types.LargeBinary(),
    "clob": types.TEXT(),
}
"""Types of the codes 40 and 41, by their name in sysxtdtypes."""


def column_type(coltype: int, collength: int, extended: str = "") -> types.TypeEngine[Any]:
    """The type of a column of syscolumns; `extended` is its name in sysxtdtypes. NullType for one that is not known."""
    # Flags stand above the low byte. A smallint that ran over is negative.
    code, length = coltype & 0xFF, collength & 0xFFFF
    high, low = divmod(length, 256)
    extended = extended.strip().lower()
    match code:
        case 0:
            return types.CHAR(length)
        case 15:
            return types.NCHAR(length)
        case 13:
            return types.VARCHAR(low)
        case 16:
            return types.NVARCHAR(low)
        case 5 | 8:
            scale = None if low == _FLOATING else low
            return MONEY(high, scale) if code == 8 else types.DECIMAL(high, scale)
        case 10 | 14:
            first, last = _FIELDS.get(low // 16, "YEAR"), _FIELDS.get(low % 16, "FRACTION(5)")
            return DATETIME(first, last) if code == 10 else INTERVAL(first, last)
        case 43:
            return LVARCHAR(length)
        case 40 | 41:
            return LVARCHAR(length) if extended == "lvarchar" else _NAMED.get(extended, types.NullType())
    return _FIXED.get(code, types.NullType())


class InformixTypeCompiler(compiler.GenericTypeCompiler):
    """Types as Informix writes them, for a CAST and for showing a column."""

    def visit_MONEY(self, type_: MONEY, **_kw: Any) -> str:
        parts = [str(part) for part in (type_.precision, type_.scale) if part is not None]
        return f"MONEY({','.join(parts)})" if parts else "MONEY"

    def visit_DATETIME(self, type_: types.DateTime, **_kw: Any) -> str:
        first, last = getattr(type_, "first", "YEAR"), getattr(type_, "last", "FRACTION(5)")
        return f"DATETIME {first} TO {last}"

    def visit_INTERVAL(self, type_: INTERVAL, **_kw: Any) -> str:
        return f"INTERVAL {type_.first} TO {type_.last}"

    def visit_LVARCHAR(self, type_: LVARCHAR, **_kw: Any) -> str:
        return f"LVARCHAR({type_.length})" if type_.length else "LVARCHAR"


# --- SQL ---------------------------------------------------------------------------------------

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*", re.ASCII)

# As a name without quotes Informix takes nearly every word. Not these: the grammar wants them at the place of a
# name, or takes a column for a function of its own (user, today), which gives wrong values without an error.
_RESERVED = frozenset(
    """all and any as between by case cast current current_user datetime dbservername default delete distinct else end
    exists first for from group having in inner insert interval into is join left like limit matches minus multiset
    not null on or order outer right row select set sitename skip some sysdate systimestamp then today union unique
    units update user using values when where with""".split()  # noqa: SIM905 - seventy lines otherwise
)


class InformixPreparer(compiler.IdentifierPreparer):
    """Names are never quoted: without DELIMIDENT a text in double quotes is a string and no name."""

    def quote(self, ident: str) -> str:
        """The name as it is. Raises CompileError when only quotes could make it one."""
        return self.quote_identifier(ident) if self._requires_quotes(ident) else str(ident)

    def quote_identifier(self, value: str) -> str:
        """Refuse the name."""
        raise exc.CompileError(
            f"{value!r} cannot be a name in Informix: it would have to stand in quotes, which make it a text"
        )

    def _requires_quotes(self, value: str) -> bool:
        # A name that asks for quotes (quoted_name) keeps its capitals in `lower`.
        return _PLAIN.fullmatch(value) is None or str(value).lower() in _RESERVED


class InformixCompiler(compiler.SQLCompiler):
    """SKIP and FIRST stand before the columns; a query without a table needs one."""

    def get_select_precolumns(self, select: Select[Any], **kw: Any) -> str:
        """SKIP n FIRST m DISTINCT. The numbers are written out: not every server takes parameters there."""
        if select._fetch_clause_options and any(select._fetch_clause_options.values()):
            raise exc.CompileError("Informix has no FETCH with PERCENT or TIES")
        count = select._fetch_clause if select._limit_clause is None else select._limit_clause
        text = ""
        for word, number in (("SKIP", select._offset_clause), ("FIRST", count)):
            if number is not None:
                if not select._simple_int_clause(number):
                    raise exc.CompileError(f"Informix takes only a whole number after {word}")
                text += f"{word} {self.process(number, **{**kw, 'literal_execute': True})} "
        return text + super().get_select_precolumns(select, **kw)

    def limit_clause(self, select: Any, **_kw: Any) -> str:
        """Nothing at the end of a query; a UNION has no place for FIRST. Raises CompileError there."""
        if not isinstance(select, Select):
            raise exc.CompileError("Informix has no FIRST for a UNION; limit a query over it")
        return ""

    def fetch_clause(self, select: Any, *_args: Any, **kw: Any) -> str:
        """The same as `limit_clause`."""
        return self.limit_clause(select, **kw)

    def default_from(self) -> str:
        """A table of one row; every SELECT needs a FROM."""
        return " FROM sysmaster:sysdual"


# --- the catalogue -----------------------------------------------------------------------------

_SYSTABLES = table("systables", *(column(name) for name in ("tabid", "tabname", "owner", "tabtype")))
_SYSCOLUMNS = table(
    "syscolumns", *(column(name) for name in ("tabid", "colno", "colname", "coltype", "collength", "extended_id"))
)
_SYSXTDTYPES = table("sysxtdtypes", column("extended_id"), column("name"))
_SYSSYNTABLE = table("syssyntable", column("tabid"), column("btabid"))

_SYNONYMS = ("P", "S")
_READABLE = ("E", "T", "V", *_SYNONYMS)
"""Kinds of systables that can be selected from: external and own tables, views, private and public synonyms."""

_FIRST_OF_USERS = 100
"""The tabid from which on tables are not those of the catalogue."""


def tables_query(kind: str, owner: str | None = None) -> Select[Any]:
    """Names of all tables ("T") or views ("V") that are not of the catalogue itself, in order."""
    t = _SYSTABLES.c
    query = select(t.tabname).where(t.tabid >= _FIRST_OF_USERS, t.tabtype == kind).order_by(t.tabname)
    return query if owner is None else query.where(t.owner == owner)


def table_query(name: str, owner: str | None = None) -> Select[Any]:
    """Id and kind of a table, view or synonym of this name, of any owner unless one is given."""
    t = _SYSTABLES.c
    query = select(t.tabid, t.tabtype).where(t.tabname == name.lower(), t.tabtype.in_(_READABLE))
    return query if owner is None else query.where(t.owner == owner)


def synonym_query(tabid: int) -> Select[Any]:
    """The id of the table that a synonym stands for; NULL or 0 when it is in another database."""
    return select(_SYSSYNTABLE.c.btabid).where(_SYSSYNTABLE.c.tabid == tabid)


def columns_query(tabid: int) -> Select[Any]:
    """Name, type, length and extended type of the columns of a table, in their order."""
    c, x = _SYSCOLUMNS.c, _SYSXTDTYPES.c
    source = _SYSCOLUMNS.outerjoin(_SYSXTDTYPES, x.extended_id == c.extended_id)
    return (
        select(c.colname, c.coltype, c.collength, func.trim(x.name).label("extended"))
        .select_from(source)
        .where(c.tabid == tabid)
        .order_by(c.colno)
    )


# --- the dialect -------------------------------------------------------------------------------

_LOST = re.compile(
    # The server: no connection (-908, -930), or it is lost. The driver: its numbers for 08001, 08003 and 08S01.
    r"(?<![\w-])-(?:908|930|25580|25582|25583|25586|25587|25588|27001|11015|11017|11020|11301)\b"
)


class InformixDialect(PyODBCConnector, DefaultDialect):
    """Reading from Informix by a DSN."""

    name = "informix"
    supports_statement_cache = True
    default_paramstyle = "qmark"
    max_identifier_length = 128
    supports_native_boolean = False
    supports_alter = False
    supports_default_values = False
    requires_name_normalize = False
    statement_compiler = InformixCompiler
    type_compiler_cls = InformixTypeCompiler
    preparer = InformixPreparer

    PING: ClassVar = "SELECT tabid FROM systables WHERE tabid = 1"

    def initialize(self, connection: Connection) -> None:
        """Ask the server nothing: a session costs what it reads and no more."""

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Read one row of the catalogue, which every user may. Raises what the driver raises."""
        cursor = dbapi_connection.cursor()
        try:
            cursor.execute(self.PING)
            cursor.fetchall()
        finally:
            cursor.close()
        return True

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing when every statement stands alone; a database without a log does not know ROLLBACK (-256)."""
        if not dbapi_connection.autocommit:
            dbapi_connection.rollback()

    def do_commit(self, dbapi_connection: Any) -> None:
        """The same for COMMIT."""
        if not dbapi_connection.autocommit:
            dbapi_connection.commit()

    def do_savepoint(self, connection: Connection, name: str) -> None:  # noqa: ARG002 - as SQLAlchemy calls it
        """Refused: nothing is written here. Raises InvalidRequestError."""
        raise exc.InvalidRequestError("the Informix dialect of this program has no savepoints")

    def is_disconnect(self, e: Exception, connection: Any, cursor: Any) -> bool:  # noqa: ARG002 - as SQLAlchemy calls it
        """True when the connection is gone, by SQLSTATE 08xxx or the codes of Informix."""
        if not isinstance(e, self.loaded_dbapi.Error):
            return False
        state = str(e.args[0]) if e.args else ""
        return state.startswith("08") or _LOST.search(str(e)) is not None

    def has_table(self, connection: Connection, table_name: str, schema: str | None = None, **_kw: Any) -> bool:
        """Is there a table, view or synonym of this name?"""
        return connection.execute(table_query(table_name, schema)).first() is not None

    @reflection.cache
    def get_table_names(self, connection: Connection, schema: str | None = None, **_kw: Any) -> list[str]:
        """Tables that are not of the catalogue."""
        return [str(name).strip() for name in connection.execute(tables_query("T", schema)).scalars()]

    @reflection.cache
    def get_view_names(self, connection: Connection, schema: str | None = None, **_kw: Any) -> list[str]:
        """Views that are not of the catalogue."""
        return [str(name).strip() for name in connection.execute(tables_query("V", schema)).scalars()]

    @reflection.cache
    def get_columns(
        self, connection: Connection, table_name: str, schema: str | None = None, **_kw: Any
    ) -> list[ReflectedColumn]:
        """The columns of a table, view or synonym; defaults are not read.

        Raises NoSuchTableError, and UnreflectableTableError for a synonym of a table in another database.
        """
        found = connection.execute(table_query(table_name, schema)).first()
        if found is None:
            raise exc.NoSuchTableError(table_name)
        tabid, kind = found
        if str(kind).strip() in _SYNONYMS:
            tabid = connection.execute(synonym_query(int(tabid))).scalar()
            if not tabid:
                raise exc.UnreflectableTableError(f"{table_name} stands for a table of another database")
        return [
            {
                "name": str(name).strip(),
                "type": column_type(int(coltype), int(collength), str(extended or "")),
                "nullable": not int(coltype) & _NOT_NULL,
                "default": None,
            }
            for name, coltype, collength, extended in connection.execute(columns_query(int(tabid)))
        ]
