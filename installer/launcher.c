/* aps-wizard.exe and aps-wizard-cli.exe: start the program with the Python that lies beside them.
 *
 * The arguments go on as they were typed, the exit code comes back, and what is started ends with the launcher,
 * whoever ends it. CONSOLE is defined for the one with a console.
 */
#include <windows.h>
#include <wchar.h>

#ifdef CONSOLE
#define PYTHON L"\\runtime\\python.exe"
#else
#define PYTHON L"\\runtime\\pythonw.exe"
#endif
#define LIMIT 32767 /* the longest command line that Windows takes */
#define NOT_STARTED 120 /* exit code: the program's own end at 3 */

/* A Qt of another program must not lend its plugins. Python's own variables do not count: its ._pth isolates it. */
static const wchar_t *const STRANGERS[] = {L"QT_PLUGIN_PATH", L"QT_QPA_PLATFORM_PLUGIN_PATH", L"QML2_IMPORT_PATH", L"QT_STYLE_OVERRIDE"};

static wchar_t python[LIMIT], line[LIMIT];

static int not_started(const wchar_t *what)
{
#ifdef CONSOLE
    DWORD written;
    char text[1024];
    HANDLE errors = GetStdHandle(STD_ERROR_HANDLE);
    int length = WideCharToMultiByte(CP_UTF8, 0, what, -1, text, sizeof text - 2, NULL, NULL);
    if (length > 0) {
        WriteFile(errors, "aps-wizard: cannot start ", 25, &written, NULL);
        WriteFile(errors, text, (DWORD)length - 1, &written, NULL);
        WriteFile(errors, "\r\n", 2, &written, NULL);
    }
#else
    MessageBoxW(NULL, what, L"aps-wizard: cannot start", MB_ICONERROR | MB_OK);
#endif
    return NOT_STARTED;
}

/* What follows the name of the program, by the rules by which Windows takes a command line apart. */
static const wchar_t *arguments(const wchar_t *typed)
{
    int quoted = 0;
    for (; *typed && (quoted || (*typed != L' ' && *typed != L'\t')); typed++)
        if (*typed == L'"')
            quoted = !quoted;
    while (*typed == L' ' || *typed == L'\t')
        typed++;
    return typed;
}

#ifdef CONSOLE
static BOOL WINAPI let_python_decide(DWORD event)
{
    return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}
#endif

static int start(void)
{
    DWORD length = GetModuleFileNameW(NULL, python, LIMIT - 64);
    wchar_t *end;
    const wchar_t *typed = arguments(GetCommandLineW());
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    STARTUPINFOW how = {0};
    PROCESS_INFORMATION child;
    DWORD code = NOT_STARTED;
    HANDLE job;
    size_t i;

    end = length && length < LIMIT - 64 ? wcsrchr(python, L'\\') : NULL;
    if (!end)
        return not_started(L"runtime");
    wcscpy(end, PYTHON);
    if (wcslen(python) + wcslen(typed) + 32 > LIMIT)
        return not_started(L"a command line this long");
    wcscpy(line, L"\"");
    wcscat(line, python);
    wcscat(line, L"\" -P -m wizard ");
    wcscat(line, typed);
    for (i = 0; i < sizeof STRANGERS / sizeof *STRANGERS; i++)
        SetEnvironmentVariableW(STRANGERS[i], NULL);

    job = CreateJobObjectW(NULL, NULL);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    how.cb = sizeof how;
#ifdef CONSOLE
    SetConsoleCtrlHandler(let_python_decide, TRUE);
    how.dwFlags = STARTF_USESTDHANDLES;
    how.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    how.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    how.hStdError = GetStdHandle(STD_ERROR_HANDLE);
#endif
    if (!CreateProcessW(python, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &how, &child))
        return not_started(python);
    AssignProcessToJobObject(job, child.hProcess);
    ResumeThread(child.hThread);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    return (int)code;
}

#ifdef CONSOLE
int wmain(void)
{
    return start();
}
#else
int WINAPI wWinMain(HINSTANCE self, HINSTANCE none, PWSTR words, int show)
{
    (void)self, (void)none, (void)words, (void)show;
    return start();
}
#endif
