; The installer. build.py gives VERSION, NUMBERS, OUT, LISTS, ICON, SIDE, NEED_KB, NEED_MB, COMPRESSION and, to sign, SIGN.
; Exit codes: 0 done, 1 cancelled, 2 copying failed, 3 Windows too old, 4 the program is running, 5 not an
; administrator, 6 too little space, 7 a newer version is installed, 8 a step after copying failed,
; 9 the older version could not be removed. README.md beside this file tells them to people.

Unicode true
Target amd64-unicode
SetCompressor /SOLID ${COMPRESSION}
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel admin

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "WordFunc.nsh"
!include "x64.nsh"

!define ID "aps-wizard"
!define OWN_KEY "Software\aps-wizard"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\aps-wizard"
!define EVENT_KEY "SYSTEM\CurrentControlSet\Services\EventLog\Application\aps-engine"
!define FILE_KEY "Software\Classes\aps-wizard.profile"
!define START_MENU "$SMPROGRAMS\aps-wizard"
!define LEAST_BUILD 17763

Name "$(ProductTitle)"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\aps-wizard"
InstallDirRegKey HKLM "${OWN_KEY}" "InstallDir"
BrandingText "aps-wizard ${VERSION}"
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 "ProductName" "aps-wizard"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "aps-wizard setup"
VIAddVersionKey /LANG=0 "LegalCopyright" ""

!ifdef SIGN
!uninstfinalize '${SIGN}' = 0
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_NODESC
!define MUI_LANGDLL_REGISTRY_ROOT HKLM
!define MUI_LANGDLL_REGISTRY_KEY "${OWN_KEY}"
!define MUI_LANGDLL_REGISTRY_VALUENAME "Language"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_WELCOMEPAGE_TITLE "$(ProductTitle)"
!define MUI_WELCOMEPAGE_TEXT "$(WelcomeText)"
!define MUI_FINISHPAGE_TITLE "$(FinishTitle)"
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "$(RunDemo)"
!define MUI_FINISHPAGE_RUN_FUNCTION OpenDemo
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "PortugueseBR"
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Spanish"
!insertmacro MUI_RESERVEFILE_LANGDLL

!macro Text NAME PORTUGUESE ENGLISH SPANISH
  LangString ${NAME} ${LANG_PORTUGUESEBR} "${PORTUGUESE}"
  LangString ${NAME} ${LANG_ENGLISH} "${ENGLISH}"
  LangString ${NAME} ${LANG_SPANISH} "${SPANISH}"
