"""Faults of servers that cannot be had here, as their manuals write them; and how a message is taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.connection.fault_table import ROWS, row_for
from wizard.connection.faults import explain
from wizard.connection.looks import Place
from wizard.connection.said import Said, heard

INFORMIX = {
    "database.not_found": {-329: "Database not found or no system permission."},
    "database.database_denied": {-387: "No connect permission."},
    "database.account_locked": {-963: "The user is locked.", -965: "Illegal time for the user to log in."},
    "database.password_expired": {-962: "Password is out of date."},
    "database.login_refused": {
        -950: "User aps is not known on the database server.",
        -951: "Incorrect password or user aps is not known on the database server.",
        -952: "User (aps)'s password is not correct for the database server.",
    },
    "database.machine_denied": {
        -954: "Client is not known to database server.",
        -956: "Client host or user aps is not trusted by the server.",
    },
    "database.server_unknown": {
        -25596: "The INFORMIXSERVER value is not listed in the sqlhosts file or the Registry.",
        -25555: "Server ol_logix is not listed as a dbserver name in sqlhosts.",
        -25553: "Sqlhosts file not found or cannot be opened.",
        -25560: "Environment variable INFORMIXSERVER must be set.",
        -27008: "Invalid database server name.",
        -905: "Cannot locate sqlexec service/tcp service in /etc/services.",
    },
    "database.name_unknown": {
        -920: "Cannot read host address in network data base.",
        -25577: "Network driver cannot get a host structure.",
    },
    "database.unreachable": {
        -908: "Attempt to connect to database server (ol_logix) failed.",
        -930: "Cannot connect to database server ol_logix.",
        -931: "Cannot locate sqlexec service/tcp service in /etc/services.",
        -25580: "System error occurred in network function.",
        -25588: "The appl process cannot connect to the database server ol_logix.",
        -25599: "Network connection error - no listener.",
    },
    "database.other_product": {
        -25595: "Invalid message received during connection attempt.",
        -25569: "SQL protocol level negotiation error.",
    },
    "database.closed_in_login": {-27001: "Read error occurred during connection attempt."},
    "database.not_ready": {
        -27002: "No connections are allowed in quiescent mode.",
        -27009: "None of the server in group is in primary or standard mode.",
    },
    "database.too_many_connections": {
        -25548: "Too many active connections.",
        -25571: "Cannot create a user thread.",
    },
    "database.connection_lost": {
        -912: "Network error - Could not write to database server.",
        -913: "Network error - Could not read from database server.",
        -25582: "Network connection is broken.",
        -25583: "Unknown network error.",
        -25586: "Network send failed.",
        -25587: "Network receive failed.",
    },
    "database.locale": {
        -23101: "Unable to load locale categories.",
        -23104: "Error opening required code-set conversion object file.",
        -23115: "Code sets of the locale categories are not the same.",
        -23195: "Reset locale failed. Connection refused.",
        -23196: "Unknown locale in selected database.",
        -23197: "Database locale information mismatch.",
    },
    "database.row_locked": {
        -107: "ISAM error:  record is locked.",
        -113: "ISAM error:  the file is locked.",
        -126: "ISAM error:  bad row id.",
        -143: "ISAM error:  deadlock detected.",
        -144: "ISAM error:  key value locked.",
        -154: "ISAM error:  Lock Timeout Expired.",
        -233: "Cannot read record that is locked by another user.",
        -243: "Could not position within a table (empresa).",
        -244: "Could not do a physical-order read to fetch next row.",
        -245: "Could not position within a file via an index.",
        -246: "Could not do an indexed read to get the next row.",
        -250: "Cannot read record from file for update.",
        -263: "Could not lock row for UPDATE.",
    },
    "database.driver_unicode": {-11060: "General error."},
    "database.server_full": {-131: "ISAM error:  no free disk space."},
    "database.query_timeout": {-213: "Statement interrupted by user."},
    "database.no_table": {-206: "The specified table (empresa) is not in the database."},
    "database.table_denied": {
        -272: "No SELECT permission for empresa.",
        -274: "No DELETE permission for empresa.",
    },
    "database.no_column": {-217: "Column (den_empresa) not found in any table in the query."},
}

ORACLE = {
    "database.alias_unknown": {
        "ORA-12154": "TNS:could not resolve the connect identifier specified",
        "DPY-4026": "file 'tnsnames.ora' is missing or unreadable",
    },
    "database.client_needed": {
        "DPY-3001": "Native Network Encryption and Data Integrity is only supported in python-oracledb thick mode",
        "DPY-3010": "connections to this database server version are not supported by python-oracledb in thin mode",
        "DPY-3015": "password verifier type 0x939 is not supported by python-oracledb in thin mode",
        "ORA-28040": "No matching authentication protocol",
    },
    "database.not_found": {
        "ORA-12514": "TNS:listener does not currently know of service requested in connect descriptor",
        "ORA-12505": "TNS:listener does not currently know of SID given in connect descriptor",
    },
    "database.too_many_connections": {
        "ORA-00018": "maximum number of sessions exceeded",
        "ORA-00020": "maximum number of processes (300) exceeded",
        "ORA-02391": "exceeded simultaneous SESSIONS_PER_USER limit",
    },
    "database.not_ready": {
        "ORA-01033": "ORACLE initialization or shutdown in progress",
        "ORA-01034": "ORACLE not available",
        "ORA-01035": "ORACLE only available to users with RESTRICTED SESSION privilege",
        "ORA-01089": "immediate shutdown or close in progress - no operations are permitted",
    },
    "database.login_refused": {
        "ORA-01017": "invalid username/password; logon denied",
        "ORA-01005": "null password given; logon denied",
    },
    "database.account_locked": {"ORA-28000": "the account is locked"},
    "database.password_expired": {"ORA-28001": "the password has expired"},
    "database.database_denied": {"ORA-01045": "user APS lacks CREATE SESSION privilege; logon denied"},
    "database.certificate": {
        "DPY-6002": "The distinguished name (DN) on the server certificate does not match the expected value: CN=x",
        "DPY-6006": "The name on the server certificate does not match the expected value: x",
        "ORA-29024": "Certificate validation failure",
        "ORA-28759": "failure to open file",
    },
    "database.encryption_required": {
        "ORA-12660": "Encryption or crypto-checksumming parameters incompatible",
        "ORA-12650": "No common encryption or data integrity algorithm",
    },
    "database.closed_in_login": {"ORA-12537": "TNS:connection closed", "ORA-12547": "TNS:lost contact"},
    "database.name_unknown": {"ORA-12545": "Connect failed because target host or object does not exist"},
    "database.port_refused": {"ORA-12541": "TNS:no listener"},
    "database.port_silent": {
        "ORA-12170": "TNS:Connect timeout occurred",
        "ORA-12535": "TNS:operation timed out",
    },
    "database.unreachable": {"DPY-6000": "Listener refused connection. (Similar to ORA-12599)"},
    "database.query_timeout": {
        "ORA-01013": "user requested cancel of current operation",
        "DPY-4024": "call timeout of 2000 ms exceeded",
        "DPI-1067": "call timeout of 2000 ms exceeded",
    },
    "database.row_locked": {
        "ORA-00054": "resource busy and acquire with NOWAIT specified or timeout expired",
        "ORA-30006": "resource busy; acquire with WAIT timeout expired",
        "ORA-00060": "deadlock detected while waiting for resource",
    },
    "database.no_table": {"ORA-00942": "table or view does not exist"},
    "database.table_denied": {"ORA-01031": "insufficient privileges"},
    "database.no_column": {"ORA-00904": '"DEN_EMPRESA": invalid identifier'},
    "database.server_full": {
        "ORA-01653": "unable to extend table LOGIX.ITEM by 128 in tablespace USERS",
        "ORA-01654": "unable to extend index LOGIX.IX1 by 128 in tablespace USERS",
        "ORA-01652": "unable to extend temp segment by 128 in tablespace TEMP",
        "ORA-00257": "archiver error. Connect internal only, until freed.",
    },
    "database.connection_lost": {
        "DPY-4011": "the database or network closed the connection",
        "DPY-1001": "not connected to database",
        "DPI-1080": "connection was closed by ORA-03113",
        "ORA-00028": "your session has been killed",
        "ORA-01012": "not logged on",
        "ORA-02396": "exceeded maximum idle time, please connect again",
        "ORA-03113": "end-of-file on communication channel",
        "ORA-03114": "not connected to ORACLE",
        "ORA-03135": "connection lost contact",
    },
}

SQL_SERVER = {
    "database.not_found": {
        911: "Database 'logix' does not exist. Make sure that the name is entered correctly.",
        4063: "Cannot open database that was requested by the login. Using the user default database instead.",
        4064: "Cannot open user default database. Login failed.",
    },
    "database.login_refused": {
        18451: "Login failed for user 'aps'. Only administrators may connect at this time.",
        18452: "Login failed. The login is from an untrusted domain and cannot be used with Windows authentication.",
    },
    "database.too_many_connections": {17300: "The server was unable to run a new system task."},
    "database.not_ready": {
        17142: "SQL Server service has been paused. No new connections will be allowed.",
        6005: "SHUTDOWN is in progress.",
    },
    "database.no_table": {208: "Invalid object name 'empresa'."},
    "database.table_denied": {
        229: "The SELECT permission was denied on the object 'empresa', database 'logix', schema 'dbo'.",
        230: "The SELECT permission was denied on the column 'den_empresa' of the object 'empresa'.",
    },
    "database.no_column": {207: "Invalid column name 'den_empresa'."},
    "database.row_locked": {
        1222: "Lock request time out period exceeded.",
        1205: "Transaction (Process ID 52) was deadlocked on lock resources with another process.",
        3960: "Snapshot isolation transaction aborted due to update conflict.",
    },
    "database.connection_lost": {596: "Cannot continue the execution because the session is in the kill state."},
    "database.server_full": {
        1101: "Could not allocate a new page for database 'tempdb' because of insufficient disk space.",
        1105: "Could not allocate space for object 'x' in database 'logix' because the filegroup is full.",
        9002: "The transaction log for database 'logix' is full.",
    },
}

OTHERS = [
    # driver managers
    (
        "[IM014] [Microsoft][ODBC Driver Manager] The specified DSN contains an architecture mismatch between the "
        "Driver and Application (0) (SQLDriverConnect)",
        "database.driver_bitness",
    ),
    (
        "[IM003] Specified driver could not be loaded due to system error  193: (IBM INFORMIX ODBC DRIVER, iclit09b).",
        "database.driver_bitness",
    ),
    (
        "[IM003] Specified driver could not be loaded due to system error  126 (IBM INFORMIX ODBC DRIVER)",
        "database.driver_missing",
    ),
    ("[IM005] [unixODBC][Driver Manager]Driver's SQLAllocConnect failed (0)", "database.driver_damaged"),
    ("[IM002] Data source name not found and no default driver specified (0)", "database.dsn_unknown"),
    # MariaDB and MySQL
    ("[HY000] [ma-3.1.15]Can't connect to server on 'h' (110) (2002) (SQLDriverConnect)", "database.port_silent"),
    ("[HY000] [ma-3.1.15]Can't connect to server on 'h' (10060) (2002) (SQLDriverConnect)", "database.port_silent"),
    ("[HY000] [MySQL][ODBC 8.0(w) Driver]Can't connect to MySQL server on 'h' (2003)", "database.port_refused"),
    ("[HY000] [MySQL][ODBC 8.0(w) Driver]Can't connect to MySQL server on 'h' (10060) (2003)", "database.port_silent"),
    ("[HY000] [ma-3.1.15]TLS/SSL error: certificate verify failed (2026) (SQLDriverConnect)", "database.certificate"),
    (
        "[HY000] [MySQL][ODBC 8.0(w) Driver]Connections using insecure transport are prohibited while "
        "--require_secure_transport=ON. (3159)",
        "database.encryption_required",
    ),
    (
        "[HY000] [MySQL][ODBC 8.0(w) Driver]Access denied for user 'aps'@'h'. Account is locked. (3118)",
        "database.account_locked",
    ),
    ("[HY000] [ma-3.1.15]Your password has expired. (1862) (SQLDriverConnect)", "database.password_expired"),
    ("[28000] [ma-3.1.15]Access denied for user 'aps'@'h' (1698) (SQLDriverConnect)", "database.login_refused"),
    (
        "[42000] [ma-3.1.15]User aps already has more than 'max_user_connections' active connections (1203)",
        "database.too_many_connections",
    ),
    ("[08S01] [ma-3.1.15]Server has gone away (2006) (SQLExecDirectW)", "database.connection_lost"),
    ("[08S01] [ma-3.1.15]Server shutdown in progress (1053) (SQLExecDirectW)", "database.connection_lost"),
    ("[70100] [ma-3.1.15]Connection was killed (1927) (SQLExecDirectW)", "database.connection_lost"),
    ("[HY000] [ma-3.1.15][10.11.19-MariaDB]Disk full (/tmp/x) (1021) (SQLExecDirectW)", "database.server_full"),
    ("[HY000] [ma-3.1.15][10.11.19-MariaDB]The table 'x' is full (1114) (SQLExecDirectW)", "database.server_full"),
    # PostgreSQL
    (
        '[08001] connection to server at "h", port 5432 failed: FATAL:  no pg_hba.conf entry for host "10.0.0.1", '
        'user "aps", database "logix", SSL encryption (101)',
        "database.machine_denied",
    ),
    (
        '[08001] connection to server at "h", port 5432 failed: FATAL:  the database system is starting up (101)',
        "database.not_ready",
    ),
    ("[40P01] ERROR: deadlock detected;\nError while executing the query (1)", "database.row_locked"),
    (
        "[57P02] FATAL: terminating connection because of crash of another server process (26)",
        "database.connection_lost",
    ),
    ("[57P03] FATAL: the server ended the connection (26)", "database.connection_lost"),
    ("[53100] ERROR: could not extend file: No space left on device (1)", "database.server_full"),
    # SQL Server's own driver, and FreeTDS
    (
        "[08001] [Microsoft][ODBC Driver 17 for SQL Server]Encryption not supported on the client. (21)",
        "database.encryption_required",
    ),
    ("[HYT00] [Microsoft][ODBC Driver 18 for SQL Server]Query timeout expired (0)", "database.query_timeout"),
    (
        "[08S01] [Microsoft][ODBC Driver 18 for SQL Server]TCP Provider: An existing connection was forcibly closed "
        "by the remote host. (10054) (SQLExecDirectW)",
        "database.connection_lost",
    ),
    ("[08S01] [FreeTDS][SQL Server]Write to the server failed (20006) (SQLExecDirectW)", "database.connection_lost"),
    # SQLite
    ("database or disk is full", "database.server_full"),
    # the words of the system
    ("[Errno 111] Connection refused", "database.port_refused"),
    (
        "[WinError 10061] No connection could be made because the target machine actively refused it",
        "database.port_refused",
    ),
    ("[Errno 110] Connection timed out", "database.port_silent"),
    ("timed out", "database.port_silent"),
    ("[Errno 101] Network is unreachable", "database.unreachable"),
    ("[Errno 11001] getaddrinfo failed", "database.name_unknown"),
    # the standard's SQLSTATEs, of a driver without rows of its own
    ("[28000] [Other][ODBC]Not allowed (5)", "database.login_refused"),
    ("[42S02] [Other][ODBC]Not there (5)", "database.no_table"),
    ("[42S22] [Other][ODBC]Not there (5)", "database.no_column"),
    ("[40001] [Other][ODBC]Serialization failure (5)", "database.row_locked"),
    ("[08003] [Other][ODBC]Not open (5)", "database.connection_lost"),
    ("[08007] [Other][ODBC]Failed in the transaction (5)", "database.connection_lost"),
    ("[HYT00] [Other][ODBC]Timeout (5)", "database.server_silent"),
    ("[HYT01] [Other][ODBC]Timeout (5)", "database.server_silent"),
    ("[08001] [Other][ODBC]No connection (5)", "database.unreachable"),
    ("[08S01] [Other][ODBC]Link failure (5)", "database.unreachable"),
    ("[08004] [Other][ODBC]Rejected (5)", "database.closed_in_login"),
]


def texts() -> Iterator[tuple[str, str]]:
    """Every documented message as its driver words it, and the code that it has to get."""
    for code, words in INFORMIX.items():
        for number, text in words.items():
            yield f"[HY000] [Informix][Informix ODBC Driver][Informix]{text} ({number}) (SQLDriverConnect)", code
    for code, named in ORACLE.items():
        for name, text in named.items():
            yield f"{name}: {text}", code
            if name.startswith("ORA"):
                yield f"[HY000] [Oracle][ODBC][Ora]{name}: {text} ({int(name[4:])}) (SQLDriverConnect)", code
    for code, numbers in SQL_SERVER.items():
        for number, text in numbers.items():
            yield (
                f"[42000] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]{text} ({number}) (SQLExecDirectW)",
                code,
            )
            yield f"[42000] [FreeTDS][SQL Server]{text} ({number}) (SQLExecDirectW)", code
    yield from OTHERS


@pytest.mark.parametrize(("text", "code"), list(texts()))
def test_a_documented_message_gets_cause_and_action(text: str, code: str) -> None:
    outcome = explain(text)
    assert (outcome.status, outcome.code) == ("fail", code)
    assert outcome.message
    assert outcome.hint
    assert outcome.details == {"original": text}


def test_every_documented_row_has_a_message_for_each_of_its_codes() -> None:
    met: dict[str, set[str]] = {}
    for text, _code in texts():
        row = row_for(*heard(text))
        assert row is not None, text
        met.setdefault(row.name, set()).update(mark for said in heard(text) for mark in (said.native, said.state))
    for row in ROWS:
        if not row.test:
            assert set(row.natives.split()) | set(row.states.split()) <= met.get(row.name, set()), row.name
            assert row.name in met, row.name


def test_the_codes_that_informix_says_of_a_locked_row_are_one_cause_alone_and_along_with_another() -> None:
    first = "[HY000] [Informix][Informix ODBC Driver][Informix]Could not do a physical-order read to fetch next row. "
    second = "[HY000] [Informix][Informix ODBC Driver][Informix]ISAM error:  record is locked. "
    for text in (f"{first}(-244) (SQLFetch)", f"{first}(-244) (SQLFetch); {second}(-107) (SQLFetch)"):
        outcome = explain(f"('HY000', {text!r})")
        assert outcome.code == "database.row_locked"
        assert "Read Uncommitted" in outcome.hint
        assert outcome.details == {"original": text}


def test_the_cause_before_the_login_that_failed_of_it_is_the_one() -> None:
    outcome = explain(
        "[28000] [Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Login failed for user 'aps'. (18456); [42000] "
        '[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]Cannot open database "logix" requested by the login. '
        "The login failed. (4060)"
    )
    assert outcome.code == "database.not_found"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ora, ora",
        "('HY000', ",
        "('HY000',)",
        "()",
        "[HY000] Something else happened (1) (SQLDriverConnect)",
        "order 4711-244 of 2024-206 at port 28000",
        "[HY000] [Informix][Informix ODBC Driver]Something else (-9999) (SQLDriverConnect)",
        # Numbers of one server mean nothing of another.
        "[HY000] [ma-3.1.15]Something else (-244) (SQLDriverConnect)",
        "[HY000] [Informix][Informix ODBC Driver]Something else (1045) (SQLDriverConnect)",
    ],
)
def test_what_is_not_known_is_said_to_be_unknown_and_shown(text: str) -> None:
    outcome = explain(text, Place(("127.0.0.1", 1), "LOGIX"))
    assert outcome.code == "database.unknown_error"
    assert outcome.hint
    shown = {"('HY000',)": "HY000"}
    assert outcome.details == {"original": shown.get(text, text)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[28000] [ma-3.1.15]Access denied (1045) (SQLDriverConnect)",
            [Said("mariadb", "28000", "1045", "[ma-3.1.15]Access denied (1045) (SQLDriverConnect)")],
        ),
        ("ORA-1017: denied", [Said("oracle", "", "ORA-01017", "ORA-1017: denied")]),
        (
            "DPY-6005: cannot connect.\nDPY-4011: closed",
            [
                Said("oracle", "", "DPY-6005", "DPY-6005: cannot connect."),
                Said("oracle", "", "DPY-4011", "DPY-4011: closed"),
            ],
        ),
        (
            "[HY000] [Informix]One (-244) (SQLFetch); [HY000] Two (-107) (SQLFetch)",
            [
                Said("informix", "HY000", "-244", "[Informix]One (-244) (SQLFetch);"),
                Said("informix", "HY000", "-107", "Two (-107) (SQLFetch)"),
            ],
        ),
        ('(1045, "Access denied")', [Said("mariadb", "", "1045", "Access denied")]),
        (
            'connection failed: connection to server at "h", port 1 failed: FATAL:  x',
            [Said("postgresql", "", "", 'connection failed: connection to server at "h", port 1 failed: FATAL:  x')],
        ),
        ("[08001] FATAL: x (101)", [Said("postgresql", "08001", "101", "FATAL: x (101)")]),
        ("-951: Incorrect password", [Said("", "", "-951", "-951: Incorrect password")]),
    ],
)
def test_a_message_is_taken_apart(text: str, said: list[Said]) -> None:
    assert list(heard(text)) == said


@given(
    st.text(max_size=200),
    st.lists(st.sampled_from(["[28000]", "(", ")", "(1045)", "ORA-01017", "-951", "[ma-", "'", "\\"]), max_size=9),
)
def test_no_text_is_too_strange_to_be_explained(text: str, pieces: list[str]) -> None:
    whole = " ".join([text, *pieces])
    outcome = explain(whole)
    assert outcome.status == "fail"
    assert outcome.hint
    assert re.fullmatch(r"database\.[a-z_]+", outcome.code)
