"""By what each fault of a database is known: SQLSTATE, native code, driver and words -> cause, as a table.

A row names the test that provokes it through the driver itself. A row without one is known from the manual of
its server only; its text is in tests/connection/test_fault_texts.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wizard.connection.causes import (
    ACCOUNT_LOCKED,
    ALIAS_UNKNOWN,
    CERTIFICATE,
    CLIENT_MISSING,
    CLIENT_NEEDED,
    CLOSED_IN_LOGIN,
    CONNECTION_LOST,
    DATABASE_DENIED,
    DRIVER_BITNESS,
    DRIVER_DAMAGED,
    DRIVER_MISSING,
    DRIVER_NEEDS,
    DRIVER_UNICODE,
    DRIVER_UNREGISTERED,
    DSN_DRIVER,
    DSN_UNKNOWN,
    ENCRYPTION_REQUIRED,
    ENCRYPTION_UNSUPPORTED,
    LOCALE,
    LOGIN_REFUSED,
    MACHINE_DENIED,
    NAME_UNKNOWN,
    NO_COLUMN,
    NO_FILE,
    NO_TABLE,
    NOT_FOUND,
    NOT_READY,
    OPTION_WRONG,
    OTHER_PRODUCT,
    PASSWORD_EXPIRED,
    PORT_REFUSED,
    PORT_SILENT,
    QUERY_TIMEOUT,
    ROW_LOCKED,
    SERVER_FULL,
    SERVER_SILENT,
    SERVER_UNKNOWN,
    TABLE_DENIED,
    TOO_MANY,
    UNREACHABLE,
    Fault,
)
from wizard.connection.said import Said


@dataclass(frozen=True)
class Row:
    """How a fault is known. Every mark that is given has to hold; several words in one mark are alternatives.

    `look` names the look (`looks.LOOKS`) that tells more where the driver says the same of several causes;
    what it finds goes through the table too, and the row's own fault stands where it finds nothing.
    `if_open` is the fault where somebody takes the connection at the address and says nothing by himself.
    """

    name: str
    fault: Fault
    driver: str = ""
    states: str = ""
    natives: str = ""
    pattern: str = ""
    look: Literal["", "address", "library", "data source"] = ""
    if_open: Fault | None = None
    test: str = ""

    def fits(self, said: Said) -> bool:
        """Does this record carry every mark of the row?"""
        return (
            (not self.driver or said.driver in self.driver.split())
            and (not self.states or said.state in self.states.split())
            and (not self.natives or said.native in self.natives.split())
            and (not self.pattern or _compiled(self.pattern).search(said.text) is not None)
        )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_OWN = (
    # What the looks find, and our own limit.
    Row("own.silence", SERVER_SILENT, "wizard", look="address", test="test_a_server_that_stays_silent"),
    Row("tcp.unresolvable", NAME_UNKNOWN, "tcp", "unresolvable", test="test_a_name_that_cannot_be_resolved"),
    Row("tcp.refused", PORT_REFUSED, "tcp", "refused", test="test_a_refused_port"),
    Row("tcp.silent", PORT_SILENT, "tcp", "silent", test="test_dropped_packets"),
    Row("tcp.unreachable", UNREACHABLE, "tcp", "unreachable", test="test_no_way_to_the_server"),
    Row("tcp.greeting", OTHER_PRODUCT, "tcp", "open", pattern=r"^(?:SSH-|HTTP/|220[ -]|\+OK|\* OK|RFB )",
        test="test_an_ssh_server_at_the_port"),
    Row("loader.missing", DRIVER_MISSING, "loader", "missing", test="test_a_library_that_cannot_be_loaded"),
    Row("loader.bitness", DRIVER_BITNESS, "loader", "bitness", test="test_a_library_that_cannot_be_loaded"),
    Row("loader.needs", DRIVER_NEEDS, "loader", "needs", test="test_a_library_that_cannot_be_loaded"),
    Row("loader.damaged", DRIVER_DAMAGED, "loader", "damaged", test="test_a_library_that_cannot_be_loaded"),
    Row("dsn.driver_unregistered", DSN_DRIVER, "dsn", "driver_unregistered",
        test="test_a_data_source_that_cannot_be_used"),
)  # fmt: skip

_MANAGER = (
    Row("manager.driver_unregistered", DRIVER_UNREGISTERED, "manager", pattern=r"Can't open lib '(?![^']*(?:/|\.so))",
        test="test_a_driver_that_is_not_registered"),
    Row("manager.open_lib", DRIVER_MISSING, "manager", pattern="Can't open lib", look="library",
        test="test_a_library_that_cannot_be_loaded"),
    Row("manager.no_driver", DRIVER_DAMAGED, "manager", "IM004", test="test_a_library_that_is_no_driver"),
    Row("manager.no_driver_other", DRIVER_DAMAGED, "manager", "IM005"),
    Row("manager.bitness", DRIVER_BITNESS, "", "IM014"),
    # 193: the library is no program of this bitness; 126: it, or one that it needs, is missing.
    Row("manager.load_193", DRIVER_BITNESS, "", "IM003", pattern=r"system error\s+(?:code\s+)?193\b"),
    Row("manager.load", DRIVER_MISSING, "", "IM003"),
    Row("manager.dsn", DSN_UNKNOWN, "manager", "IM002", look="data source",
        test="test_a_data_source_that_cannot_be_used"),
    Row("manager.dsn_other", DSN_UNKNOWN, "", "IM002", look="data source"),
)  # fmt: skip

_SQLITE = (
    Row("sqlite.odbc_no_file", NO_FILE, "sqlite", pattern=r"connect failed", test="test_a_file_of_sqlite_through_odbc"),
    Row("sqlite.no_file", NO_FILE, pattern="unable to open database file|file is not a database",
        test="test_a_file_of_sqlite"),
    Row("sqlite.row_locked", ROW_LOCKED, pattern="database (?:table )?is locked", test="test_a_file_of_sqlite"),
    Row("sqlite.no_table", NO_TABLE, pattern="no such table", test="test_a_file_of_sqlite"),
    Row("sqlite.no_column", NO_COLUMN, pattern="no such column", test="test_a_file_of_sqlite"),
    Row("sqlite.full", SERVER_FULL, pattern="database or disk is full"),
)  # fmt: skip

_MARIADB = (
    Row("mariadb.name", NAME_UNKNOWN, "mariadb", natives="2005", test="test_a_name_that_cannot_be_resolved"),
    Row("mariadb.silent", PORT_SILENT, "mariadb", natives="2002 2003", pattern=r"\(110\)|\(10060\)"),
    Row("mariadb.connect", PORT_REFUSED, "mariadb", natives="2002", look="address", test="test_a_refused_port"),
    Row("mariadb.connect_mysql", PORT_REFUSED, "mariadb", natives="2003", look="address"),
    Row("mariadb.handshake", CLOSED_IN_LOGIN, "mariadb", natives="2013", pattern="handshake|initial communication",
        look="address", test="test_a_server_that_hangs_up"),
    Row("mariadb.lost", CONNECTION_LOST, "mariadb", natives="2013", test="test_mariadb_ends_a_query"),
    Row("mariadb.not_open", CONNECTION_LOST, "mariadb", "08003", test="test_mariadb_ends_a_query"),
    Row("mariadb.lost_otherwise", CONNECTION_LOST, "mariadb", natives="2006 1053 1927"),
    Row("mariadb.no_tls", ENCRYPTION_UNSUPPORTED, "mariadb", natives="2026", pattern="server does not support it",
        test="test_mariadb_refuses_the_login"),
    Row("mariadb.certificate", CERTIFICATE, "mariadb", natives="2026"),
    Row("mariadb.tls_required", ENCRYPTION_REQUIRED, "mariadb", natives="3159"),
    Row("mariadb.machine", MACHINE_DENIED, "mariadb", natives="1130 1129", test="test_mariadb_refuses_the_machine"),
    Row("mariadb.locked_account", ACCOUNT_LOCKED, "mariadb", natives="4151", test="test_mariadb_refuses_the_login"),
    Row("mariadb.locked_account_mysql", ACCOUNT_LOCKED, "mariadb", natives="3118"),
    Row("mariadb.expired", PASSWORD_EXPIRED, "mariadb", natives="1820", test="test_mariadb_refuses_the_login"),
    Row("mariadb.expired_at_login", PASSWORD_EXPIRED, "mariadb", natives="1862"),
    Row("mariadb.no_database", NOT_FOUND, "mariadb", natives="1049", test="test_mariadb_refuses_the_login"),
    Row("mariadb.database_denied", DATABASE_DENIED, "mariadb", natives="1044", test="test_mariadb_refuses_the_login"),
    Row("mariadb.login", LOGIN_REFUSED, "mariadb", natives="1045", test="test_mariadb_refuses_the_login"),
    Row("mariadb.login_otherwise", LOGIN_REFUSED, "mariadb", natives="1698"),
    Row("mariadb.too_many", TOO_MANY, "mariadb", natives="1040", test="test_mariadb_is_full"),
    Row("mariadb.too_many_of_user", TOO_MANY, "mariadb", natives="1226", test="test_mariadb_is_full"),
    Row("mariadb.too_many_of_account", TOO_MANY, "mariadb", natives="1203"),
    Row("mariadb.no_table", NO_TABLE, "mariadb", natives="1146", test="test_mariadb_refuses_the_table"),
    Row("mariadb.table_denied", TABLE_DENIED, "mariadb", natives="1142 1143", test="test_mariadb_refuses_the_table"),
    Row("mariadb.no_column", NO_COLUMN, "mariadb", natives="1054", test="test_mariadb_refuses_the_table"),
    Row("mariadb.row_locked", ROW_LOCKED, "mariadb", natives="1205 1213", test="test_mariadb_locks_a_row"),
    Row("mariadb.query_ended", QUERY_TIMEOUT, "mariadb", natives="1969 1317", test="test_mariadb_ends_a_query"),
    Row("mariadb.full", SERVER_FULL, "mariadb", natives="1021 1114"),
)  # fmt: skip

_PG_NO_ENTRY = r"no pg_hba\.conf entry|pg_hba\.conf rejects"

_POSTGRESQL = (
    Row("postgresql.name", NAME_UNKNOWN, "postgresql", pattern="could not translate host name",
        test="test_a_name_that_cannot_be_resolved"),
    Row("postgresql.refused", PORT_REFUSED, "postgresql", pattern="Connection refused", test="test_a_refused_port"),
    Row("postgresql.timeout", SERVER_SILENT, "postgresql", pattern="timeout expired|Connection timed out",
        look="address", test="test_a_server_that_stays_silent"),
    Row("postgresql.unreachable", UNREACHABLE, "postgresql", pattern="Network is unreachable|No route to host",
        test="test_no_way_to_the_server"),
    Row("postgresql.other_product", OTHER_PRODUCT, "postgresql",
        pattern="expected authentication request|invalid response to SSL negotiation",
        test="test_a_web_server_at_the_port"),
    Row("postgresql.closed", CLOSED_IN_LOGIN, "postgresql", pattern="server closed the connection|Connection reset",
        test="test_a_server_that_hangs_up"),
    Row("postgresql.no_tls", ENCRYPTION_UNSUPPORTED, "postgresql", pattern="server does not support SSL",
        test="test_postgresql_refuses"),
    Row("postgresql.certificate", CERTIFICATE, "postgresql",
        pattern="certificate verify failed|root certificate file|server certificate for",
        test="test_postgresql_shows_a_strange_certificate"),
    Row("postgresql.tls_required", ENCRYPTION_REQUIRED, "postgresql",
        pattern=rf"(?:{_PG_NO_ENTRY}).*(?:SSL off|no encryption)", test="test_postgresql_demands_encryption"),
    Row("postgresql.machine", MACHINE_DENIED, "postgresql", pattern=_PG_NO_ENTRY),
    Row("postgresql.not_ready", NOT_READY, "postgresql", pattern="the database system is (?:starting|shutting)"),
    Row("postgresql.database_closed", NOT_READY, "postgresql", pattern="not currently accepting connections",
        test="test_postgresql_refuses"),
    Row("postgresql.no_database", NOT_FOUND, "postgresql", pattern='FATAL: +database "[^"]*" does not exist',
        test="test_postgresql_refuses"),
    Row("postgresql.database_denied", DATABASE_DENIED, "postgresql", pattern="permission denied for database",
        test="test_postgresql_refuses"),
    Row("postgresql.no_login", ACCOUNT_LOCKED, "postgresql", pattern="is not permitted to log in",
        test="test_postgresql_refuses"),
    Row("postgresql.login", LOGIN_REFUSED, "postgresql",
        pattern='authentication failed for user|FATAL: +role "[^"]*" does not exist', test="test_postgresql_refuses"),
    Row("postgresql.no_password", LOGIN_REFUSED, "postgresql", pattern="no password supplied",
        test="test_postgresql_without_a_password"),
    Row("postgresql.too_many", TOO_MANY, "postgresql", pattern="remaining connection slots|too many clients already",
        test="test_postgresql_is_full"),
    Row("postgresql.too_many_of_user", TOO_MANY, "postgresql", pattern="too many connections for",
        test="test_postgresql_refuses"),
    Row("postgresql.no_table", NO_TABLE, "postgresql", "42P01", test="test_postgresql_refuses"),
    Row("postgresql.table_denied", TABLE_DENIED, "postgresql", "42501", test="test_postgresql_refuses"),
    Row("postgresql.no_column", NO_COLUMN, "postgresql", "42703", test="test_postgresql_refuses"),
    Row("postgresql.row_locked", ROW_LOCKED, "postgresql", "55P03 40P01", test="test_postgresql_locks_a_row"),
    Row("postgresql.query_time", QUERY_TIMEOUT, "postgresql", "57014", test="test_postgresql_ends_a_query"),
    Row("postgresql.killed", CONNECTION_LOST, "postgresql", "57P01", test="test_postgresql_ends_a_query"),
    Row("postgresql.server_down", CONNECTION_LOST, "postgresql", "57P02 57P03"),
    Row("postgresql.full", SERVER_FULL, "postgresql", "53100"),
)  # fmt: skip

_ANY_TDS = "mssql freetds"

_TDS = (
    # The server's own numbers; the database before the login, which is refused along with it.
    Row("tds.no_database", NOT_FOUND, _ANY_TDS, natives="4060", test="test_sql_server_refuses_the_login"),
    Row("tds.no_database_other", NOT_FOUND, _ANY_TDS, natives="911 4063 4064"),
    Row("tds.database_denied", DATABASE_DENIED, _ANY_TDS, natives="916", test="test_sql_server_refuses_the_login"),
    Row("tds.account_locked", ACCOUNT_LOCKED, _ANY_TDS, natives="18486 18470",
        test="test_sql_server_refuses_the_login"),
    Row("tds.password_expired", PASSWORD_EXPIRED, _ANY_TDS, natives="18487 18488",
        test="test_sql_server_refuses_the_login"),
    Row("tds.login", LOGIN_REFUSED, _ANY_TDS, natives="18456", test="test_sql_server_refuses_the_login"),
    Row("tds.login_windows", LOGIN_REFUSED, _ANY_TDS, natives="18452 18451"),
    Row("tds.too_many", TOO_MANY, _ANY_TDS, natives="17809", test="test_sql_server_refuses_the_login"),
    Row("tds.too_many_otherwise", TOO_MANY, _ANY_TDS, natives="17300"),
    Row("tds.not_ready", NOT_READY, _ANY_TDS, natives="17142 6005"),
    Row("tds.no_table", NO_TABLE, _ANY_TDS, natives="208"),
    Row("tds.table_denied", TABLE_DENIED, _ANY_TDS, natives="229 230"),
    Row("tds.no_column", NO_COLUMN, _ANY_TDS, natives="207"),
    Row("tds.row_locked", ROW_LOCKED, _ANY_TDS, natives="1222 1205 3960"),
    Row("tds.killed", CONNECTION_LOST, _ANY_TDS, natives="596"),
    Row("tds.full", SERVER_FULL, _ANY_TDS, natives="1101 1105 9002"),
)  # fmt: skip

_MSSQL = (
    Row("mssql.query_time", QUERY_TIMEOUT, "mssql", "HYT00", pattern="Query timeout"),
    # Said of an unresolvable name, a refused port, dropped packets and a silent server alike.
    Row("mssql.login_timeout", SERVER_SILENT, "mssql", "HYT00", pattern="Login timeout", look="address",
        test="test_a_name_that_cannot_be_resolved"),
    Row("mssql.other_product", OTHER_PRODUCT, "mssql", pattern="Protocol error in TDS stream",
        test="test_a_web_server_at_the_port"),
    Row("mssql.other_product_strict", OTHER_PRODUCT, "mssql", pattern="wrong version number", look="address",
        test="test_a_web_server_at_the_port"),
    Row("mssql.closed", CLOSED_IN_LOGIN, "mssql", pattern="handshakes? before login", look="address",
        test="test_a_server_that_hangs_up"),
    Row("mssql.closed_strict", CLOSED_IN_LOGIN, "mssql", "08001", pattern="TCP Provider: Error code", look="address",
        test="test_a_server_that_hangs_up"),
    Row("mssql.no_tls", ENCRYPTION_UNSUPPORTED, "mssql",
        pattern="[Ee]ncryption (?:is )?not supported on SQL Server|does not support encryption",
        test="test_sql_server_without_encryption"),
    Row("mssql.tls_required", ENCRYPTION_REQUIRED, "mssql",
        pattern="[Ee]ncryption (?:is )?not supported on the client|requires encryption"),
    Row("mssql.certificate", CERTIFICATE, "mssql", pattern="certificate verify failed|certificate chain|SSL Provider",
        test="test_sql_server_shows_a_strange_certificate"),
    Row("mssql.option", OPTION_WRONG, "mssql",
        pattern="Invalid value specified for connection string|Neither DSN nor SERVER keyword",
        test="test_a_setting_that_the_driver_does_not_know"),
    Row("mssql.lost", CONNECTION_LOST, "mssql", "08S01"),
)  # fmt: skip

_FREETDS = (
    Row("freetds.timeout", SERVER_SILENT, "freetds", "HYT00", look="address", test="test_a_server_that_stays_silent"),
    Row("freetds.connect", UNREACHABLE, "freetds", natives="20009", look="address", test="test_a_refused_port"),
    # Said of an unresolvable name, a server that hangs up and one that speaks another protocol alike.
    Row("freetds.data_source", UNREACHABLE, "freetds", "08001", look="address", if_open=CLOSED_IN_LOGIN,
        test="test_a_name_that_cannot_be_resolved"),
    Row("freetds.lost", CONNECTION_LOST, "freetds", "08S01"),
)  # fmt: skip

_DB2 = (
    Row("db2.name", NAME_UNKNOWN, "db2", natives="-1336", test="test_the_driver_of_db2"),
    Row("db2.connect", UNREACHABLE, "db2", natives="-30081", pattern="selectForConnectTimeout|\"connect\"",
        look="address", test="test_the_driver_of_db2"),
    Row("db2.timeout", SERVER_SILENT, "db2", natives="-30081", pattern="selectForRecvTimeout", look="address",
        test="test_the_driver_of_db2"),
    Row("db2.closed", CLOSED_IN_LOGIN, "db2", natives="-30081", look="address", test="test_the_driver_of_db2"),
)  # fmt: skip

_INFORMIX = (
    Row("informix.no_database", NOT_FOUND, "informix", natives="-329"),
    Row("informix.database_denied", DATABASE_DENIED, "informix", natives="-387"),
    Row("informix.account_locked", ACCOUNT_LOCKED, "informix", natives="-963 -965"),
    Row("informix.password_expired", PASSWORD_EXPIRED, "informix", natives="-962"),
    Row("informix.login", LOGIN_REFUSED, "informix", natives="-950 -951 -952"),
    Row("informix.machine", MACHINE_DENIED, "informix", natives="-954 -956"),
    Row("informix.server_name", SERVER_UNKNOWN, "informix", natives="-25596 -25555 -25553 -25560 -27008"),
    Row("informix.service_name", SERVER_UNKNOWN, "informix", natives="-905"),
    Row("informix.host_name", NAME_UNKNOWN, "informix", natives="-920 -25577", look="address"),
    Row("informix.connect", UNREACHABLE, "informix", natives="-908 -930 -931 -25580 -25588 -25599", look="address"),
    Row("informix.other_product", OTHER_PRODUCT, "informix", natives="-25595 -25569", look="address"),
    Row("informix.closed", CLOSED_IN_LOGIN, "informix", natives="-27001", look="address"),
    Row("informix.not_ready", NOT_READY, "informix", natives="-27002 -27009"),
    Row("informix.too_many", TOO_MANY, "informix", natives="-25548 -25571"),
    Row("informix.lost", CONNECTION_LOST, "informix", natives="-912 -913 -25582 -25583 -25586 -25587"),
    Row("informix.locale", LOCALE, "informix", natives="-23101 -23104 -23115 -23195 -23196 -23197"),
    Row("informix.row_locked", ROW_LOCKED, "informix",
        natives="-107 -113 -126 -143 -144 -154 -233 -243 -244 -245 -246 -250 -263"),
    Row("informix.full", SERVER_FULL, "informix", natives="-131"),
    Row("informix.interrupted", QUERY_TIMEOUT, "informix", natives="-213"),
    Row("informix.no_table", NO_TABLE, "informix", natives="-206"),
    Row("informix.table_denied", TABLE_DENIED, "informix", natives="-272 -274"),
    Row("informix.unicode", DRIVER_UNICODE, "informix", natives="-11060", pattern=r"SQLDriverConnect"),
    Row("informix.no_column", NO_COLUMN, "informix", natives="-217"),
)  # fmt: skip

_ORACLE = (
    Row("oracle.no_alias", ALIAS_UNKNOWN, "oracle", natives="DPY-4027 DPY-4000",
        test="test_oracle_by_an_unknown_alias"),
    Row("oracle.no_alias_thick", ALIAS_UNKNOWN, "oracle", natives="ORA-12154 DPY-4026"),
    Row("oracle.no_client", CLIENT_MISSING, "oracle", natives="DPI-1047", test="test_oracle_without_its_client"),
    # Said of a login without user and password.
    Row("oracle.nobody", LOGIN_REFUSED, "oracle", natives="DPY-3001", pattern="bequeath",
        test="test_oracle_without_user_or_password"),
    Row("oracle.client_needed", CLIENT_NEEDED, "oracle", natives="DPY-3001 DPY-3010 DPY-3015 ORA-28040"),
    Row("oracle.no_service", NOT_FOUND, "oracle", natives="DPY-6001 DPY-6003",
        test="test_the_listener_of_oracle_refuses"),
    Row("oracle.no_service_thick", NOT_FOUND, "oracle", natives="ORA-12514 ORA-12505"),
    # What a listener answers; oracledb says it with the number that is similar.
    Row("oracle.too_many_listener", TOO_MANY, "oracle", natives="ORA-12516 ORA-12519 ORA-12520",
        test="test_the_listener_of_oracle_refuses"),
    Row("oracle.too_many", TOO_MANY, "oracle", natives="ORA-00018 ORA-00020 ORA-02391"),
    Row("oracle.not_ready_listener", NOT_READY, "oracle", natives="ORA-12526 ORA-12527 ORA-12528",
        test="test_the_listener_of_oracle_refuses"),
    Row("oracle.not_ready", NOT_READY, "oracle", natives="ORA-01033 ORA-01034 ORA-01035 ORA-01089"),
    Row("oracle.no_user", LOGIN_REFUSED, "oracle", natives="DPY-4001", test="test_oracle_without_user_or_password"),
    Row("oracle.login", LOGIN_REFUSED, "oracle", natives="ORA-01017 ORA-01005"),
    Row("oracle.account_locked", ACCOUNT_LOCKED, "oracle", natives="ORA-28000"),
    Row("oracle.password_expired", PASSWORD_EXPIRED, "oracle", natives="ORA-28001"),
    Row("oracle.database_denied", DATABASE_DENIED, "oracle", natives="ORA-01045"),
    Row("oracle.certificate", CERTIFICATE, "oracle", natives="DPY-6002 DPY-6006 ORA-29024 ORA-28759"),
    Row("oracle.certificate_thin", CERTIFICATE, "oracle", pattern="certificate verify failed",
        test="test_oracle_encrypted"),
    Row("oracle.no_tls", ENCRYPTION_UNSUPPORTED, "oracle", pattern="WRONG_VERSION_NUMBER|UNEXPECTED_EOF",
        look="address", test="test_oracle_encrypted"),
    Row("oracle.tls_required", ENCRYPTION_REQUIRED, "oracle", natives="ORA-12660 ORA-12650"),
    Row("oracle.closed_in_login", CLOSED_IN_LOGIN, "oracle", natives="ORA-12537 ORA-12547", look="address"),
    Row("oracle.refused_thin", PORT_REFUSED, "oracle", pattern=r"\[Errno 111\]|\[WinError 10061\]",
        test="test_a_refused_port"),
    Row("oracle.silent_thin", PORT_SILENT, "oracle", natives="DPY-6005", pattern="timed out", look="address",
        test="test_dropped_packets"),
    Row("oracle.name", NAME_UNKNOWN, "oracle", natives="ORA-12545", look="address"),
    Row("oracle.refused", PORT_REFUSED, "oracle", natives="ORA-12541", look="address"),
    Row("oracle.silent", PORT_SILENT, "oracle", natives="ORA-12170 ORA-12535", look="address"),
    Row("oracle.query_time", QUERY_TIMEOUT, "oracle", natives="ORA-01013 DPY-4024 DPI-1067"),
    Row("oracle.row_locked", ROW_LOCKED, "oracle", natives="ORA-00054 ORA-30006 ORA-00060"),
    Row("oracle.no_table", NO_TABLE, "oracle", natives="ORA-00942"),
    Row("oracle.table_denied", TABLE_DENIED, "oracle", natives="ORA-01031"),
    Row("oracle.no_column", NO_COLUMN, "oracle", natives="ORA-00904"),
    Row("oracle.full", SERVER_FULL, "oracle", natives="ORA-01653 ORA-01654 ORA-01652 ORA-00257"),
)  # fmt: skip

_ORACLE_LOST = (
    # The general ones, after what they are said along with.
    Row("oracle.hung_up", CLOSED_IN_LOGIN, "oracle", natives="DPY-6005", look="address",
        test="test_a_server_that_hangs_up"),
    Row("oracle.listener", UNREACHABLE, "oracle", natives="DPY-6000", look="address"),
    Row("oracle.lost", CONNECTION_LOST, "oracle",
        natives="DPY-4011 DPY-1001 DPI-1080 ORA-00028 ORA-01012 ORA-02396 ORA-03113 ORA-03114 ORA-03135"),
)  # fmt: skip

_SYSTEM = (
    # What oracledb lets through as it is: the words of the system for a name or a connection.
    Row("system.name", NAME_UNKNOWN, pattern=r"\[Errno (?:-\d|11001)\]|getaddrinfo failed|Name or service not known",
        test="test_a_name_that_cannot_be_resolved"),
    Row("system.refused", PORT_REFUSED, pattern=r"\[Errno 111\]|\[WinError 10061\]|Connection refused"),
    Row("system.silent", PORT_SILENT, pattern=r"\[Errno 110\]|\[WinError 10060\]|^timed out$"),
    Row("system.unreachable", UNREACHABLE, pattern=r"\[Errno (?:101|113)\]|\[WinError 10051\]"),
)  # fmt: skip

_STANDARD = (
    # The standard's own SQLSTATEs, for drivers without rows of their own.
    Row("standard.login", LOGIN_REFUSED, "", "28000"),
    Row("standard.no_table", NO_TABLE, "", "42S02"),
    Row("standard.no_column", NO_COLUMN, "", "42S22"),
    Row("standard.row_locked", ROW_LOCKED, "", "40001"),
    Row("standard.lost", CONNECTION_LOST, "", "08003 08007"),
    Row("standard.timeout", SERVER_SILENT, "", "HYT00 HYT01", look="address"),
    Row("standard.unreachable", UNREACHABLE, "", "08001 08S01", look="address"),
    Row("standard.hung_up", CLOSED_IN_LOGIN, "", "08004", look="address"),
)  # fmt: skip

ROWS: tuple[Row, ...] = (
    *_OWN,
    *_MANAGER,
    *_SQLITE,
    *_MARIADB,
    *_POSTGRESQL,
    *_TDS,
    *_MSSQL,
    *_FREETDS,
    *_DB2,
    *_INFORMIX,
    *_ORACLE,
    *_ORACLE_LOST,
    *_SYSTEM,
    *_STANDARD,
)
"""The most specific first: the first row that fits any record of a message is the one."""


def row_for(*records: Said) -> Row | None:
    """The first row that fits one of the records of a message."""
    return next((row for row in ROWS if any(row.fits(said) for said in records)), None)