!macroend
!insertmacro Text ProductTitle "Assistente de implantação APS x Logix" "APS x Logix implementation wizard" "Asistente de implantación APS x Logix"
!insertmacro Text WelcomeText "Configura a integração TOTVS APS x Logix neste servidor e a comprova nos sistemas reais.$\r$\n$\r$\nNada é baixado da Internet. Os perfis e as senhas de uma versão anterior ficam como estão." "Configures the integration TOTVS APS x Logix on this server and proves it against the real systems.$\r$\n$\r$\nNothing is downloaded. Profiles and passwords of an older version stay as they are." "Configura la integración TOTVS APS x Logix en este servidor y la comprueba en los sistemas reales.$\r$\n$\r$\nNo se descarga nada de Internet. Los perfiles y las contraseñas de una versión anterior quedan como están."
!insertmacro Text FinishTitle "Instalação concluída" "Installation finished" "Instalación terminada"
!insertmacro Text MainPart "Programa" "Program" "Programa"
!insertmacro Text PathPart "Linha de comando no PATH" "Command line in PATH" "Línea de comandos en el PATH"
!insertmacro Text ConsoleEntry "Linha de comando" "Command line" "Línea de comandos"
!insertmacro Text DemoEntry "Demonstração" "Demonstration" "Demostración"
!insertmacro Text ProfileType "Perfil da integração APS x Logix" "Profile of the integration APS x Logix" "Perfil de la integración APS x Logix"
!insertmacro Text OpenProfile "Abrir no assistente" "Open in the wizard" "Abrir en el asistente"
!insertmacro Text RunDemo "Abrir a demonstração" "Open the demonstration" "Abrir la demostración"
!insertmacro Text Not64 "É preciso um Windows de 64 bits." "A 64-bit Windows is needed." "Se necesita un Windows de 64 bits."
!insertmacro Text TooOld "É preciso o Windows Server 2019, o Windows 10 1809 (compilação ${LEAST_BUILD}) ou mais novo. Nada foi instalado." "Windows Server 2019, Windows 10 1809 (build ${LEAST_BUILD}) or newer is needed. Nothing was installed." "Se necesita Windows Server 2019, Windows 10 1809 (compilación ${LEAST_BUILD}) o posterior. No se instaló nada."
!insertmacro Text NotAdmin "Execute o instalador como administrador. Nada foi instalado." "Run the installer as administrator. Nothing was installed." "Ejecute el instalador como administrador. No se instaló nada."
!insertmacro Text Running "O assistente está aberto nesta máquina, talvez na sessão de outro usuário. Feche-o e tente de novo." "The wizard is open on this machine, maybe in the session of another user. Close it and try again." "El asistente está abierto en esta máquina, quizás en la sesión de otro usuario. Ciérrelo e intente de nuevo."
!insertmacro Text NoSpace "Faltam ${NEED_MB} MB livres na unidade de destino. Libere espaço ou escolha outra pasta." "${NEED_MB} MB of free space are needed on the target drive. Free some or choose another folder." "Faltan ${NEED_MB} MB libres en la unidad de destino. Libere espacio o elija otra carpeta."
!insertmacro Text Newer "Já está instalada uma versão mais nova. Desinstale-a antes, se quer mesmo voltar; os perfis ficam." "A newer version is installed. Remove it first if you really want to go back; profiles stay." "Ya está instalada una versión más nueva. Desinstálela antes si realmente quiere volver; los perfiles se conservan."
!insertmacro Text OldStays "A versão anterior não pôde ser removida. Desinstale-a no Painel de Controle e tente de novo; os perfis ficam." "The older version could not be removed. Remove it in the Control Panel and try again; profiles stay." "La versión anterior no se pudo quitar. Desinstálela en el Panel de control e intente de nuevo; los perfiles se conservan."
!insertmacro Text StepFailed "O programa foi copiado, mas as pastas de dados não puderam ser preparadas: $1" "The program was copied, but the data folders could not be prepared: $1" "El programa se copió, pero no se pudieron preparar las carpetas de datos: $1"
!insertmacro Text AskPurge "Apagar também os perfis, as senhas da máquina e os logs? Não há como desfazer." "Delete profiles, machine passwords and logs too? This cannot be undone." "¿Borrar también los perfiles, las contraseñas de la máquina y los logs? No se puede deshacer."

Var Old
Var WantsPath
Var Engines

!macro Refuse CODE TEXT
  MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend

; A file that a process has loaded cannot be opened for writing: whoever runs the program has this one loaded.
!macro NeedNotRunning FOLDER
  ${If} ${FileExists} "${FOLDER}\runtime\python311.dll"
    ClearErrors
    FileOpen $R9 "${FOLDER}\runtime\python311.dll" a
    ${If} ${Errors}
      !insertmacro Refuse 4 "$(Running)"
    ${EndIf}
    FileClose $R9
  ${EndIf}
!macroend

!macro NeedAdministrator
  UserInfo::GetAccountType
  Pop $R9
  ${If} $R9 != "Admin"
    !insertmacro Refuse 5 "$(NotAdmin)"
  ${EndIf}
!macroend

