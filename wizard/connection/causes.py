"""What people are told of a database that fails: one cause and one action for each code.

By what a cause is known stands in `fault_table`.
"""

from __future__ import annotations

from dataclasses import dataclass

from wizard.i18n import N_


@dataclass(frozen=True)
class Fault:
    """One cause, with a stable code, and what to do about it. The texts are translated where they are shown."""

    code: str
    cause: str
    action: str


DRIVER_UNREGISTERED = Fault(
    "database.driver_unregistered",
    N_("No ODBC driver of this name is registered on this machine."),
    N_("Choose one of the drivers that are listed, or install the client of the database (64 bit)."),
)
DRIVER_MISSING = Fault(
    "database.driver_missing",
    N_("The driver is registered, but its library is not there."),
    N_("Install the client of the database again, in the same bitness as this program (64 bit)."),
)
DRIVER_BITNESS = Fault(
    "database.driver_bitness",
    N_("The driver is of the other bitness (32 or 64 bit) than this program."),
    N_("Install the 64 bit driver and make the DSN with the ODBC administrator of 64 bit."),
)
DRIVER_NEEDS = Fault(
    "database.driver_needs",
    N_("A library that the driver itself needs is missing."),
    N_("Install the client of the database completely; the details name the library."),
)
DRIVER_DAMAGED = Fault(
    "database.driver_damaged",
    N_("The file that is registered as the driver is no ODBC driver, or is damaged."),
    N_("Install the client of the database again, or correct the path of the driver."),
)
DRIVER_UNICODE = Fault(
    "database.driver_unicode",
    N_("The driver of Informix gives up before the login, without a reason."),
    N_("On Linux put a section [ODBC] with UNICODE=UCS-2 into odbc.ini; elsewhere install the Client SDK again."),
)
CLIENT_NEEDED = Fault(
    "database.client_needed",
    N_("This Oracle server cannot be used without an Oracle client."),
    N_("Install the Oracle Instant Client (64 bit) and give its folder."),
)
CLIENT_MISSING = Fault(
    "database.driver_missing",
    N_("The Oracle client cannot be loaded."),
    N_("Give the folder of an Oracle Instant Client of 64 bit, or leave the folder empty to do without it."),
)
DSN_UNKNOWN = Fault(
    "database.dsn_unknown",
    N_("There is no ODBC data source (DSN) of this name for this program."),
    N_(
        "Create it as a System DSN with the ODBC administrator of the same bitness as this program, "
        "or correct the name: it must be exactly the same."
    ),
)
DSN_DRIVER = Fault(
    "database.dsn_driver",
    N_("The DSN exists, but the driver that it names is not registered."),
    N_("Install the driver, or make the DSN anew with a driver of the list."),
)
ALIAS_UNKNOWN = Fault(
    "database.alias_unknown",
    N_("The TNS alias is not known here."),
    N_("Set TNS_ADMIN to the folder of tnsnames.ora for this account, or give host, port and service."),
)
SERVER_UNKNOWN = Fault(
    "database.server_unknown",
    N_("This machine does not know an Informix server of this name."),
    N_("Correct the server name in the DSN, with host, service and protocol (Setnet32 or sqlhosts)."),
)
OPTION_WRONG = Fault(
    "database.option_wrong",
    N_("The driver does not accept a setting of the connection."),
    N_("The details name the setting. Correct it in the DSN or on this page."),
)
NO_FILE = Fault(
    "database.no_file",
    N_("The database file cannot be opened, or is not a SQLite database."),
    N_("Check the path."),
)
NAME_UNKNOWN = Fault(
    "database.name_unknown",
    N_("The name of the database server cannot be resolved."),
    N_("Check the spelling, the DNS and the VPN."),
)
PORT_REFUSED = Fault(
    "database.port_refused",
    N_("The machine refuses the connection: no database server listens at this port."),
    N_("Check the port, and whether the database is started."),
)
PORT_SILENT = Fault(
    "database.port_silent",
    N_("The machine does not answer at this address."),
    N_("Check VPN and firewall: something drops the packets."),
)
UNREACHABLE = Fault(
    "database.unreachable",
    N_("The database server does not answer."),
    N_("Check name, port, VPN and firewall."),
)
SERVER_SILENT = Fault(
    "database.server_silent",
    N_("No answer to the login within the time limit."),
    N_(
        "Check name, port, VPN and firewall; then whether the server is overloaded, "
        "or another product answers at this port."
    ),
)
OTHER_PRODUCT = Fault(
    "database.other_product",
    N_("What answers at this port is not the database that the driver expects."),
    N_("Check the port and the driver: another product, or another kind of database, listens there."),
)
CLOSED_IN_LOGIN = Fault(
    "database.closed_in_login",
    N_("The server closed the connection before the login was through."),
    N_(
        "Check the port, a firewall in between, and the log of the server: "
        "it may be starting, full or not accept this machine."
    ),
)
NOT_READY = Fault(
    "database.not_ready",
    N_("The database server is starting, stopping or closed for maintenance."),
    N_("Wait, or ask whoever administers it; then test again."),
)
MACHINE_DENIED = Fault(
    "database.machine_denied",
    N_("The server does not accept this user from this machine."),
    N_("Ask whoever administers the database to allow this machine, or the kind of encryption it demands."),
)
ENCRYPTION_REQUIRED = Fault(
    "database.encryption_required",
    N_("The server demands an encrypted connection."),
    N_("Switch encryption on for this connection or DSN."),
)
ENCRYPTION_UNSUPPORTED = Fault(
    "database.encryption_unsupported",
    N_("The connection is to be encrypted, and the server does not offer that."),
    N_("Set encryption to optional (version 18 of the Microsoft driver demands it by default), or switch it on there."),
)
CERTIFICATE = Fault(
    "database.certificate",
    N_("The certificate of the database server was not accepted."),
    N_("Install the certificate of its authority on this machine, or change how the connection is encrypted."),
)
LOGIN_REFUSED = Fault(
    "database.login_refused",
    N_("The server refused user or password."),
    N_("Type both again. Watch for capitals, an expired password and a locked user."),
)
ACCOUNT_LOCKED = Fault(
    "database.account_locked",
    N_("The user of the database is locked or may not log in."),
    N_("Ask whoever administers the database to unlock it."),
)
PASSWORD_EXPIRED = Fault(
    "database.password_expired",
    N_("The password of the database user has expired or has to be changed."),
    N_("Have it changed in the database, without expiry for a service, and store the new one here."),
)
NOT_FOUND = Fault(
    "database.not_found",
    N_("The server has no database or service of this name, or this user may not open it."),
    N_("Check the name of the database, or the service name, with whoever administers it."),
)
DATABASE_DENIED = Fault(
    "database.database_denied",
    N_("This user may not open the database."),
    N_("Have the right to connect to this database granted to the user."),
)
TOO_MANY = Fault(
    "database.too_many_connections",
    N_("The server takes no more connections, or none more of this user."),
    N_("Close other programs, or have the limit of connections raised."),
)
NO_TABLE = Fault(
    "database.no_table",
    N_("A Logix table is missing, or this user may not read it."),
    N_("Check that the database is the one of Logix, and that the user may SELECT on its tables."),
)
TABLE_DENIED = Fault(
    "database.table_denied",
    N_("This user may not read a Logix table or column."),
    N_("Have SELECT on the tables of Logix granted to the user; the details name the table."),
)
NO_COLUMN = Fault(
    "database.no_column",
    N_("A column of a Logix table is missing."),
    N_("Compare the releases of Logix and APS; they should be the same."),
)
ROW_LOCKED = Fault(
    "database.row_locked",
    N_("A row is locked by another user."),
    N_("With Informix, use the isolation level Read Uncommitted (dirty read), as the manual recommends."),
)
LOCALE = Fault(
    "database.locale",
    N_("The locales of client and database do not match."),
    N_("Set CLIENT_LOCALE and DB_LOCALE of the DSN as the database has them, such as en_US.CP1252."),
)
CONNECTION_LOST = Fault(
    "database.connection_lost",
    N_("The connection broke off, or somebody ended the session."),
    N_("Test again. If it happens often, check the network, and time limits of firewall and server."),
)
QUERY_TIMEOUT = Fault(
    "database.query_timeout",
    N_("The query took longer than it may, or was interrupted."),
    N_("Test again when the server is less busy, or raise the time limit."),
)
SERVER_FULL = Fault(
    "database.server_full",
    N_("The server has no space left on disk or in a tablespace."),
    N_("Ask whoever administers the database to make room."),
)
UNKNOWN = Fault(
    "database.unknown_error",
    N_("The database answered with an error that this program does not know."),
    N_("The original text is in the details."),
)
