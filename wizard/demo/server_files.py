"""The demo's configuration files of a Logix server: TotvsAppServer.ini and Totvsprofile.pro.

The support checklist of the integration starts with these two files. The sections and keys are those seen
in files of real servers and in the manuals of sibling products; the [WebServices] section is as the manual
of the integration implies it (it names URLLocation only). Both files are cp1252 with CRLF, as a Windows
server has them; comments stand on lines of their own, as some keys are not recognised with one behind.
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlsplit

APPSERVER_NAME: Final = "TotvsAppServer.ini"
PROFILE_NAME: Final = "Totvsprofile.pro"

ENVIRONMENT: Final = "logix12_demo"
"""Name of the environment section that [HTTP] and [WebServices] point to."""

_APPSERVER: Final = Template(r"""; TotvsAppServer.ini - Confecções Serra Azul Ltda
; Servidor de aplicação Logix (ambiente de demonstração)

[$environment]
RootPath=C:\totvs\logix\dados
SourcePath=C:\totvs\logix\rpo
StartPath=\sistema\
RpoLanguage=portuguese
RpoVersion=102
RpoPrefix=lgx
RpoDb=top
FGLSQLReplay=1
ScrollCursorSize=1000
FGLPROFILE=C:\totvs\logix\bin\Totvsprofile.pro
dbalias=logix
outputdir=C:\totvs\logix\relatorios

[Drivers]
Active=TCP

[TCP]
TYPE=TCPIP
Port=4330

[Service]
Name=TotvsAppServerLogix
Displayname=TOTVS Application Server - Logix

[General]
console=1
BuildKillUsers=0
LogEnable=1
ConsoleLog=1
consolemaxsize=10485760
monitorkey=LOGIX
servermemorylimit=2048
DATEZERO=4gl
SERVERTYPE=4gl

; Conexão com o banco de dados do ERP
[TotvsDbaccess]
driver=odbc
dataBase=MSSQL
alias=logix
Server=localhost
Port=7890

; A integração com o APS consome duas licenças (ordem de produção e de compra)
[licenseCLIENT]
Server=localhost
Port=5555

; Páginas e serviços: a porta é a mesma da URLLocation
[HTTP]
ENABLE=1
Port=$port
Path=C:\totvs\logix\web
ENVIRONMENT=$environment
DEFAULTPAGE=wsindex.apw
Instances=2,10
SESSIONTIMEOUT=60000

; Endereço que o APS usa na Confirmação (DB1000, "URL do Webservice do Logix")
[WebServices]
Enable=1
Environment=$environment
Conout=0
Trace=0
NameSpace=$origin/
URLLocation=$url

[ONSTART]
JOBS=JOB_WS
RefreshRate=120

[JOB_WS]
TYPE=WEBEX
ENVIRONMENT=$environment
INSTANCES=2,10
SIGAWEB=WS
INSTANCENAME=WS
ONSTART=__WSSTART
ONCONNECT=__WSCONNECT
""")

_PROFILE: Final = """# Totvsprofile.pro - Confecções Serra Azul Ltda
# Configuração do Logix (ambiente de demonstração)

# Código do cliente na TOTVS
logix.general.customerCode = "T00000"

# 1 = confere a revisão dos programas ao iniciar
logix.startApp.checkRevision = "0"

# Número máximo de processos simultâneos por sessão
logix.threads.max = "10"

# Licença de desenvolvimento: não usar em produção
logix.license.LSDevTest = "0"

# Minutos sem uso até o programa sair da memória
logix.source.inactiveTimeOut = "30"

# Fuso horário do servidor (Brasília)
logix.timezone.server = "-03:00"

# As chaves eai.* antigas não devem voltar: a configuração do EAI fica no assistente EAI10000
# eai.hostapplication = "LOGIX"
"""


def _encoded(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("cp1252")


def write(folder: Path, webservice_url: str) -> tuple[Path, Path]:
    """Write both files in ``folder``, which must exist; returns (appserver ini, profile).

    ``webservice_url`` is the absolute http(s) address that becomes URLLocation, and its port [HTTP]'s. An
    address of another form raises ValueError: it would change the meaning of the lines around it.
    """
    address = urlsplit(webservice_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ValueError(f"not an http address: {webservice_url!r}")
    if not webservice_url.isascii() or any(c.isspace() or not c.isprintable() for c in webservice_url):
        raise ValueError(f"not an address a line can hold: {webservice_url!r}")
    port = address.port or (443 if address.scheme == "https" else 80)
    appserver = _APPSERVER.substitute(
        environment=ENVIRONMENT,
        port=port,
        origin=f"{address.scheme}://{address.netloc}",
        url=webservice_url,
    )
    ini, profile = folder / APPSERVER_NAME, folder / PROFILE_NAME
    ini.write_bytes(_encoded(appserver))
    profile.write_bytes(_encoded(_PROFILE))
    return ini, profile