Section "$(MainPart)" MainSection
  SectionIn RO
  ${GetRoot} "$INSTDIR" $R0
  ${DriveSpace} "$R0\" "/D=F /S=M" $R1
  ${If} $R1 < ${NEED_MB}
    !insertmacro Refuse 6 "$(NoSpace)"
  ${EndIf}
  !insertmacro NeedNotRunning "$INSTDIR"

  ${If} $Old != ""
    ; _?= keeps it where it is, so that it can be waited for; then it cannot delete itself.
    ExecWait '"$Old\uninstall.exe" /S /UPGRADE _?=$Old' $R0
    ${If} $R0 <> 0
      !insertmacro Refuse 9 "$(OldStays)"
    ${EndIf}
    Delete "$Old\uninstall.exe"
    RMDir "$Old"
  ${EndIf}

  !include "${LISTS}/install.nsh"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  WriteRegStr HKLM "${OWN_KEY}" "InstallDir" "$INSTDIR"
  WriteRegStr HKLM "${OWN_KEY}" "Version" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayName" "$(ProductTitle)"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\aps-wizard.exe"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "EstimatedSize" ${NEED_KB}
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoRepair" 1

  ; Offered under "Open with": a profile is YAML, and .yaml files belong to nobody in particular.
  WriteRegStr HKLM "${FILE_KEY}" "" "$(ProfileType)"
  WriteRegStr HKLM "${FILE_KEY}\DefaultIcon" "" "$INSTDIR\aps-wizard.exe,0"
  WriteRegStr HKLM "${FILE_KEY}\shell\open" "" "$(OpenProfile)"
  WriteRegStr HKLM "${FILE_KEY}\shell\open\command" "" '"$INSTDIR\aps-wizard.exe" --profile "%1"'
  WriteRegStr HKLM "Software\Classes\.yaml\OpenWithProgids" "aps-wizard.profile" ""

  ; Windows' own EventCreate.exe holds texts for the numbers 1 to 1000.
  WriteRegExpandStr HKLM "${EVENT_KEY}" "EventMessageFile" "%SystemRoot%\System32\EventCreate.exe"
  WriteRegDWORD HKLM "${EVENT_KEY}" "TypesSupported" 7

  CreateDirectory "${START_MENU}"
  SetOutPath "$PROFILE"
  CreateShortcut "${START_MENU}\$(ProductTitle).lnk" "$INSTDIR\aps-wizard.exe"
  CreateShortcut "${START_MENU}\$(DemoEntry).lnk" "$INSTDIR\aps-wizard.exe" "demo --gui"
  CreateShortcut "${START_MENU}\$(ConsoleEntry).lnk" "$SYSDIR\cmd.exe" '/k ""$INSTDIR\aps-wizard-cli.exe" --help"' "$INSTDIR\aps-wizard-cli.exe"
  SetOutPath "$INSTDIR"

  StrCpy $R0 ""
  ${If} $Engines != ""
    StrCpy $R0 '--engines "$Engines"'
  ${EndIf}
  nsExec::ExecToStack '"$INSTDIR\runtime\python.exe" "$INSTDIR\runtime\on_machine.py" install $R0'
  Pop $0
  Pop $1
  ${If} $0 != 0
    !insertmacro Refuse 8 "$(StepFailed)"
  ${EndIf}
SectionEnd

Section /o "$(PathPart)" PathSection
  nsExec::ExecToStack '"$INSTDIR\runtime\python.exe" "$INSTDIR\runtime\on_machine.py" install --path "$INSTDIR"'
  Pop $0
  Pop $1
  ${If} $0 != 0
    !insertmacro Refuse 8 "$(StepFailed)"
  ${EndIf}
  WriteRegDWORD HKLM "${OWN_KEY}" "InPath" 1
SectionEnd

