"""Any other database with an ODBC data source, in plain SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from wizard.profile.database_kind import (
    ASK_ISOLATION,
    DATABASE_OF_DSN,
    DSN_HELP,
    Ask,
    DatabaseKind,
    LockWait,
    LoginTimeout,
    OwnTable,
    Password,
    QueryTimeout,
    Session,
    User,
)
from wizard.profile.fields import Dsn, Line
from wizard.profile.messages import N_

_POSTGRESQL = (
    "SELECT c.relname, 'write' FROM pg_catalog.pg_class c "
    "WHERE c.relkind IN ('r', 'p', 'v', 'f') AND pg_catalog.pg_table_is_visible(c.oid) "
    "AND (pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') "
    "OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE'))"
)

_OWN_RIGHTS = (
    "grantee = CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', "
    "SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''') "
    "AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER')"
)
_MARIADB = (
    # Rights on everything, on databases by a pattern, on single tables; those of a role are told to nobody.
    f"SELECT '', privilege_type FROM information_schema.user_privileges WHERE {_OWN_RIGHTS} "  # noqa: S608 - constants
    "UNION SELECT '', privilege_type FROM information_schema.schema_privileges "
    f"WHERE DATABASE() LIKE table_schema AND {_OWN_RIGHTS} "
    "UNION SELECT table_name, privilege_type FROM information_schema.table_privileges "
    f"WHERE table_schema = DATABASE() AND {_OWN_RIGHTS} "
    "UNION SELECT '?', role_name FROM information_schema.enabled_roles WHERE role_name IS NOT NULL"
)


class OdbcDatabase(DatabaseKind):
    """A database by its DSN; nothing of the server is assumed."""

    kind: Literal["odbc"] = "odbc"
    dsn: Annotated[Dsn, Ask(N_("Data source name (DSN)"), help=DSN_HELP, picks="source")]
    database: Annotated[Line | None, DATABASE_OF_DSN] = None
    user: User = None
    password: Password = None
    isolation: Annotated[
        Literal["server_default", "read_uncommitted", "read_committed", "repeatable_read", "serializable"],
        ASK_ISOLATION,
    ] = "server_default"
    proof_table: OwnTable = None
    login_timeout: LoginTimeout = 15
    query_timeout: QueryTimeout = 120
    lock_wait: LockWait = 30

    TITLE: ClassVar = N_("Other, through ODBC")
    ORDER: ClassVar = 40
    WRITE_QUERIES: ClassVar = (_POSTGRESQL, _MARIADB)

    def session(self, password: str | None, folder: Path) -> Session:  # noqa: ARG002 - no file
        """The DSN and the login."""
        parts = {"DSN": self.dsn, "DATABASE": self.database, "UID": self.user, "PWD": password}
        return Session(
            "apsodbc+pyodbc",
            parts,
            isolation=self.isolation,
            login_timeout=self.login_timeout,
            query_timeout=self.query_timeout,
        )


KIND = OdbcDatabase
