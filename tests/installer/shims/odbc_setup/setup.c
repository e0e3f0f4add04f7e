/* For the tests: the set-up library of an ODBC driver, with its one function, which makes and removes data sources. */
#include <windows.h>
#include <odbcinst.h>

static const WCHAR *name_in(const WCHAR *attributes)
{
    for (; attributes && *attributes; attributes += lstrlenW(attributes) + 1)
        if (!wcsncmp(attributes, L"DSN=", 4))
            return attributes + 4;
    return NULL;
}

__declspec(dllexport) BOOL INSTAPI ConfigDSNW(HWND parent, WORD request, LPCWSTR driver, LPCWSTR attributes)
{
    const WCHAR *name = name_in(attributes);
    (void)parent;
    if (!name)
        return FALSE;
    if (request == ODBC_REMOVE_DSN)
        return SQLRemoveDSNFromIniW(name);
    return SQLWriteDSNToIniW(name, driver)
        && SQLWritePrivateProfileStringW(name, L"MadeBy", L"the set-up of the driver", L"ODBC.INI");
}