Function .onInit
  SetRegView 64
  SetShellVarContext all
  ${IfNot} ${RunningX64}
    !insertmacro Refuse 3 "$(Not64)"
  ${EndIf}
  ${IfNot} ${AtLeastBuild} ${LEAST_BUILD}
    !insertmacro Refuse 3 "$(TooOld)"
  ${EndIf}
  !insertmacro NeedAdministrator

  ReadRegStr $Old HKLM "${OWN_KEY}" "InstallDir"
  ${IfNot} ${FileExists} "$Old\uninstall.exe"
    StrCpy $Old ""
  ${EndIf}
  ${If} $Old != ""
    ReadRegStr $R0 HKLM "${OWN_KEY}" "Version"
    ${VersionCompare} "$R0" "${VERSION}" $R1
    ${If} $R1 == 1
      !insertmacro Refuse 7 "$(Newer)"
    ${EndIf}
    !insertmacro NeedNotRunning "$Old"
    ReadRegDWORD $WantsPath HKLM "${OWN_KEY}" "InPath"
  ${EndIf}

  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/ENGINES=" $Engines
  ${If} ${Errors}
    ; As PowerShell writes a word with a blank in it: in quotes as a whole.
    ClearErrors
    ${WordFind2X} $R0 '"/ENGINES=' '"' "E+1" $Engines
  ${EndIf}
  ${If} ${Errors}
    StrCpy $Engines ""
  ${EndIf}
  ClearErrors
  ${GetOptions} $R0 "/PATH" $R1
  ${IfNot} ${Errors}
    StrCpy $WantsPath 1
  ${EndIf}
  ${If} $WantsPath == 1
    !insertmacro SelectSection ${PathSection}
  ${EndIf}
  ClearErrors
  !insertmacro MUI_LANGDLL_DISPLAY
FunctionEnd

Function OpenDemo
  SetOutPath "$PROFILE"
  Exec '"$INSTDIR\aps-wizard.exe" demo --gui'
FunctionEnd

Section "Uninstall"
  SetRegView 64
  SetShellVarContext all
  !insertmacro NeedNotRunning "$INSTDIR"

  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/UPGRADE" $R1
  ${If} ${Errors}
    ; The answer in silence is no: only /PURGE deletes what people made.
    ClearErrors
    ${GetOptions} $R0 "/PURGE" $R1
    ${If} ${Errors}
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(AskPurge)" /SD IDNO IDNO kept
    ${EndIf}
    nsExec::ExecToStack '"$INSTDIR\runtime\python.exe" "$INSTDIR\runtime\on_machine.py" purge'
    Pop $0
    Pop $1
    kept:
  ${EndIf}
  ReadRegDWORD $R1 HKLM "${OWN_KEY}" "InPath"
  ${If} $R1 == 1
    nsExec::ExecToStack '"$INSTDIR\runtime\python.exe" "$INSTDIR\runtime\on_machine.py" remove --path "$INSTDIR"'
    Pop $0
    Pop $1
  ${EndIf}

  SetOutPath "$TEMP"
  ClearErrors
  !include "${LISTS}/remove.nsh"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"

  ; In whichever language they were made.
  !macro RemoveEntry NAME
    Delete "${START_MENU}\${NAME}.lnk"
  !macroend
  !insertmacro RemoveEntry "Assistente de implantação APS x Logix"
  !insertmacro RemoveEntry "APS x Logix implementation wizard"
  !insertmacro RemoveEntry "Asistente de implantación APS x Logix"
  !insertmacro RemoveEntry "Linha de comando"
  !insertmacro RemoveEntry "Command line"
  !insertmacro RemoveEntry "Línea de comandos"
  !insertmacro RemoveEntry "Demonstração"
  !insertmacro RemoveEntry "Demonstration"
  !insertmacro RemoveEntry "Demostración"
  RMDir "${START_MENU}"

  DeleteRegKey HKLM "${UNINSTALL_KEY}"
  DeleteRegKey HKLM "${FILE_KEY}"
  DeleteRegValue HKLM "Software\Classes\.yaml\OpenWithProgids" "aps-wizard.profile"
  DeleteRegKey /ifempty HKLM "Software\Classes\.yaml\OpenWithProgids"
  DeleteRegKey /ifempty HKLM "Software\Classes\.yaml"
  DeleteRegKey HKLM "${EVENT_KEY}"
  DeleteRegKey HKLM "${OWN_KEY}"
SectionEnd

Function un.onInit
  SetRegView 64
  SetShellVarContext all
  !insertmacro NeedAdministrator
  !insertmacro MUI_UNGETLANGUAGE
FunctionEnd
